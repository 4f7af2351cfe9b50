package dev.quiver.error;

import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The line of the user's program that called into Quiver: what an error should point at, and where
/// a step of a query was written.
public final class UserLine {
    private static final Set<String> OURS =
            Set.of(
                    "dev.quiver.client",
                    "dev.quiver.dataframe",
                    "dev.quiver.deploy",
                    "dev.quiver.error",
                    "dev.quiver.notebook",
                    "dev.quiver.pipeline",
                    "dev.quiver.planner",
                    "dev.quiver.scheduler",
                    "dev.quiver.worker");
    private static final StackWalker WALKER = StackWalker.getInstance();

    /// Of the kernel of notebooks, which shows what a cell ends with.
    private static final String KERNEL = "org.dflib.jjava.";

    /// As JShell calls the files of what is typed in: `$JShell$23.java`.
    private static final Pattern SNIPPET = Pattern.compile("\\$JShell\\$(\\d+)[A-Z]*\\.java");

    private static volatile Function<String, Optional<String>> cells = _ -> Optional.empty();

    private UserLine() {}

    /// From now on snippets of JShell are called as people know them.
    ///
    /// @param names gives the name for the number of a snippet, such as `cell [4]`; empty where it
    ///   isn't known, and for the empty text that of the cell that runs
    public static void cells(Function<String, Optional<String>> names) {
        cells = names;
    }

    /// Such as `Job.java:42`; of a shell `#23`, which is JShell's number of the snippet; empty when
    /// there is no line of the user's on the stack, as when a notebook shows what a cell ends with,
    /// and no cell runs.
    public static Optional<String> here() {
        return WALKER.walk(frames ->
                frames.filter(f -> isUsers(f.getClassName()))
                        .findFirst()
                        .map(StackWalker.StackFrame::toStackTraceElement)
                        .map(UserLine::text)
                        .or(() -> cells.apply("")));
    }

    /// Where in the user's program it was thrown.
    public static Optional<String> of(Throwable thrown) {
        for (StackTraceElement frame : thrown.getStackTrace()) {
            if (isUsers(frame.getClassName())) return Optional.of(text(frame));
        }
        return Optional.empty();
    }

    private static String text(StackTraceElement frame) {
        String file = frame.getFileName();
        Matcher snippet = SNIPPET.matcher(file == null ? "" : file);
        if (snippet.matches()) {
            String number = snippet.group(1); // lines are those of a file that nobody has seen
            return cells.apply(number).orElseGet(() -> "#" + number);
        }
        return file == null
                ? frame.getClassName()
                : "%s:%d".formatted(file, Math.max(1, frame.getLineNumber()));
    }

    private static boolean isUsers(String className) {
        if (className.startsWith("java.") || className.startsWith("jdk.")) return false;
        if (className.startsWith(KERNEL)) return false;
        if (!className.startsWith("dev.quiver.")) return true;
        if (className.endsWith("Test") || className.contains("Test$")) return true;
        return OURS.stream().noneMatch(className::startsWith);
    }
}
