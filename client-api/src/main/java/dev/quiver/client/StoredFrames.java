package dev.quiver.client;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.RowOrder;
import dev.quiver.error.Unavailable;
import dev.quiver.planner.StagePlan;
import dev.quiver.schema.Schema;
import dev.quiver.worker.store.ChunkStore;
import dev.quiver.worker.store.TaskOutput;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Frames whose chunks are in this process, where tasks read them.
final class StoredFrames implements HeldFrames {
    private final Conversation conversation;
    private final ChunkStore store;
    private final AtomicLong count = new AtomicLong();

    StoredFrames(Conversation conversation) {
        this.conversation = conversation;
        this.store = conversation.backend().outputs();
    }

    /// A name that no other held frame has.
    String newId(String kind) {
        return kind + "-" + count.incrementAndGet();
    }

    @Override
    public LogicalPlan.Held hold(
            String kind, String label, Schema schema, List<TaskOutput> outputs, RowOrder order) {
        String id = newId(kind);
        // A held frame has a partition even when it has no rows.
        store.hold(id, outputs.isEmpty() ? List.of(TaskOutput.ofChunks(List.of())) : outputs);
        return new LogicalPlan.Held(id, label, schema, order);
    }

    @Override
    public LogicalPlan.Held persist(StagePlan plan, String label, Progress progress) {
        try (QueryRun run = QueryRun.start(conversation, plan);
                progress) {
            run.await(progress);
            String id = newId("persisted");
            store.hold(id, plan.result(), plan.partitions());
            return new LogicalPlan.Held(id, label, plan.schema(), plan.order());
        } finally {
            plan.graph().stages().forEach(stage -> conversation.backend().forgetCounts(stage.id()));
        }
    }

    @Override
    public HeldChunks held(String id) {
        if (!store.holds(id)) throw gone(id);
        List<Part> parts =
                store.heldSizes(id).stream().map(s -> new Part(s.rows(), s.bytes())).toList();
        return new SessionChunks(parts);
    }

    @Override
    public StagePlan placed(StagePlan plan) {
        return plan;
    }

    static Unavailable gone(String id) {
        return new Unavailable(
                "the rows of '%s' are gone: it was released or closed".formatted(id),
                List.of(),
                "use the frame before release() or the table's close(), or make it again");
    }

    @Override
    public void release(String id) {
        store.release(id);
    }

    @Override
    public void close() {}
}
