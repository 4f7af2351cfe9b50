package dev.quiver.cluster.control;

import dev.quiver.operator.Bytes;
import dev.quiver.protocol.ClientNotice;
import java.util.List;

/// What the scheduler's process tells a client.
///
/// @param peers workers that it hasn't been told of
/// @param counts of stages, to be added before the notices are heard
/// @param printed what tasks printed, to be shown before the notices are heard
/// @param wanted bundles of classes that workers need: their hashes
public record Notices(
        List<WorkerAddress> peers,
        List<StageCounts> counts,
        List<TaskPrints> printed,
        List<Notice> notices,
        List<Bytes> wanted) {
    public Notices {
        counts = List.copyOf(counts);
        printed = List.copyOf(printed);
        wanted = List.copyOf(wanted);
        peers = List.copyOf(peers);
        notices = List.copyOf(notices);
    }

    /// @param attachment the result of a task that has finished, or what the origin of a failure
    ///   threw; none when it is large or isn't known
    public record Notice(ClientNotice notice, Bytes attachment) {}
}
