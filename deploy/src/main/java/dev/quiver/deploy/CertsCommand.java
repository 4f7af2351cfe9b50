package dev.quiver.deploy;

import dev.quiver.cluster.security.CertificateAuthority;
import dev.quiver.cluster.security.Role;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `quiver certs`.
@Command(
        name = "certs",
        description =
                "Make the certificates of a cluster: its own authority, and a directory for each"
                        + " node and client with all that it needs. What is there stays.")
final class CertsCommand implements Callable<Integer> {
    private static final char ROLE = '=';

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "certs",
            description = "Where they are (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path out;

    @Option(
            names = "--node",
            paramLabel = "HOST[,HOST...]",
            description = "A machine that runs a scheduler or workers: what others call it.")
    private @Nullable List<String> nodes;

    @Option(
            names = "--client",
            paramLabel = "NAME=ROLE",
            description = "Somebody who connects, as read, submit or admin.")
    private @Nullable List<String> clients;

    @Override
    public Integer call() {
        List<Client> wanted = clients().stream().map(Client::parse).toList();
        var authority = CertificateAuthority.in(out);
        System.out.println("authority: " + out.resolve("ca.pem"));
        for (String names : nodes()) {
            List<String> hosts = Arrays.asList(names.split(",", -1));
            Path folder = authority.node(hosts);
            System.out.printf("node:      %s, to be copied to %s%n", folder, hosts.getFirst());
        }
        for (Client client : wanted) {
            Path folder = authority.client(client.name(), client.role());
            System.out.printf(
                    "client:    %s, to be given to %s (%s)%n",
                    folder, client.name(), client.role().text());
        }
        if (!wanted.isEmpty())
            System.out.println(
                    "clients:   " + authority.clients() + ", to be copied to schedulers");
        System.out.printf(
                "keep %s to yourself: who has it can let anybody in%n", out.resolve("ca-key.pem"));
        return 0;
    }

    private List<String> nodes() {
        return nodes == null ? List.of() : nodes;
    }

    private List<String> clients() {
        return clients == null ? List.of() : clients;
    }

    private record Client(String name, Role role) {
        private static Client parse(String text) {
            int cut = text.indexOf(ROLE);
            if (cut > 0) {
                var role = Role.of(text.substring(cut + 1));
                if (role.isPresent()) return new Client(text.substring(0, cut), role.get());
            }
            throw Complaints.usage(
                    "--client " + text,
                    List.of("roles: " + String.join(", ", Role.texts())),
                    "give a name and a role, such as ada=submit");
        }
    }
}
