package dev.quiver.scheduler.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a task was found doing: the operator, then the methods that it was in, the innermost last.
record TaskStack(List<String> names) {
    private static final String WORKER = "dev.quiver.worker.";
    private static final Pattern STEP =
            Pattern.compile("dev\\.quiver\\.worker\\.exec\\.(\\w+?)(Step|Sink)\\b.*");
    private static final Pattern FILE = Pattern.compile("dev\\.quiver\\.io\\.(\\w+)\\..*");
    private static final Pattern LAMBDA = Pattern.compile("^lambda\\$(\\w+?)\\$.*");
    private static final Map<String, String> OPERATORS =
            Map.ofEntries(
                    Map.entry("Probe", "join: probe"),
                    Map.entry("Table", "join: build"),
                    Map.entry("Record", "map rows by a function"),
                    Map.entry("Batch", "map batches by a function"),
                    Map.entry("Exchange", "exchange: deal rows out"),
                    Map.entry("Aggregate", "aggregate"),
                    Map.entry("Write", "write files"),
                    Map.entry("TableWrite", "write to a table"),
                    Map.entry("JoinFiles", "join files"),
                    Map.entry("Collect", "collect"),
                    Map.entry("Sort", "sort"),
                    Map.entry("Filter", "filter"),
                    Map.entry("Project", "compute columns"),
                    Map.entry("Gate", "gate"),
                    Map.entry("Limit", "limit"));

    /// A method that was called.
    ///
    /// @param type its class, with the package
    /// @param line −1 when it isn't known
    record Frame(String type, String method, int line) {
        /// Such as `FilterStep.accept:43`, or `Delays.main lambda:14`.
        String name() {
            String simple = type.substring(type.lastIndexOf('.') + 1);
            String called = LAMBDA.matcher(method).replaceFirst("$1 lambda");
            return line < 0
                    ? "%s.%s".formatted(simple, called)
                    : "%s.%s:%d".formatted(simple, called, line);
        }

        /// Whether Java made it to call a lambda, so that it tells nothing.
        boolean isMade() {
            return type.contains("$$Lambda") || type.startsWith("java.lang.invoke.");
        }
    }

    /// Empty when it isn't the stack of a task's thread.
    ///
    /// @param frames the innermost first
    static Optional<TaskStack> of(List<Frame> frames) {
        if (frames.stream().noneMatch(frame -> frame.type().startsWith(WORKER)))
            return Optional.empty();
        int at = operator(frames);
        var names = new ArrayList<String>();
        names.add(at < 0 ? outside(frames) : called(frames.get(at)));
        int outermost = at < 0 ? firstOfWorker(frames) : at;
        for (int i = outermost; i >= 0; i--)
            if (!frames.get(i).isMade()) names.add(frames.get(i).name());
        return Optional.of(new TaskStack(names));
    }

    /// The innermost frame of a step or sink; that of a reader's outermost when there is none.
    private static int operator(List<Frame> frames) {
        int file = -1;
        for (int i = 0; i < frames.size(); i++) {
            String type = frames.get(i).type();
            if (STEP.matcher(type).matches()) return i;
            if (FILE.matcher(type).matches()) file = i;
        }
        return file;
    }

    private static String called(Frame frame) {
        Matcher step = STEP.matcher(frame.type());
        if (step.matches()) return OPERATORS.getOrDefault(step.group(1), step.group(1));
        Matcher file = FILE.matcher(frame.type());
        return file.matches() ? "read " + file.group(1) : frame.type();
    }

    /// What runs in no operator: a function of the user's, or what is around tasks.
    private static String outside(List<Frame> frames) {
        boolean calls = frames.stream().anyMatch(f -> f.type().endsWith(".ObjectEngine"));
        return calls || !frames.getFirst().type().startsWith("dev.quiver.")
                ? "tasks"
                : "around tasks";
    }

    /// The innermost of the worker's: what it called is told.
    private static int firstOfWorker(List<Frame> frames) {
        for (int i = 0; i < frames.size(); i++)
            if (frames.get(i).type().startsWith("dev.quiver.")) return i;
        return frames.size() - 1;
    }
}
