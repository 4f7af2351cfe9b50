package dev.quiver.cluster.log;

import dev.quiver.cluster.log.state.RaftCommand;
import java.util.List;

/// What becomes safe together.
public record LogBlock(List<RaftCommand.Kept> kept) {
    public LogBlock {
        kept = List.copyOf(kept);
    }
}
