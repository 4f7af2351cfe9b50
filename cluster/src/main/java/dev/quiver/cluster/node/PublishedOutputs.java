package dev.quiver.cluster.node;

import dev.quiver.cluster.control.PublishedRows;
import dev.quiver.cluster.data.PublishedFrames;
import dev.quiver.worker.store.TaskOutput;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The published frames of a cluster, for readers at the port of one of its processes.
final class PublishedOutputs implements PublishedFrames {
    private final Supplier<List<PublishedRows>> catalog;
    private final Held held;

    /// What the process holds itself.
    @FunctionalInterface
    interface Held {
        /// Nothing: a scheduler holds none.
        Held NOTHING = (_, _, _) -> null;

        /// Of which the caller owns a share; null when it isn't here.
        @Nullable TaskOutput find(int stage, int partition, int attempt);
    }

    /// @param catalog asks the scheduler
    PublishedOutputs(Supplier<List<PublishedRows>> catalog, Held held) {
        this.catalog = catalog;
        this.held = held;
    }

    @Override
    public List<Frame> frames() {
        return catalog.get().stream().map(PublishedOutputs::frame).toList();
    }

    private static Frame frame(PublishedRows rows) {
        return new Frame(
                rows.name(),
                rows.stage(),
                rows.schema(),
                rows.partitions().stream().map(each -> each.map(PublishedOutputs::at)).toList());
    }

    private static Partition at(PublishedRows.Partition partition) {
        var holder =
                InetSocketAddress.createUnresolved(
                        partition.holder().host(), partition.holder().port());
        return new Partition(partition.attempt(), holder, partition.rows(), partition.bytes());
    }

    @Override
    public @Nullable TaskOutput partition(Frame frame, int partition) {
        if (partition < 0 || partition >= frame.partitions().size()) return null;
        return frame.partitions()
                .get(partition)
                .map(there -> held.find(frame.stage(), partition, there.attempt()))
                .orElse(null);
    }
}
