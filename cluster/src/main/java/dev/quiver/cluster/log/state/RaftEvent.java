package dev.quiver.cluster.log.state;

import dev.quiver.operator.Bytes;
import java.util.List;

/// What happens to a member.
public sealed interface RaftEvent {
    /// Time has passed.
    ///
    /// @param nanos never go back
    record Ticked(long nanos) implements RaftEvent {}

    /// @param from a member's place in the list
    record Received(int from, RaftMessage message) implements RaftEvent {}

    /// A leader is given more entries; nobody else may be.
    record Proposed(List<Bytes> contents) implements RaftEvent {
        public Proposed {
            contents = List.copyOf(contents);
        }
    }

    /// A leader has put a snapshot in the place of all entries up to one that is committed.
    record Compacted(long index) implements RaftEvent {}
}
