package dev.quiver.scheduler.scaling.state;

import dev.quiver.scheduler.state.Workload;
import java.util.List;

/// A cluster as it was at a time.
///
/// @param nanos from any fixed point; never goes back
/// @param workload of its scheduler
/// @param programsWaiting submitted programs that wait for a worker
/// @param members workers that are there
/// @param started names of workers that were started and whose processes haven't ended; not all of
///   them have joined yet
public record ScalingView(
        long nanos,
        Workload workload,
        int programsWaiting,
        List<Member> members,
        List<String> started) {
    public ScalingView {
        members = List.copyOf(members);
        started = List.copyOf(started);
    }

    /// A worker.
    ///
    /// @param number in its cluster
    /// @param bytes that it holds, in memory and in files
    /// @param memoryBytes its budget of counted memory
    /// @param programs submitted ones that run there
    /// @param retiring whether it is to leave already
    public record Member(
            int number,
            String name,
            int slots,
            int slotsBusy,
            long bytes,
            long memoryBytes,
            int programs,
            boolean retiring) {}
}
