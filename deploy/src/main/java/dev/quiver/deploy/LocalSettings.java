package dev.quiver.deploy;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.config.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/// The settings of one call of the command: those of the process, and its options over them.
record LocalSettings(Settings settings) {
    /// Read by sessions, those of a user's program too.
    private static final String QUIET = "quiver.quiet";

    /// Arrow tells about its allocators at each start. Held here, since what is set is lost with
    /// the logger.
    private static final Logger ARROW = Logger.getLogger("org.apache.arrow");

    /// Reads the settings and sets up logging by them.
    ///
    /// @param quiet whether the command line asked for no progress
    static LocalSettings load(boolean quiet) {
        return load(quiet, Map.of(), "");
    }

    /// The same, with other values where nobody set one.
    ///
    /// @param standards by key
    /// @param origin where these are from, for people
    static LocalSettings load(boolean quiet, Map<String, String> standards, String origin) {
        System.setProperty(QUIET, Boolean.toString(quiet));
        Settings process = Settings.ofProcess();
        Settings settings = process;
        for (Settings.Setting setting : process.all()) {
            String standard = standards.get(setting.key().text());
            if (standard != null && setting.origin().equals("default"))
                settings = settings.with(Map.of(setting.key().text(), standard), origin);
        }
        if (quiet) {
            settings = settings.with(Map.of(Settings.Key.PROGRESS.text(), "never"), "--quiet");
        }
        setUpLogging(settings);
        return new LocalSettings(settings);
    }

    /// A session of these settings.
    Session open() {
        return Quiver.local(Options.defaults());
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
                            throw settings.setting(Settings.Key.LOG_LEVEL)
                                    .invalid("one of error, warn, info, debug, trace");
                };
        LogLines.Format format =
                switch (settings.value(Settings.Key.LOG_FORMAT).toLowerCase(Locale.ROOT)) {
                    case "text" -> LogLines.Format.TEXT;
                    case "json" -> LogLines.Format.JSON;
                    default ->
                            throw settings.setting(Settings.Key.LOG_FORMAT)
                                    .invalid("one of text, json");
                };
        Handler handler = handler(settings.setting(Settings.Key.LOG_FILE), format);
        handler.setLevel(level);
        Logger root = LogManager.getLogManager().getLogger("");
        for (Handler before : root.getHandlers()) root.removeHandler(before);
        root.addHandler(handler);
        root.setLevel(level);
        if (level.equals(Level.INFO)) ARROW.setLevel(Level.WARNING);
    }

    private static Handler handler(Settings.Setting file, LogLines.Format format) {
        try {
            return file.value().isEmpty()
                    ? LogLines.toStandardError(format)
                    : LogLines.to(Path.of(file.value()), format);
        } catch (IOException e) {
            throw file.invalid("a file that can be written to; this one can't: " + e);
        }
    }
}
