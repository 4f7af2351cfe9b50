package dev.quiver.client;

import dev.quiver.graph.Dependency;
import dev.quiver.graph.Edges;
import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskGraph;
import dev.quiver.planner.StagePlan;
import dev.quiver.worker.store.TaskOutput;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Partitions of a result as they are asked for. When the last stage reads nothing but files and
/// join tables, its tasks are submitted only so far ahead, so that a small part of the result is in
/// memory at a time; other results were made of what is in memory anyway.
final class RowStream implements StreamedRows.PartitionSource {
    private static final int AHEAD = 4;

    private final QueryRun run;
    private final Backend backend;
    private final StagePlan plan;
    private final boolean growing;
    private int appended;

    private RowStream(QueryRun run, Backend backend, StagePlan plan, boolean growing) {
        this.run = run;
        this.backend = backend;
        this.plan = plan;
        this.growing = growing;
    }

    static RowStream start(Conversation conversation, StagePlan plan) {
        boolean growing = canGrow(plan);
        if (growing) conversation.backend().listsInputs(plan.result());
        QueryRun run = QueryRun.start(conversation, growing ? grown(plan) : plan);
        var stream = new RowStream(run, conversation.backend(), plan, growing);
        if (growing) stream.append(Math.min(AHEAD, plan.partitions()));
        return stream;
    }

    private static Stage last(StagePlan plan) {
        return plan.graph().stages().getLast();
    }

    private static boolean canGrow(StagePlan plan) {
        Stage last = last(plan);
        if (last.id() != plan.result() || last.partitions() <= AHEAD || last.rowsMax() > 0)
            return false;
        Map<Integer, Integer> partitions = new HashMap<>();
        for (Stage stage : plan.graph().stages()) partitions.put(stage.id(), stage.partitions());
        return last.inputs().stream()
                .allMatch(input ->
                        input instanceof Dependency.Broadcast(int stage)
                                && partitions.getOrDefault(stage, 0) == 1);
    }

    /// The plan with a last stage that grows, and what it reads kept until the end.
    private static StagePlan grown(StagePlan plan) {
        Stage last = last(plan);
        var stages = new ArrayList<Stage>();
        for (Stage stage : plan.graph().stages()) {
            boolean isRead = last.inputs().contains(new Dependency.Broadcast(stage.id()));
            if (!stage.equals(last))
                stages.add(isRead ? changed(stage, stage.inputs(), true, false) : stage);
        }
        stages.add(changed(last, List.of(new Dependency.Listed(Edges.NONE)), true, true));
        return plan.withGraph(new TaskGraph(stages));
    }

    private static Stage changed(
            Stage stage, List<Dependency> inputs, boolean wanted, boolean growing) {
        return new Stage(
                stage.id(),
                stage.name(),
                growing ? 0 : stage.partitions(),
                stage.program(),
                inputs,
                stage.purity(),
                wanted,
                growing,
                stage.broadcast(),
                stage.rowsMax(),
                stage.limits(),
                stage.priority());
    }

    private void append(int count) {
        var edges = Edges.builder();
        for (int i = 0; i < count; i++) {
            for (Dependency input : last(plan).inputs())
                if (input instanceof Dependency.Broadcast(int stage)) edges.input(stage, 0);
            edges.endRow();
        }
        run.append(count, edges.build());
        appended += count;
    }

    @Override
    public int partitions() {
        return growing ? plan.partitions() : run.partitions();
    }

    @Override
    public @Nullable TaskOutput take(int partition) {
        TaskOutput output = run.take(partition);
        if (output != null) run.release(partition);
        if (growing && appended < plan.partitions()) append(1);
        return output;
    }

    @Override
    public void close() {
        run.close();
        plan.graph().stages().forEach(stage -> backend.forgetCounts(stage.id()));
    }
}
