package dev.quiver.cluster.node;

import dev.quiver.cluster.security.ClientList;
import dev.quiver.cluster.security.Credentials;
import dev.quiver.cluster.security.Tls;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;

/// Which addresses a node may listen on: those that other machines reach only when it is encrypted
/// who speaks there, and proven.
final class Binding {
    private Binding() {}

    /// @throws QuiverException UNSUPPORTED for an address that other machines reach without
    ///   encryption; CONFIG_INVALID when the certificate isn't a node's of that name
    static void requireWorker(String host, Credentials credentials) {
        InetAddress address = address(host);
        switch (credentials) {
            case Credentials.None _ -> {
                if (!address.isLoopbackAddress())
                    throw reachable(
                            host,
                            "whoever reaches it could run code",
                            "make certificates with 'quiver certs --node %s', and set"
                                            .formatted(host)
                                    + " cluster.tls.ca, cluster.tls.certificate and"
                                    + " cluster.tls.key; or listen on 127.0.0.1");
            }
            case Credentials.Encrypted(var tls, _, _) -> tls.requireNode(host);
        }
    }

    /// The same for a scheduler, where clients connect.
    ///
    /// @return who may connect
    static ClientList requireScheduler(String host, Credentials credentials) {
        requireWorker(host, credentials);
        if (!(credentials instanceof Credentials.Encrypted(Tls _, _, var clients)))
            return ClientList.EMPTY;
        if (!clients.isEmpty()) return ClientList.read(Path.of(clients));
        if (address(host).isLoopbackAddress()) return ClientList.EMPTY;
        throw reachable(
                host,
                "it isn't said who may connect",
                "set cluster.clients to the list of clients and their tokens, which 'quiver certs"
                        + " --client NAME=ROLE' makes");
    }

    private static InetAddress address(String host) {
        InetAddress address;
        try {
            address = InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "there is no host '%s'".formatted(host),
                    List.of(),
                    "name an address of this machine, such as 127.0.0.1",
                    e);
        }
        if (!address.isAnyLocalAddress()) return address;
        throw new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "'%s' is no address that others could call".formatted(host),
                List.of(),
                "name the one at which the other machines reach this one");
    }

    private static QuiverException reachable(String host, String why, String fix) {
        return new QuiverException(
                ErrorCode.UNSUPPORTED,
                "'%s' can be reached from other machines, and %s".formatted(host, why),
                List.of(),
                fix);
    }
}
