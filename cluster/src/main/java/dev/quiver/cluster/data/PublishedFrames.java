package dev.quiver.cluster.data;

import dev.quiver.error.QuiverException;
import dev.quiver.schema.Schema;
import dev.quiver.worker.store.TaskOutput;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The frames that were published under names, for readers that speak Arrow Flight. Called by many
/// threads; may wait for a scheduler.
public interface PublishedFrames {
    /// A published frame.
    ///
    /// @param stage whose output it is
    /// @param partitions in order; none where one is being made anew
    record Frame(String name, int stage, Schema schema, List<Optional<Partition>> partitions) {
        public Frame {
            partitions = List.copyOf(partitions);
        }

        /// Whether all partitions are there.
        boolean isWhole() {
            return partitions.stream().allMatch(Optional::isPresent);
        }

        long rows() {
            return partitions.stream().flatMap(Optional::stream).mapToLong(Partition::rows).sum();
        }

        long bytes() {
            return partitions.stream().flatMap(Optional::stream).mapToLong(Partition::bytes).sum();
        }
    }

    /// @param attempt that made it
    /// @param holder where it is
    record Partition(int attempt, InetSocketAddress holder, long rows, long bytes) {}

    /// All of them, by name.
    ///
    /// @throws QuiverException UNAVAILABLE when nobody can be asked
    List<Frame> frames();

    /// Null when nothing has that name.
    default @Nullable Frame frame(String name) {
        for (Frame frame : frames()) if (frame.name().equals(name)) return frame;
        return null;
    }

    /// A partition that this process holds, of which the caller owns a share; null when it doesn't.
    @Nullable TaskOutput partition(Frame frame, int partition);
}
