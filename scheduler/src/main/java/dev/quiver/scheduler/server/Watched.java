package dev.quiver.scheduler.server;

import java.util.List;
import java.util.function.Supplier;

/// A scheduler as others look at it.
///
/// @param name for people
/// @param workers how much each of its workers does now; cheap, from any thread
/// @param figures what each part of a stage's pipeline did so far; cheap, from any thread
public record Watched(
        String name,
        SchedulerShell scheduler,
        Supplier<List<WorkerUsage>> workers,
        StageFigures figures) {
    /// Looks up what stages did.
    public interface StageFigures {
        /// Nothing is known.
        StageFigures NONE = _ -> List.of();

        /// Rows, bytes and nanoseconds of the source, of each operator and of the sink, one behind
        /// the other; empty when it isn't known, or not any more.
        List<Long> of(int stage);
    }

    /// What a worker does now.
    ///
    /// @param slots how many tasks it runs at a time
    /// @param running how many it runs now
    /// @param usedBytes of counted memory
    /// @param limitBytes of counted memory
    /// @param spilledBytes in files
    public record WorkerUsage(
            int worker,
            String name,
            int slots,
            int running,
            long usedBytes,
            long limitBytes,
            long spilledBytes) {}
}
