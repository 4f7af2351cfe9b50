package dev.quiver.cluster.node;

import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.security.Credentials;
import dev.quiver.cluster.security.TlsProbe;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/// Why no scheduler answers at an address, as far as that can be told from here.
record ConnectionFailure(SchedulerAddress address, Credentials credentials) {
    /// What to throw.
    QuiverException of(Throwable thrown) {
        List<Throwable> causes =
                Stream.iterate(thrown, Objects::nonNull, Throwable::getCause).toList();
        Throwable root = causes.getLast();
        boolean encryption = causes.stream().anyMatch(SSLException.class::isInstance);
        String reason = root.getMessage() == null ? root.toString() : root.getMessage();
        return switch (credentials) {
            case Credentials.Encrypted _ when encryption -> insecure(reason, thrown);
            case Credentials.None _ when TlsProbe.isEncrypted(address.host(), address.port()) ->
                    denied(
                            "the scheduler at %s speaks TLS, and this process doesn't"
                                    .formatted(address),
                            reason,
                            "set cluster.tls.ca to the certificate of the cluster's authority,"
                                    + " ca.pem, and cluster.token.file to your token",
                            thrown);
            case Credentials.Encrypted _, Credentials.None _ ->
                    new Unavailable(
                            "no scheduler answers at " + address,
                            List.of("because: " + reason),
                            "see that it runs ('quiver scheduler') and that its port can be"
                                    + " reached from here",
                            thrown);
        };
    }

    private QuiverException insecure(String reason, Throwable thrown) {
        String words = reason.toLowerCase(Locale.ROOT);
        if (words.contains("not an ssl/tls record"))
            return denied(
                    "what answers at %s speaks no TLS".formatted(address),
                    reason,
                    "start the scheduler with cluster.tls.ca, cluster.tls.certificate and"
                            + " cluster.tls.key; or unset cluster.tls.ca here, for a scheduler of"
                            + " this machine",
                    thrown);
        if (words.contains("subject alternative") || words.contains("no name matching"))
            return denied(
                    "the certificate of the scheduler at %s isn't one for '%s'"
                            .formatted(address, address.host()),
                    reason,
                    "use the name that its certificate has, or make one with 'quiver certs"
                            + " --node' that has this name, too",
                    thrown);
        if (words.contains("fatal alert"))
            return denied(
                    "the scheduler at %s doesn't believe the certificate of this process"
                            .formatted(address),
                    reason,
                    "use certificates of the scheduler's own authority, which haven't expired",
                    thrown);
        return denied(
                "the certificate of the scheduler at %s isn't believed here".formatted(address),
                reason,
                "set cluster.tls.ca to the certificate of the scheduler's own authority",
                thrown);
    }

    private static QuiverException denied(String what, String reason, String fix, Throwable cause) {
        return new QuiverException(
                ErrorCode.ACCESS_DENIED, what, List.of("because: " + reason), fix, cause);
    }
}
