package dev.quiver.cluster.security;

import dev.quiver.config.Settings;
import dev.quiver.config.Settings.Key;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a process shows to the others of a cluster, and by what it believes them.
public sealed interface Credentials {
    Credentials NONE = new None();

    /// Nothing, over connections that others on the machine may read: for loopback alone.
    record None() implements Credentials {}

    /// @param tls encrypts all connections
    /// @param token of a client; empty when there is none
    /// @param clients the file of those who may connect, for schedulers; empty when there is none
    record Encrypted(Tls tls, String token, String clients) implements Credentials {}

    /// Those that are set.
    ///
    /// @throws QuiverException CONFIG_INVALID when they make no sense, or a file isn't what it
    ///   should be
    static Credentials of(Settings settings) {
        String ca = settings.value(Key.CLUSTER_TLS_CA);
        String certificate = settings.value(Key.CLUSTER_TLS_CERTIFICATE);
        String key = settings.value(Key.CLUSTER_TLS_KEY);
        if (ca.isEmpty()) {
            for (Key other :
                    List.of(
                            Key.CLUSTER_TLS_CERTIFICATE,
                            Key.CLUSTER_TLS_KEY,
                            Key.CLUSTER_CLIENTS,
                            Key.CLUSTER_TOKEN,
                            Key.CLUSTER_TOKEN_FILE)) requireEmpty(settings.setting(other));
            return NONE;
        }
        if (certificate.isEmpty() != key.isEmpty())
            throw new QuiverException(
                    ErrorCode.CONFIG_INVALID,
                    "%s is set, and %s isn't"
                            .formatted(
                                    key.isEmpty() ? "cluster.tls.certificate" : "cluster.tls.key",
                                    key.isEmpty() ? "cluster.tls.key" : "cluster.tls.certificate"),
                    List.of(),
                    "set both, or neither");
        Tls tls =
                key.isEmpty()
                        ? Tls.of(Path.of(ca))
                        : Tls.of(Path.of(ca), Path.of(certificate), Path.of(key));
        return new Encrypted(tls, token(settings), settings.value(Key.CLUSTER_CLIENTS));
    }

    private static void requireEmpty(Settings.Setting setting) {
        if (setting.value().isEmpty()) return;
        throw new QuiverException(
                ErrorCode.CONFIG_INVALID,
                "%s is set, and cluster.tls.ca isn't".formatted(setting.key().text()),
                List.of("set in: " + setting.origin()),
                "set cluster.tls.ca, too: nothing is proven over connections that aren't"
                        + " encrypted");
    }

    private static String token(Settings settings) {
        String token = settings.value(Key.CLUSTER_TOKEN);
        String file = settings.value(Key.CLUSTER_TOKEN_FILE);
        if (!token.isEmpty() || file.isEmpty()) return token.strip();
        return OwnerFile.read(Path.of(file), "the token").strip();
    }

    /// The same settings as variables of the environment, for a process that starts in another
    /// directory and has no token.
    static Map<String, String> variables(Settings settings) {
        var variables = new LinkedHashMap<String, String>();
        for (Key key :
                List.of(Key.CLUSTER_TLS_CA, Key.CLUSTER_TLS_CERTIFICATE, Key.CLUSTER_TLS_KEY)) {
            String file = settings.value(key);
            if (!file.isEmpty())
                variables.put(key.variable(), Path.of(file).toAbsolutePath().toString());
        }
        return variables;
    }
}
