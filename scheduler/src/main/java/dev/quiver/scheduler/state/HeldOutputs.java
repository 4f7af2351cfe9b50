package dev.quiver.scheduler.state;

import dev.quiver.graph.TaskKey;
import java.util.List;
import java.util.Optional;

/// Outputs of one stage that one worker holds.
///
/// @param name of the stage
/// @param client whose job it is
/// @param published under which name all clients find it; empty when they don't
public record HeldOutputs(
        int stage,
        String name,
        long job,
        long client,
        String published,
        int worker,
        int outputs,
        long bytes) {
    /// A part of all that is held: whoever wants to know it all asks part by part, so that the
    /// scheduler goes on between them.
    ///
    /// @param next where the next part begins; empty behind the last
    public record Part(List<HeldOutputs> held, Optional<TaskKey> next) {
        public Part {
            held = List.copyOf(held);
        }
    }
}
