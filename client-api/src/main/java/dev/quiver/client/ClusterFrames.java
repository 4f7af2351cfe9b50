package dev.quiver.client;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.RowOrder;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.planner.StagePlan;
import dev.quiver.schema.Schema;
import dev.quiver.worker.store.TaskOutput;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Frames whose chunks are on workers: a persisted frame is the kept output of a stage that later
/// stages depend on.
final class ClusterFrames implements HeldFrames {
    private final Conversation conversation;
    private final StoredFrames stored;
    private final Map<String, Kept> kept = new ConcurrentHashMap<>();

    /// A run whose result stays where it is until the run is closed.
    private record Kept(QueryRun run, StageOutput output) {}

    ClusterFrames(Conversation conversation) {
        this.conversation = conversation;
        this.stored = new StoredFrames(conversation);
    }

    @Override
    public LogicalPlan.Held hold(
            String kind, String label, Schema schema, List<TaskOutput> outputs, RowOrder order) {
        return stored.hold(kind, label, schema, outputs, order);
    }

    @Override
    public LogicalPlan.Held persist(StagePlan plan, String label, Progress progress) {
        conversation.backend().keepsOutputs(plan.result());
        QueryRun run = QueryRun.start(conversation, plan);
        boolean done = false;
        try (progress) {
            run.await(progress);
            String id = stored.newId("persisted");
            kept.put(id, new Kept(run, new StageOutput(plan.result(), run.parts())));
            done = true;
            return new LogicalPlan.Held(id, label, plan.schema(), plan.order());
        } finally {
            if (!done) run.close();
        }
    }

    @Override
    public HeldChunks held(String id) {
        Kept there = kept.get(id);
        if (there != null) return there.output();
        stored.held(id);
        throw new QuiverException(
                ErrorCode.UNSUPPORTED,
                "rows that are in this process can't be read by a cluster yet",
                List.of("frame: " + id),
                "write them to a file that the workers see, and read that; or use Quiver.local()");
    }

    @Override
    public void release(String id) {
        Kept there = kept.remove(id);
        if (there != null) there.run().close();
        else stored.release(id);
    }

    @Override
    public void close() {
        kept.clear();
    }
}
