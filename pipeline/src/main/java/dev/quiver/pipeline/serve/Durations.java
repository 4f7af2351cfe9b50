package dev.quiver.pipeline.serve;

import java.time.Duration;
import java.util.Locale;

/// Times as people say them.
final class Durations {
    private Durations() {}

    /// Such as `5 s`, `1.5 s`, `10 min`, `2 h` or `1 d`.
    static String text(Duration duration) {
        long seconds = duration.toSeconds();
        boolean isWhole = duration.equals(Duration.ofSeconds(seconds));
        if (isWhole && seconds >= 86_400 && seconds % 86_400 == 0) return seconds / 86_400 + " d";
        if (isWhole && seconds >= 3_600 && seconds % 3_600 == 0) return seconds / 3_600 + " h";
        if (isWhole && seconds >= 60 && seconds % 60 == 0) return seconds / 60 + " min";
        if (isWhole) return seconds + " s";
        return String.format(Locale.ROOT, "%.1f s", duration.toNanos() / 1e9);
    }
}
