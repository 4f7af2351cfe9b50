package dev.quiver.scheduler.state;

import dev.quiver.graph.TaskKey;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/// All that the scheduler knows and decides, as a function of the events that it was given.
public final class SchedulerState {
    private final SchedulerSettings settings;

    public SchedulerState(SchedulerSettings settings) {
        this.settings = settings;
    }

    /// Takes in `event` and hands every command that follows to `commands`, in order.
    public void on(SchedulerEvent event, Consumer<SchedulerCommand> commands) {
        Objects.requireNonNull(event);
        Objects.requireNonNull(commands);
    }

    /// When the next [SchedulerEvent.Ticked] is due at the latest; `Long.MAX_VALUE` when nothing
    /// waits for time.
    public long wakeNanos() {
        return settings.leaseNanos();
    }

    /// How far `stage` is; empty when it isn't there or was forgotten.
    public Optional<StageStatus> status(int stage) {
        return Optional.empty();
    }

    /// Where the output of a task is; empty when it isn't in memory.
    public Optional<OutputStatus> output(TaskKey task) {
        return Optional.empty();
    }

    /// What has happened to a task, a line each, with times in milliseconds since its stage was
    /// submitted.
    public List<String> story(TaskKey task) {
        return List.of();
    }

    /// What a task is waiting for, in a sentence.
    public String why(TaskKey task) {
        return "";
    }

    /// Checks everything that must always hold; for tests and simulation.
    ///
    /// @throws IllegalStateException when something doesn't
    public void checkInvariants() {}
}
