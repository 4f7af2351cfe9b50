package dev.quiver.client;

import dev.quiver.columnar.memory.ByteSize;
import dev.quiver.config.Settings;
import dev.quiver.error.QuiverException;
import dev.quiver.scheduler.server.RunHistory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// Which sessions are kept for reading after they have ended, and where.
///
/// @param when which ones
/// @param history where, and how much
public record HistorySettings(When when, RunHistory history) {
    private static final int DAYS_MAX = 36_500;

    /// Which sessions are kept.
    public enum When {
        /// Those whose dashboard a person was told of.
        AUTO,
        ALWAYS,
        NEVER
    }

    /// Nothing is kept; what others left at the usual place can be read.
    public static HistorySettings never() {
        return of(Settings.defaults().with(Map.of(Settings.Key.HISTORY.text(), "never"), "never"));
    }

    /// As the settings say.
    ///
    /// @throws QuiverException CONFIG_INVALID when they can't be understood
    public static HistorySettings of(Settings settings) {
        Settings.Setting kept = settings.setting(Settings.Key.HISTORY);
        When when =
                switch (kept.value()) {
                    case "auto" -> When.AUTO;
                    case "always" -> When.ALWAYS;
                    case "never" -> When.NEVER;
                    default -> throw kept.invalid("auto, always or never");
                };
        String named = settings.value(Settings.Key.HISTORY_DIRECTORY);
        Path directory =
                named.isEmpty()
                        ? Path.of(System.getProperty("user.home"), ".quiver", "runs")
                        : Path.of(named);
        Settings.Setting days = settings.setting(Settings.Key.HISTORY_DAYS);
        String wanted = "a whole number of days from 1 to %,d".formatted(DAYS_MAX);
        int number = days.number(wanted);
        if (number < 1 || number > DAYS_MAX) throw days.invalid(wanted);
        Settings.Setting limit = settings.setting(Settings.Key.HISTORY_LIMIT);
        try {
            long bytes = ByteSize.parse(limit.value());
            return new HistorySettings(
                    when,
                    new RunHistory(directory.toAbsolutePath(), Duration.ofDays(number), bytes));
        } catch (QuiverException e) {
            throw limit.invalid("a size such as 500MB or 1GB", e);
        }
    }
}
