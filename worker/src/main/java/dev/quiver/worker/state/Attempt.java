package dev.quiver.worker.state;

import dev.quiver.protocol.Failure;
import dev.quiver.protocol.InputRun;
import dev.quiver.protocol.TaskDelays;
import dev.quiver.protocol.WorkerMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A task that fetches its inputs or runs.
final class Attempt {
    private static final long NANOS_PER_MICRO = 1000;

    final StageView view;
    final int partition;
    final int number;
    final List<InputRun> inputs;

    /// Copies that it uses.
    final List<InputCopies.Copy> copies = new ArrayList<>(0);

    /// Copies that haven't arrived.
    int missing;

    /// When it was taken up.
    private final long takenNanos;

    /// When it had its inputs and began to wait for a slot or memory.
    private long readyNanos;

    private long fetchNanos;
    private long memoryNanos;

    /// It found no memory while others ran: it runs once more, without others.
    boolean alone;

    /// Runs without a slot, since it waits.
    boolean yielded;

    /// When it has run too long; `Long.MAX_VALUE` = never.
    long deadlineNanos = Long.MAX_VALUE;

    /// Set when it was told to end.
    @Nullable Failure interrupted;

    /// Was cancelled before the scheduler's time, which doesn't know of it: its end isn't reported.
    boolean untold;

    /// @param takenNanos when it is taken up
    /// @param readyNanos since when it has waited to be, should it need nothing from elsewhere
    Attempt(
            StageView view,
            int partition,
            int number,
            List<InputRun> inputs,
            long takenNanos,
            long readyNanos) {
        this.view = view;
        this.partition = partition;
        this.number = number;
        this.inputs = inputs;
        this.takenNanos = takenNanos;
        this.readyNanos = readyNanos;
    }

    /// One of its inputs has arrived.
    void arrived(long nanos) {
        if (--missing > 0) {
            return;
        }
        fetchNanos = nanos - takenNanos;
        readyNanos = nanos;
    }

    /// It waited for memory, since then or since it had its inputs, whichever was later.
    void waitedForMemory(long sinceNanos, long nanos) {
        memoryNanos += Math.max(0, nanos - Math.max(sinceNanos, readyNanos));
    }

    /// What is told of its end.
    WorkerMessage finished(WorkerEvent.Executed e) {
        return new WorkerMessage.Finished(
                stage(), partition, number, e.rows(), e.bytes(), e.nanos(), delays(e.spillNanos()));
    }

    private TaskDelays delays(long spillNanos) {
        if (fetchNanos == 0 && memoryNanos == 0 && spillNanos == 0) {
            return TaskDelays.NONE;
        }
        return new TaskDelays(
                fetchNanos / NANOS_PER_MICRO,
                memoryNanos / NANOS_PER_MICRO,
                spillNanos / NANOS_PER_MICRO);
    }

    /// Whether it runs once more after that, alone, which it remembers.
    boolean goesAloneAfter(Failure failure) {
        if (alone || failure.kind() != Failure.Kind.OUT_OF_MEMORY) {
            return false;
        }
        alone = true;
        deadlineNanos = Long.MAX_VALUE;
        return true;
    }

    int stage() {
        return view.stage.id();
    }

    boolean isCancelled() {
        Failure why = interrupted;
        return why != null && why.kind() == Failure.Kind.CANCELLED;
    }

    long memoryBytes() {
        return view.stage.limits().memoryBytesMin();
    }

    boolean is(int stage, int partition, int number) {
        return stage() == stage && this.partition == partition && this.number == number;
    }
}
