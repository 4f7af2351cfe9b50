package dev.quiver.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What `quiver certs` makes, and a cluster that is started with it.
@Timeout(120)
final class CertsTest {
    @TempDir private Path directory;

    private Spoken certs(String... more) {
        var words = new ArrayList<>(List.of("certs", "--out", directory + "/certs"));
        words.addAll(List.of(more));
        return Spoken.by(words.toArray(String[]::new));
    }

    @Test
    void each_node_and_client_gets_a_directory_that_only_its_owner_reads() throws IOException {
        Spoken first = certs("--node", "w1.example.org,10.0.0.5", "--client", "ada=submit");
        String token = Files.readString(directory.resolve("certs/ada/token"));
        Spoken again = certs("--client", "ada=submit", "--client", "rita=read");

        assertThat(first.err()).isEmpty();
        assertThat(first.out())
                .contains("certs/w1.example.org, to be copied", "ada (submit)", "ca-key.pem");
        assertThat(again.status()).isZero();
        assertThat(Files.readString(directory.resolve("certs/ada/token"))).isEqualTo(token);
        assertThat(Files.readString(directory.resolve("certs/clients")))
                .matches("ada submit sha256:\\p{XDigit}{64}\nrita read sha256:\\p{XDigit}{64}\n")
                .doesNotContain(token.strip());
        try (Stream<Path> files = Files.walk(directory.resolve("certs"))) {
            for (Path file : files.toList())
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .as(file.toString())
                        .endsWith("------");
        }
    }

    @Test
    void what_makes_no_sense_is_told() {
        Spoken role = certs("--client", "ada=owner");
        Spoken host = certs("--node", "w 1");
        certs("--client", "ada=read");
        Spoken other = certs("--client", "ada=admin");

        assertThat(role.err()).contains("roles: read, submit, admin", "ada=submit");
        assertThat(role.status()).isEqualTo(2);
        assertThat(host.err()).contains("'w 1' can't be the name of a node");
        assertThat(other.err()).contains("isn't of the role admin", "delete it");
    }

    @Test
    void where_others_reach_it_a_process_wants_certificates_and_clients() throws Exception {
        String address = nonLoopback();

        Spoken bare = Spoken.by("scheduler", "--host", address);
        Spoken worker = Spoken.by("worker", "--join", "h:1", "--host", address);
        Spoken everywhere = Spoken.by("scheduler", "--host", "0.0.0.0");

        for (Spoken refused : List.of(bare, worker))
            assertThat(refused.err())
                    .contains(
                            "'%s' can be reached from other machines".formatted(address),
                            "quiver certs --node " + address,
                            "cluster.tls.ca");
        assertThat(everywhere.err()).contains("no address that others could call");
        certs("--node", address);
        var environment = tls("certs/" + address);
        assertThat(refusal(environment, "scheduler", "--host", address))
                .contains("it isn't said who may connect", "cluster.clients");
        environment.put("QUIVER_CLUSTER_TOKEN", "x");
        environment.remove("QUIVER_CLUSTER_TLS_CA");
        assertThat(refusal(environment, "status")).contains("and cluster.tls.ca isn't");
    }

    /// An address of this machine that isn't loopback.
    private static String nonLoopback() throws IOException {
        return java.net.NetworkInterface.networkInterfaces()
                .flatMap(each -> each.inetAddresses())
                .filter(each -> !each.isLoopbackAddress() && each instanceof java.net.Inet4Address)
                .map(each -> each.getHostAddress())
                .findFirst()
                .orElse("192.0.2.1");
    }

    private Map<String, String> tls(String folder) {
        var environment = new LinkedHashMap<String, String>();
        environment.put("QUIVER_CLUSTER_TLS_CA", directory + "/" + folder + "/ca.pem");
        environment.put(
                "QUIVER_CLUSTER_TLS_CERTIFICATE", directory + "/" + folder + "/certificate.pem");
        environment.put("QUIVER_CLUSTER_TLS_KEY", directory + "/" + folder + "/key.pem");
        return environment;
    }

    private String refusal(Map<String, String> environment, String... words) throws Exception {
        ProcessBuilder builder = Spoken.process(words).redirectErrorStream(true);
        builder.command().add(1, "--add-opens=java.base/java.nio=ALL-UNNAMED");
        builder.directory(directory.toFile()).environment().putAll(environment);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(said).isNotZero();
        return said;
    }

    private static final String PROGRAM =
            """
            import dev.quiver.client.Quiver;
            import java.util.List;

            class Sum {
                static void main(String[] words) throws Exception {
                    try (var q = Quiver.connect()) {
                        System.out.println(q.gather(q.map(x -> x * x, List.of(1, 2, 3))));
                    }
                }
            }
            """;

    @Test
    @Tag("nightly")
    void a_program_that_was_submitted_to_an_encrypted_cluster_runs_there() throws Exception {
        certs("--node", "n1", "--client", "ada=submit", "--client", "rita=read");
        var node = tls("certs/n1");
        node.put("QUIVER_CLUSTER_CLIENTS", directory + "/certs/clients");
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("@" + Path.of("src/main/jvm/node.options").toAbsolutePath()));
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp"));
        command.add(
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")));
        command.addAll(List.of(QuiverCommand.class.getName(), "cluster", "up"));
        command.addAll(List.of("--workers", "1", "--port", "49786", "--memory", "128MB"));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.directory(directory.toFile()).environment().putAll(node);
        Process cluster = builder.start();
        try {
            String address = read(cluster, Pattern.compile("quiver://[0-9.]+:\\d+"));
            String file = Files.writeString(directory.resolve("Sum.java"), PROGRAM).toString();

            Spoken done = as("ada", "submit", "--to", address, "--wait", file);
            Spoken list = as("rita", "list", "--at", address);
            Spoken refused = as("rita", "submit", "--to", address, file);
            Spoken stranger = Spoken.by("list", "--at", address);

            assertThat(done.out()).as(done.err()).isEqualTo("[1, 4, 9]\n");
            assertThat(list.out()).contains("sum-1  done");
            assertThat(refused.err())
                    .contains("rita may not run anything", "(ACCESS_DENIED)", "fix: use a token");
            assertThat(stranger.err()).contains("speaks TLS, and this process doesn't");
        } finally {
            cluster.descendants().forEach(ProcessHandle::destroyForcibly);
            cluster.destroyForcibly().waitFor();
        }
    }

    private Spoken as(String client, String... words) throws Exception {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("QUIVER_CLUSTER_TLS_CA", directory + "/certs/" + client + "/ca.pem");
        environment.put("QUIVER_CLUSTER_TOKEN_FILE", directory + "/certs/" + client + "/token");
        List<String> command = new ArrayList<>(Spoken.process(words).command());
        command.add(1, "--add-opens=java.base/java.nio=ALL-UNNAMED");
        return Spoken.byProcess(directory, environment, command);
    }

    private static String read(Process process, Pattern wanted) throws IOException {
        var seen = new ArrayList<String>();
        BufferedReader lines = process.inputReader();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            seen.add(line);
            Matcher matcher = wanted.matcher(line);
            if (matcher.find()) return matcher.group();
        }
        throw new AssertionError("never printed: " + wanted + "\n" + String.join("\n", seen));
    }
}
