package dev.quiver.cluster.node;

import dev.quiver.cluster.control.Answer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How a worker leaves that is to: it stays until the scheduler lets it go and the programs that it
/// runs have ended, but only for so long. Thread-safe.
final class Leaving {
    private static final Logger LOG = LoggerFactory.getLogger(Leaving.class);

    private final BooleanSupplier programsEnded;
    private WorkerEnd.Kind kind = WorkerEnd.Kind.LEFT;
    private boolean begun;
    private boolean released;
    private long beganNanos;
    private long limitNanos;

    /// @param programsEnded whether none runs
    Leaving(BooleanSupplier programsEnded) {
        this.programsEnded = programsEnded;
    }

    /// It is to leave. When it was before, the earlier end counts, and that it isn't to be
    /// replaced.
    ///
    /// @param reason LEFT or AGED
    /// @return whether that is new
    synchronized boolean begin(WorkerEnd.Kind reason, Duration limit) {
        long now = System.nanoTime();
        kind = begun && kind == WorkerEnd.Kind.LEFT ? kind : reason;
        if (begun) {
            long end = Math.min(beganNanos + limitNanos - now, limit.toNanos());
            limitNanos = now - beganNanos + Math.max(0, end);
            return false;
        }
        LOG.info("is to leave, within {} s", limit.toSeconds());
        begun = true;
        beganNanos = now;
        limitNanos = limit.toNanos();
        return true;
    }

    synchronized boolean hasBegun() {
        return begun;
    }

    /// The scheduler needs nothing of it.
    synchronized void release() {
        released = true;
    }

    /// The scheduler has gone that would let it go.
    synchronized WorkerEnd abandoned() {
        return new WorkerEnd(kind, "retired after its scheduler had gone");
    }

    /// Why it leaves now; empty while it doesn't.
    synchronized Optional<WorkerEnd> end() {
        if (!begun) return Optional.empty();
        if (released && programsEnded.getAsBoolean())
            return Optional.of(new WorkerEnd(kind, Answer.Departed.RETIRED));
        if (System.nanoTime() - beganNanos < limitNanos) return Optional.empty();
        String left = released ? "programs still ran" : "what it ran and held was still needed";
        return Optional.of(
                new WorkerEnd(
                        kind,
                        "retired after %d s, while %s"
                                .formatted(limitNanos / 1_000_000_000L, left)));
    }
}
