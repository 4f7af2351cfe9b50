package dev.quiver.worker.state;

import dev.quiver.protocol.Failure;
import dev.quiver.protocol.InputRun;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A task that fetches its inputs or runs.
final class Attempt {
    final StageView view;
    final int partition;
    final int number;
    final List<InputRun> inputs;

    /// Copies that it uses.
    final List<InputCopies.Copy> copies = new ArrayList<>(0);

    /// Copies that haven't arrived.
    int missing;

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

    Attempt(StageView view, int partition, int number, List<InputRun> inputs) {
        this.view = view;
        this.partition = partition;
        this.number = number;
        this.inputs = inputs;
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
