package dev.quiver.deploy;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How many workers a cluster has: `3`, or `1..4` for as many of these as there is work for.
///
/// @param target in which what waits is to be done
record WorkerCount(int min, int max, Duration target) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,5})(?:\\.\\.(\\d{1,5}))?");
    private static final Duration TARGET_DEFAULT = Duration.ofSeconds(5);

    /// @param option by which it was given
    /// @param target as it was given; null when it wasn't
    /// @throws dev.quiver.error.QuiverException USAGE_INVALID when it is none
    static WorkerCount parse(String option, String text, @Nullable String target) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) throw wrong(option, text);
        int min = Integer.parseInt(matcher.group(1));
        String most = matcher.group(2);
        int max = most == null ? min : Integer.parseInt(most);
        if (max < Math.max(1, min)) throw wrong(option, text);
        var count = new WorkerCount(min, max, target(target));
        if (count.isFixed() && target != null)
            throw Complaints.usage(
                    "--target, and always %d workers".formatted(max),
                    List.of(),
                    "give the least and the most of them, such as %s 1..%d"
                            .formatted(option, Math.max(2, max)));
        return count;
    }

    private static Duration target(@Nullable String text) {
        if (text == null) return TARGET_DEFAULT;
        Duration target = TimeSpan.parse("--target", text);
        if (target.isZero())
            throw Complaints.usage(
                    "--target " + text, List.of(), "give a time, such as 5s: nothing takes none");
        return target;
    }

    private static RuntimeException wrong(String option, String text) {
        return Complaints.usage(
                option + " " + text,
                List.of(),
                "give a number of at least 1, or the least and the most, such as 1..4");
    }

    boolean isFixed() {
        return min == max;
    }

    /// As a person says it.
    @Override
    public String toString() {
        return isFixed() ? "" + min : "%d to %d".formatted(min, max);
    }
}
