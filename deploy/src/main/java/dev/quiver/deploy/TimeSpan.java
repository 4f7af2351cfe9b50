package dev.quiver.deploy;

import dev.quiver.error.QuiverException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A time span as people write it: `90s`, `5m`, `12h`, or a number of seconds.
final class TimeSpan {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,8})(ms|s|m|h|d)?");

    private TimeSpan() {}

    /// @param what is given it, such as `--timeout`
    /// @throws QuiverException USAGE_INVALID when it is none
    static Duration parse(String what, String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches())
            throw Complaints.usage(
                    "%s is '%s'".formatted(what, text),
                    List.of(),
                    "give a number with its unit, such as 90s, 5m or 12h");
        long number = Long.parseLong(matcher.group(1));
        return switch (String.valueOf(matcher.group(2))) {
            case "ms" -> Duration.ofMillis(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "d" -> Duration.ofDays(number);
            default -> Duration.ofSeconds(number);
        };
    }
}
