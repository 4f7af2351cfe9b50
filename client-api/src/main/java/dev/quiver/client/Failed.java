package dev.quiver.client;

import dev.quiver.error.Cancelled;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.MemoryRefused;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TaskFailed;
import dev.quiver.error.UserLine;
import dev.quiver.graph.TaskKey;
import dev.quiver.protocol.Failure;
import dev.quiver.protocol.Failure.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How a task ended that has no result.
///
/// @param origin the task whose failure it is: itself or one that it needs
/// @param thrown what the user's code threw there
record Failed(TaskKey task, Failure failure, TaskKey origin, Optional<Throwable> thrown) {
    /// What someone is told who wants the result; a new one each time, since each has a line of his
    /// own.
    QuiverException exception() {
        Throwable cause = thrown.orElse(null);
        return switch (failure.kind()) {
            case CANCELLED -> new Cancelled(what("was cancelled"), where(), "", cause);
            case TIMEOUT ->
                    new QuiverException(
                            ErrorCode.TIMEOUT,
                            what("ran past its timeout"),
                            where(),
                            "give it more time with options().timeout(…), or less to do",
                            cause);
            case OUT_OF_MEMORY ->
                    new MemoryRefused(
                            what("ran out of memory"),
                            where(),
                            (cause instanceof OutOfMemoryError
                                            ? "give the JVM more heap with -Xmx"
                                            : "give the session more with"
                                                    + " Options.defaults().memory(…)")
                                    + ", or the task less to hold",
                            cause);
            case USER_ERROR, PERMANENT, WORKER_LOST, INPUT_FAILED ->
                    new TaskFailed(what("failed"), where(), fix(), cause);
        };
    }

    private String what(String end) {
        if (!origin.equals(task))
            return "task %s has no result, because task %s, which it needs, failed: %s"
                    .formatted(task, origin, failure.message());
        if (thrown.orElse(null) instanceof QuiverException inner)
            return "task %s failed: %s (%s)".formatted(task, inner.what(), inner.code());
        if (failure.kind() == Kind.TIMEOUT) return "task %s %s".formatted(task, failure.message());
        return thrown.isPresent()
                ? "task %s threw %s".formatted(task, firstLine(failure.message()))
                : "task %s %s: %s".formatted(task, end, failure.message());
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }

    private List<String> where() {
        var lines = new ArrayList<String>();
        if (thrown.orElse(null) instanceof QuiverException inner) lines.addAll(inner.where());
        thrown.flatMap(UserLine::of).ifPresent(line -> lines.add("thrown at: " + line));
        UserLine.here().ifPresent(line -> lines.add("asked for at: " + line));
        return lines;
    }

    private String fix() {
        if (thrown.orElse(null) instanceof QuiverException inner && !inner.fix().isEmpty())
            return inner.fix();
        return "mend the task (the cause has the stack), or let it try again with"
                + " options().retries(n); future.story() tells what happened";
    }
}
