package dev.quiver.client;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.RowOrder;
import dev.quiver.planner.StagePlan;
import dev.quiver.schema.Schema;
import dev.quiver.worker.store.TaskOutput;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// Frames whose chunks are on workers: a persisted frame is the kept output of a stage that later
/// stages depend on, and rows of this process are sent there when a query first reads them.
final class ClusterFrames implements HeldFrames {
    private final Conversation conversation;
    private final StoredFrames stored;
    private final ScatteredFrames scattered;
    private final Function<LogicalPlan, List<TaskOutput>> fetch;
    private final Map<String, Kept> kept = new ConcurrentHashMap<>();

    /// A run whose result stays where it is until the run is closed.
    private record Kept(QueryRun run, StageOutput output, LogicalPlan.Held frame) {}

    /// @param fetch computes a plan and gives what comes out
    ClusterFrames(Conversation conversation, Function<LogicalPlan, List<TaskOutput>> fetch) {
        this.fetch = fetch;
        this.conversation = conversation;
        this.stored = new StoredFrames(conversation);
        this.scattered = new ScatteredFrames(conversation);
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
            var frame = new LogicalPlan.Held(id, label, plan.schema(), plan.order());
            kept.put(id, new Kept(run, new StageOutput(plan.result(), run.parts()), frame));
            done = true;
            return frame;
        } finally {
            if (!done) run.close();
        }
    }

    @Override
    public HeldChunks held(String id) {
        Kept there = kept.get(id);
        if (there != null) return there.output();
        return stored.held(id);
    }

    /// A copy of a frame that workers keep, which is the caller's; empty when they don't.
    Optional<List<TaskOutput>> bring(String id) {
        Kept there = kept.get(id);
        return there == null ? Optional.empty() : Optional.of(fetch.apply(there.frame()));
    }

    @Override
    public StagePlan placed(StagePlan plan) {
        return scattered.placed(plan);
    }

    @Override
    public void release(String id) {
        Kept there = kept.remove(id);
        if (there != null) there.run().close();
        scattered.release(id);
        stored.release(id);
    }

    @Override
    public void close() {
        kept.clear();
    }
}
