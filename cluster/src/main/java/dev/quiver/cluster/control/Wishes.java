package dev.quiver.cluster.control;

import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.CodeBatch;
import java.util.ArrayList;
import java.util.List;

/// What a client tells the scheduler's process.
///
/// @param first the number of the first of them: a client counts from 1 what it wishes, and says
///   again with the same number what may have got lost
public record Wishes(long first, List<Wish> wishes) {
    public Wishes {
        wishes = List.copyOf(wishes);
    }

    /// The same in parts, each of which carries not much more code than so many bytes.
    public List<Wishes> parts(long bytes) {
        var parts = new ArrayList<Wishes>();
        int from = 0;
        long size = 0;
        for (int i = 0; i < wishes.size(); i++) {
            if (size >= bytes) {
                parts.add(new Wishes(first + from, wishes.subList(from, i)));
                from = i;
                size = 0;
            }
            size += wishes.get(i).codes().bytes();
        }
        parts.add(new Wishes(first + from, wishes.subList(from, wishes.size())));
        return parts;
    }

    /// @param codes of the tasks that the message appends; else none
    public record Wish(ClientMessage message, CodeBatch codes) {
        /// One that appends no tasks.
        public Wish(ClientMessage message) {
            this(message, CodeBatch.NONE);
        }
    }
}
