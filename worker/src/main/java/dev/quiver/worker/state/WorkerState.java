package dev.quiver.worker.state;

import java.util.Objects;
import java.util.function.Consumer;

/// One worker's assigned tasks and held outputs, as a function of the events that it was given.
public final class WorkerState {
    private final WorkerSettings settings;

    public WorkerState(WorkerSettings settings) {
        this.settings = settings;
    }

    /// Takes in `event` and hands every command that follows to `commands`, in order.
    public void on(WorkerEvent event, Consumer<WorkerCommand> commands) {
        Objects.requireNonNull(event);
        Objects.requireNonNull(commands);
    }

    /// When the next [WorkerEvent.Ticked] is due at the latest; `Long.MAX_VALUE` when nothing waits
    /// for time.
    public long wakeNanos() {
        return settings.fetchRetryNanos();
    }

    /// Checks everything that must always hold; for tests and simulation.
    ///
    /// @throws IllegalStateException when something doesn't
    public void checkInvariants() {}
}
