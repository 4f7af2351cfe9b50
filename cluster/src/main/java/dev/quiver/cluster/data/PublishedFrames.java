package dev.quiver.cluster.data;

import dev.quiver.schema.Schema;
import dev.quiver.worker.store.TaskOutput;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The frames that were published under names, for readers that speak Arrow Flight. Called by many
/// threads; must not wait.
public interface PublishedFrames {
    /// A published frame.
    ///
    /// @param partitions where each of them is, in order
    record Frame(
            String name, Schema schema, long rows, long bytes, List<InetSocketAddress> partitions) {
        public Frame {
            partitions = List.copyOf(partitions);
        }
    }

    /// All of them, by name.
    List<Frame> frames();

    /// Null when nothing has that name.
    default @Nullable Frame frame(String name) {
        for (Frame frame : frames()) if (frame.name().equals(name)) return frame;
        return null;
    }

    /// A partition that this process holds, of which the caller owns a share; null when it doesn't.
    @Nullable TaskOutput partition(String name, int partition);

    /// Nothing is published.
    PublishedFrames NONE =
            new PublishedFrames() {
                @Override
                public List<Frame> frames() {
                    return List.of();
                }

                @Override
                public @Nullable TaskOutput partition(String name, int partition) {
                    return null;
                }
            };
}
