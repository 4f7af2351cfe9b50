package dev.quiver.notebook;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a failed cell prints: what was thrown and where in the cells, in ten lines at most. The
/// frames of Quiver, the kernel and the JDK are left out.
public final class Traceback {
    private static final int MESSAGE_LINES_MAX = 6;
    private static final int LINE_LENGTH_MAX = 400;
    private static final int FRAMES_MAX = 2;
    private static final int CAUSE_FRAMES_MAX = 1;

    private static final List<String> FOREIGN =
            List.of("dev.quiver.", "java.", "javax.", "jdk.", "sun.", "org.dflib.jjava.");

    private Traceback() {}

    /// The frames that people wrote, the innermost first; where there are none, the innermost of
    /// all.
    ///
    /// @param isCause whether it is shown below another
    public static StackTraceElement[] frames(StackTraceElement[] frames, boolean isCause) {
        int most = isCause ? CAUSE_FRAMES_MAX : FRAMES_MAX;
        var own = new ArrayList<StackTraceElement>();
        for (StackTraceElement frame : frames)
            if (own.size() < most && !isForeign(frame)) own.add(frame);
        return own.isEmpty()
                ? Arrays.copyOf(frames, Math.min(1, frames.length))
                : own.toArray(StackTraceElement[]::new);
    }

    private static boolean isForeign(StackTraceElement frame) {
        return FOREIGN.stream().anyMatch(frame.getClassName()::startsWith);
    }

    /// The first lines of a message, and how to fix it, if that is said.
    ///
    /// @param isCause whether it is shown below another, of whose lines it has one
    public static String message(String message, boolean isCause) {
        int most = isCause ? 1 : MESSAGE_LINES_MAX;
        List<String> lines = message.lines().map(Traceback::cut).toList();
        if (lines.size() <= most) return String.join("\n", lines);
        boolean saysFix = most > 1 && lines.getLast().startsWith("  fix: ");
        int first = saysFix ? most - 1 : most;
        String text = String.join("\n", lines.subList(0, first)) + " …";
        return saysFix ? text + "\n" + lines.getLast() : text;
    }

    /// Whether a message has the first line of its cause's in it, so that this needn't be told.
    public static boolean says(@Nullable String message, @Nullable String cause) {
        if (message == null || cause == null) return cause == null;
        return message.contains(cause.lines().findFirst().orElse(""));
    }

    private static String cut(String line) {
        return line.length() <= LINE_LENGTH_MAX
                ? line
                : line.substring(0, LINE_LENGTH_MAX - 1) + "…";
    }
}
