package dev.quiver.client;

import dev.quiver.error.Cancelled;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.GateFailed;
import dev.quiver.error.MemoryRefused;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TaskFailed;
import dev.quiver.error.TypeMismatch;
import dev.quiver.error.Unavailable;
import dev.quiver.error.UserLine;
import dev.quiver.planner.StageNote;
import dev.quiver.protocol.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the user is told when a query fails: what went wrong in the worker, in which step, and the
/// lines of his that wrote that and asked for all.
final class QueryFailure {
    private static final int STEP_LENGTH_MAX = 60;

    private QueryFailure() {}

    /// @param thrown by the task whose failure it is; null when none threw
    /// @param step in which it threw; empty when it isn't known
    static QuiverException of(
            Failure failure, @Nullable Throwable thrown, Optional<StageNote.Step> step) {
        List<String> steps = step.map(QueryFailure::text).map(List::of).orElse(List.of());
        if (thrown instanceof QuiverException known) return at(known, steps);
        if (thrown instanceof LinkageError) return nativeLibrary(failure, thrown, steps);
        return switch (failure.kind()) {
            case CANCELLED ->
                    new Cancelled(
                            "the query was cancelled: " + failure.message(),
                            where(steps),
                            "run it again when it is wanted");
            case OUT_OF_MEMORY ->
                    new MemoryRefused(
                            "the query ran out of memory: " + failure.message(),
                            where(steps),
                            "give the JVM more heap with -Xmx, or read fewer columns",
                            thrown);
            case WORKER_LOST ->
                    new QuiverException(
                            ErrorCode.TASK_FAILED,
                            "the query failed: " + failure.message(),
                            where(steps),
                            "see why the workers ended, which those say who started them; where"
                                    + " memory ran out, give each worker less of the machine's",
                            thrown);
            case TIMEOUT, USER_ERROR, PERMANENT, INPUT_FAILED ->
                    new QuiverException(
                            ErrorCode.INTERNAL,
                            "the query failed inside Quiver: " + failure.message(),
                            where(steps),
                            "please report this, with the stack of the cause",
                            thrown);
        };
    }

    /// What the scheduler didn't take in.
    static QuiverException refused(String why) {
        return new Unavailable(
                "the query can't run: " + why,
                List.of(),
                "where it reads a published frame, its name was taken away: publish it again; else"
                        + " please report this");
    }

    /// Such as `step: filter dep_delay > 15, at Report.java:42`.
    private static String text(StageNote.Step step) {
        String label = step.label();
        String brief =
                label.length() <= STEP_LENGTH_MAX
                        ? label
                        : label.substring(0, STEP_LENGTH_MAX - 1) + "…";
        return step.origin().isKnown()
                ? "step: %s, at %s".formatted(brief, step.origin().text())
                : "step: " + brief;
    }

    /// A class that can't be linked is one of a codec whose library can't be unpacked or loaded.
    private static QuiverException nativeLibrary(
            Failure failure, Throwable thrown, List<String> steps) {
        var where = new ArrayList<String>();
        where.add("unpacked in: " + System.getProperty("java.io.tmpdir"));
        where.addAll(steps);
        return new QuiverException(
                ErrorCode.IO_FAILED,
                "a native library can't be loaded: " + failure.message(),
                where(where),
                "make room there and allow programs in it (mounted without noexec), or name another"
                        + " directory by -Djava.io.tmpdir",
                thrown);
    }

    /// The same failure for this thread: with the user's lines, and the worker's stack as its
    /// cause.
    private static QuiverException at(QuiverException known, List<String> steps) {
        var inner = new ArrayList<>(known.where());
        inner.addAll(steps);
        List<String> where = where(inner);
        String what = known.what();
        String fix = known.fix();
        return switch (known.code()) {
            case CANCELLED -> new Cancelled(what, where, fix, known);
            case GATE_FAILED -> new GateFailed(what, where, fix, known);
            case MEMORY_REFUSED -> new MemoryRefused(what, where, fix, known);
            case TASK_FAILED -> new TaskFailed(what, where, fix, cause(known));
            case TYPE_MISMATCH -> new TypeMismatch(what, where, fix, known);
            case UNAVAILABLE -> new Unavailable(what, where, fix, known);
            default -> new QuiverException(known.code(), what, where, fix, known);
        };
    }

    /// The user's own exception, where there is one.
    private static Throwable cause(QuiverException known) {
        Throwable cause = known.getCause();
        return cause == null ? known : cause;
    }

    private static List<String> where(List<String> inner) {
        var lines = new ArrayList<>(inner);
        UserLine.here().ifPresent(line -> lines.add("asked for at: " + line));
        return lines;
    }
}
