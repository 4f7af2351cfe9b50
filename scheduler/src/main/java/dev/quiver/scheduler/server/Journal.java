package dev.quiver.scheduler.server;

import dev.quiver.scheduler.state.SchedulerCommand;
import dev.quiver.scheduler.state.SchedulerEvent;
import java.util.List;

/// Hears of everything that happens to a scheduler's state, and of what it decides.
public interface Journal {
    /// An event was taken in. Called in the scheduler's turn, one event at a time: it must neither
    /// block nor throw; one that throws is told nothing any more.
    ///
    /// @param commands what followed, in order
    void note(SchedulerEvent event, List<SchedulerCommand> commands);
}
