package dev.quiver.cluster.control;

import dev.quiver.operator.Bytes;
import dev.quiver.protocol.ClientMessage;
import java.util.List;

/// What a client tells the scheduler's process.
///
/// @param first the number of the first of them: a client counts from 1 what it wishes, and says
///   again with the same number what may have got lost
public record Wishes(long first, List<Wish> wishes) {
    public Wishes {
        wishes = List.copyOf(wishes);
    }

    /// @param codes of the tasks that the message appends; else none
    public record Wish(ClientMessage message, List<Bytes> codes) {
        public Wish {
            codes = List.copyOf(codes);
        }
    }
}
