package dev.quiver.scheduler.server;

import java.util.List;
import java.util.function.Supplier;

/// A scheduler as others look at it.
///
/// @param name for people
/// @param workers how much each of its workers does now; cheap, from any thread
public record Watched(String name, SchedulerShell scheduler, Supplier<List<WorkerUsage>> workers) {
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
