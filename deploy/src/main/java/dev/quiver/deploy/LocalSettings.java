package dev.quiver.deploy;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.config.Settings;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.logging.FileHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// The settings of one call of the command: defaults, `quiver.yaml` of the working directory,
/// variables `QUIVER_…`, options.
record LocalSettings(Settings settings) {
    private static final String FILE = "quiver.yaml";

    /// Reads the settings and sets up logging by them.
    ///
    /// @param quiet whether the command line asked for no progress
    static LocalSettings load(boolean quiet) {
        Settings settings = read(Path.of(FILE)).withEnvironment(System.getenv());
        if (quiet) {
            settings = settings.with(Map.of(Settings.Key.PROGRESS.text(), "never"), "--quiet");
        }
        setUpLogging(settings);
        return new LocalSettings(settings);
    }

    /// The defaults with the settings of a file over them, where there is one.
    static Settings read(Path file) {
        if (!Files.exists(file)) return Settings.defaults();
        try {
            var loader = new Load(LoadSettings.builder().setLabel(file.toString()).build());
            var entries = new LinkedHashMap<String, String>();
            flatten("", loader.loadFromString(Files.readString(file)), entries);
            return Settings.defaults().with(entries, String.valueOf(file.getFileName()));
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        } catch (YamlEngineException e) {
            throw new QuiverException(
                    ErrorCode.CONFIG_INVALID,
                    "can't read " + file,
                    List.of("cause: " + String.valueOf(e.getMessage()).replaceAll("\\s+", " ")),
                    "write it as YAML, a setting a line: 'memory: 8GB'",
                    e);
        }
    }

    /// A session of these settings.
    Session open() {
        Options options = Options.defaults();
        String slots = settings.value(Settings.Key.SLOTS);
        if (!slots.equals("auto")) options = options.slots(number(Settings.Key.SLOTS));
        String memory = settings.value(Settings.Key.MEMORY);
        if (!memory.equals("auto")) options = options.memory(memory);
        String progress = settings.value(Settings.Key.PROGRESS);
        if (progress.equals("never")) options = options.quiet();
        return Quiver.local(options);
    }

    private int number(Settings.Key key) {
        String value = settings.value(key);
        if (value.matches("\\d{1,9}")) return Integer.parseInt(value);
        throw invalid(key, "a whole number or auto");
    }

    private QuiverException invalid(Settings.Key key, String wanted) {
        Settings.Setting setting = settings.setting(key);
        return invalid(setting, wanted);
    }

    private static QuiverException invalid(Settings.Setting setting, String wanted) {
        return new QuiverException(
                ErrorCode.CONFIG_INVALID,
                "%s is '%s'".formatted(setting.key().text(), setting.value()),
                List.of("set in: " + setting.origin()),
                "give it " + wanted);
    }

    private static void flatten(String prefix, Object value, Map<String, String> entries) {
        switch (value) {
            case null -> {
                if (!prefix.isEmpty()) entries.put(prefix, "");
            }
            case Map<?, ?> map ->
                    map.forEach((key, inner) -> {
                        String name = prefix.isEmpty() ? "" + key : prefix + "." + key;
                        if (inner == null) {
                            entries.put(name, "");
                        } else {
                            flatten(name, inner, entries);
                        }
                    });
            default -> entries.put(prefix, value.toString());
        }
    }

    private static void setUpLogging(Settings settings) {
        Level level =
                switch (settings.value(Settings.Key.LOG_LEVEL).toLowerCase(Locale.ROOT)) {
                    case "error" -> Level.SEVERE;
                    case "warn" -> Level.WARNING;
                    case "info" -> Level.INFO;
                    case "debug" -> Level.FINE;
                    case "trace" -> Level.FINEST;
                    default ->
                            throw invalid(
                                    settings.setting(Settings.Key.LOG_LEVEL),
                                    "one of error, warn, info, debug, trace");
                };
        Logger root = LogManager.getLogManager().getLogger("");
        String file = settings.value(Settings.Key.LOG_FILE);
        if (!file.isEmpty()) {
            for (Handler handler : root.getHandlers()) root.removeHandler(handler);
            root.addHandler(handler(settings.setting(Settings.Key.LOG_FILE)));
        }
        root.setLevel(level);
        for (Handler handler : root.getHandlers()) handler.setLevel(level);
    }

    private static Handler handler(Settings.Setting setting) {
        try {
            var handler = new FileHandler(setting.value().replace("%", "%%"), true);
            handler.setFormatter(new SimpleFormatter());
            return handler;
        } catch (IOException e) {
            throw invalid(setting, "a file that can be written: " + e.getMessage());
        }
    }
}
