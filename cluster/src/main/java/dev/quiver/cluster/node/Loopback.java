package dev.quiver.cluster.node;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/// Which addresses a process of the cluster may listen on.
final class Loopback {
    private Loopback() {}

    /// @throws QuiverException UNSUPPORTED for an address that other machines can reach
    static void require(String host) {
        try {
            if (InetAddress.getByName(host).isLoopbackAddress()) return;
        } catch (UnknownHostException e) {
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "there is no host '%s'".formatted(host),
                    List.of(),
                    "name an address of this machine, such as 127.0.0.1",
                    e);
        }
        throw new QuiverException(
                ErrorCode.UNSUPPORTED,
                "'%s' can be reached from other machines".formatted(host),
                List.of("there is no TLS yet: whoever reaches it could run code"),
                "listen on 127.0.0.1");
    }
}
