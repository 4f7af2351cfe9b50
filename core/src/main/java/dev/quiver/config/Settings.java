package dev.quiver.config;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.NearestName;
import dev.quiver.error.QuiverException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The settings that hold where code says nothing else, each with the place that it came from.
///
/// Layers, the later ones win: defaults, `quiver.yaml`, environment variables (`QUIVER_MEMORY` for
/// `memory`), code. An unknown key is an error that names the nearest one, because a misspelt
/// setting that is ignored is worse than none.
///
/// ```java
/// Settings settings = Settings.ofProcess();          // what `quiver config` shows
/// String memory = settings.value(Settings.Key.MEMORY);
/// ```
public final class Settings {
    /// What can be set.
    public enum Key {
        SLOTS("slots", "auto", "threads that run tasks; auto is one a core"),
        MEMORY("memory", "auto", "budget of counted memory, such as 8GB; auto is 70 % of it"),
        SPILL_DIRECTORY("spill.directory", "", "where there is no memory for; empty is temporary"),
        SPILL_LIMIT("spill.limit", "auto", "how much it may hold; auto is 90 % of what is free"),
        SPILL_COMPRESSION(
                "spill.compression", "none", "none, or zstd for disks that are the limit"),
        PROGRESS("progress", "auto", "progress of long runs: auto or never"),
        DASHBOARD("dashboard", "auto", "long runs on a terminal tell where it is: auto or never"),
        HISTORY("history", "auto", "what sessions did is kept for reading: auto, always or never"),
        HISTORY_DIRECTORY("history.directory", "", "where it is kept; empty is ~/.quiver/runs"),
        HISTORY_DAYS("history.days", "30", "older runs go"),
        HISTORY_LIMIT("history.limit", "1GB", "of all runs; the oldest go first"),
        CLUSTER_ADDRESS("cluster.address", "", "scheduler of Quiver.connect(); empty is none"),
        CLUSTER_LEASE("cluster.lease", "60", "seconds that a cluster waits for a lost session"),
        CLUSTER_SHARE("cluster.share", "1", "weight of a session beside others, from 1 to 1000"),
        CLUSTER_SPECULATION("cluster.speculation", "false", "stragglers run a second time"),
        CLUSTER_PRINTS("cluster.prints", "true", "what tasks print is shown at the client"),
        CLUSTER_HOST("cluster.host", "127.0.0.1", "address that schedulers and workers listen on"),
        CLUSTER_TLS_CA("cluster.tls.ca", "", "certificate of the cluster's authority, a PEM file"),
        CLUSTER_TLS_CERTIFICATE("cluster.tls.certificate", "", "own certificate, a PEM file"),
        CLUSTER_TLS_KEY("cluster.tls.key", "", "its private key, a PEM file of its owner alone"),
        CLUSTER_CLIENTS("cluster.clients", "", "file of those who may connect to a scheduler"),
        CLUSTER_TOKEN("cluster.token", "", "token of a client, which is shown nowhere"),
        CLUSTER_TOKEN_FILE("cluster.token.file", "", "file that holds the token instead"),
        WORKER_DRAIN("worker.drain", "60s", "time that a worker has to leave after SIGTERM"),
        WORKER_LIFETIME("worker.lifetime", "", "after which a worker is replaced; empty is never"),
        WORKER_LIFETIME_STAGGER(
                "worker.lifetime.stagger", "0s", "up to so much earlier, at random"),
        WORKER_IDLE_TIMEOUT("worker.idle.timeout", "", "unused, it leaves; empty is never"),
        LOG_LEVEL("log.level", "warn", "error, warn, info, debug or trace"),
        LOG_FILE("log.file", "", "file that log lines go to; empty is standard error"),
        LOG_FORMAT("log.format", "text", "text, or json: an object a line"),
        S3_ENDPOINT("s3.endpoint", "", "address of a store that speaks S3; empty is AWS"),
        S3_REGION("s3.region", "", "region of the buckets; empty is that of AWS_REGION"),
        S3_ANONYMOUS("s3.anonymous", "false", "true reads public buckets without credentials"),
        SMTP_HOST("smtp.host", "", "server that takes mail of alerts"),
        SMTP_PORT("smtp.port", "587", "its port"),
        SMTP_SECURITY("smtp.security", "starttls", "starttls, tls or none"),
        SMTP_USER("smtp.user", "", "who it knows; empty is nobody"),
        SMTP_PASSWORD("smtp.password", "", "the user's password, which is shown nowhere"),
        SMTP_FROM("smtp.from", "", "address that mail of alerts is from");

        private final String text;
        private final String standard;
        private final String meaning;

        Key(String text, String standard, String meaning) {
            this.text = text;
            this.standard = standard;
            this.meaning = meaning;
        }

        /// The key as it is written in `quiver.yaml`.
        public String text() {
            return text;
        }

        /// The environment variable that sets it.
        public String variable() {
            return "QUIVER_" + text.toUpperCase(Locale.ROOT).replace('.', '_');
        }

        /// One line for people.
        public String meaning() {
            return meaning;
        }

        private static List<String> texts() {
            return List.of(values()).stream().map(Key::text).toList();
        }
    }

    /// A value and where it came from, such as `default`, `quiver.yaml` or `QUIVER_MEMORY`.
    public record Setting(Key key, String value, String origin) {
        private static final String HIDDEN = "***";
        private static final List<Key> SECRETS = List.of(Key.SMTP_PASSWORD, Key.CLUSTER_TOKEN);

        /// The value as it may be shown: a secret is hidden.
        public String shown() {
            return SECRETS.contains(key) && !value.isEmpty() ? HIDDEN : value;
        }

        @Override
        public String toString() {
            return "%s=%s (%s)".formatted(key.text(), shown(), origin);
        }

        /// Whether the value is true.
        ///
        /// @throws QuiverException (CONFIG_INVALID) when it is neither true nor false
        public boolean truth() {
            return switch (value) {
                case "true" -> true;
                case "false" -> false;
                default -> throw invalid("true or false");
            };
        }

        /// The value as a whole number.
        ///
        /// @param wanted what to write instead, as for [#invalid(String)]
        /// @throws QuiverException (CONFIG_INVALID) when it is none
        public int number(String wanted) {
            try {
                return Integer.parseInt(value);
            } catch (NumberFormatException e) {
                throw invalid(wanted, e);
            }
        }

        /// What to throw when the value can't be used.
        ///
        /// @param wanted what to write instead, such as `a whole number or auto`
        public QuiverException invalid(String wanted) {
            return invalid(wanted, null);
        }

        /// The same, with what told that it can't be used.
        public QuiverException invalid(String wanted, @Nullable Exception cause) {
            return new QuiverException(
                    ErrorCode.CONFIG_INVALID,
                    "%s is '%s'".formatted(key.text(), shown()),
                    List.of("set in: " + origin),
                    "give it " + wanted,
                    cause);
        }
    }

    /// Variables of the environment that begin with QUIVER_ and aren't settings.
    private static final List<String> OTHER_VARIABLES =
            List.of(
                    "QUIVER_JAVA_HOME",
                    "QUIVER_JAVA_SEARCH",
                    "QUIVER_ROOT",
                    "QUIVER_PYTHON",
                    "QUIVER_PEERS_PYTHON");

    private final Map<Key, Setting> values = new LinkedHashMap<>();

    private Settings() {}

    /// The defaults.
    public static Settings defaults() {
        var settings = new Settings();
        for (Key key : Key.values())
            settings.values.put(key, new Setting(key, key.standard, "default"));
        return settings;
    }

    /// The settings of this process: defaults, `quiver.yaml` of the working directory, variables
    /// `QUIVER_…`.
    ///
    /// @throws QuiverException (CONFIG_INVALID) for an unknown key or a file that isn't YAML
    public static Settings ofProcess() {
        return SettingsFile.over(defaults(), SettingsFile.OF_PROCESS)
                .withEnvironment(System.getenv());
    }

    /// These settings with those of a file over them, where there is one.
    ///
    /// @param file YAML: `slots: 4`, or `log:` with `level: info` under it
    /// @throws QuiverException (CONFIG_INVALID) for an unknown key or a file that isn't YAML
    public Settings withFile(Path file) {
        return SettingsFile.over(this, file);
    }

    /// These settings with those of a file over them.
    ///
    /// @param entries keys such as `log.level` and their values
    /// @param origin the file's name
    /// @throws QuiverException (CONFIG_INVALID) for an unknown key
    public Settings with(Map<String, String> entries, String origin) {
        Settings result = copy();
        entries.forEach((text, value) -> {
            Key key = key(text, origin);
            result.values.put(key, new Setting(key, value, origin));
        });
        return result;
    }

    /// These settings with those of the environment over them.
    ///
    /// @throws QuiverException (CONFIG_INVALID) for a variable that begins with QUIVER_ and names
    ///   no setting
    public Settings withEnvironment(Map<String, String> environment) {
        Settings result = copy();
        environment.forEach((name, value) -> {
            if (!name.startsWith("QUIVER_") || OTHER_VARIABLES.contains(name)) return;
            Key key = variable(name);
            result.values.put(key, new Setting(key, value, name));
        });
        return result;
    }

    public String value(Key key) {
        return setting(key).value;
    }

    public Setting setting(Key key) {
        Setting setting = values.get(key);
        if (setting == null) throw new IllegalStateException("no value of " + key);
        return setting;
    }

    /// All settings, in the order of the keys.
    public List<Setting> all() {
        return new ArrayList<>(values.values());
    }

    private Settings copy() {
        var copy = new Settings();
        copy.values.putAll(values);
        return copy;
    }

    private static Key key(String text, String origin) {
        for (Key key : Key.values()) if (key.text.equals(text)) return key;
        throw unknown("unknown setting '%s' in %s".formatted(text, origin), text, Key.texts());
    }

    private static Key variable(String name) {
        for (Key key : Key.values()) if (key.variable().equals(name)) return key;
        throw unknown(
                "unknown setting %s in the environment".formatted(name),
                name,
                List.of(Key.values()).stream().map(Key::variable).toList());
    }

    private static QuiverException unknown(String what, String name, List<String> names) {
        return new QuiverException(
                ErrorCode.CONFIG_INVALID,
                what,
                List.of("has: " + String.join(", ", names)),
                NearestName.of(name, names)
                                .map(nearest -> "did you mean %s? ".formatted(nearest))
                                .orElse("")
                        + "'quiver config' lists every setting and where it came from");
    }
}
