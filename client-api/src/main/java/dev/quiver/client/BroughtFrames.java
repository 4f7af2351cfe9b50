package dev.quiver.client;

import dev.quiver.dataframe.QFuture;
import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.planner.StagePlan;
import dev.quiver.worker.store.ChunkStore;
import dev.quiver.worker.store.TaskOutput;
import java.util.List;

/// The frames of a session on a cluster for queries that run in this process: what workers keep is
/// brought here when such a query first reads it, and goes when the frame does.
final class BroughtFrames implements HeldFrames {
    private final StoredFrames stored;
    private final ChunkStore store;
    private final ClusterFrames cluster;

    /// @param stored those of this process
    /// @param store where they are
    BroughtFrames(StoredFrames stored, ChunkStore store, ClusterFrames cluster) {
        this.stored = stored;
        this.store = store;
        this.cluster = cluster;
    }

    @Override
    public synchronized HeldChunks held(String id) {
        if (!store.holds(id)) cluster.bring(id).ifPresent(outputs -> store.hold(id, outputs));
        return stored.held(id);
    }

    @Override
    public String hold(String kind, List<TaskOutput> outputs) {
        return stored.hold(kind, outputs);
    }

    @Override
    public LogicalPlan.Held persist(StagePlan plan, String label, Progress progress) {
        return stored.persist(plan, label, progress);
    }

    @Override
    public StagePlan placed(StagePlan plan) {
        return plan;
    }

    @Override
    public boolean isKept(String id) {
        return stored.isKept(id);
    }

    @Override
    public void publish(LogicalPlan.Held frame, String name) {
        stored.publish(frame, name);
    }

    @Override
    public List<String> publishedNames() {
        return cluster.publishedNames();
    }

    @Override
    public LogicalPlan.Held published(String name) {
        return cluster.published(name);
    }

    @Override
    public void publish(Object value, String name) {
        cluster.publish(value, name);
    }

    @Override
    public <R> QFuture<R> publishedValue(String name) {
        return cluster.publishedValue(name);
    }

    @Override
    public void withdraw(String name) {
        cluster.withdraw(name);
    }

    @Override
    public void release(String id) {
        stored.release(id);
    }

    @Override
    public void close() {}
}
