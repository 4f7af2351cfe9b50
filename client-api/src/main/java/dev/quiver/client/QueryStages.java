package dev.quiver.client;

import dev.quiver.graph.Dependency;
import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskGraph;
import dev.quiver.planner.Replanning;
import dev.quiver.planner.StagePlan;
import dev.quiver.protocol.ClientMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The stages of a query as they are submitted: those behind an exchange that is measured when it
/// has finished, as a plan has them that knows what it found.
///
/// Belongs to a run, under whose lock its methods are called, but for [#replanned] and [#append],
/// which the thread calls without it that waits for the run.
final class QueryStages {
    private final Conversation conversation;
    private final long job;

    /// Written under the run's lock.
    private volatile StagePlan plan;

    /// Exchanges that have finished since the plan was made.
    private final Set<Integer> finished = new TreeSet<>();

    private final Set<Integer> submitted = new HashSet<>();

    /// Exchanges whose outputs are kept until their readers are submitted.
    private final Set<Integer> kept = new TreeSet<>();

    QueryStages(Conversation conversation, long job, StagePlan plan) {
        this.conversation = conversation;
        this.job = job;
        this.plan = plan;
    }

    StagePlan plan() {
        return plan;
    }

    /// Whether it is decided what the stage of the result is.
    boolean isResultKnown() {
        return !heldBack().contains(plan.result());
    }

    private Set<Integer> awaited() {
        return plan.replanning().map(Replanning::awaited).orElse(Set.of());
    }

    private Set<Integer> heldBack() {
        return plan.replanning().map(Replanning::heldBack).orElse(Set.of());
    }

    /// A stage has finished.
    void finished(int stage) {
        if (awaited().contains(stage)) finished.add(stage);
    }

    /// Whether more is known than the plan knows.
    boolean isDue() {
        return !finished.isEmpty();
    }

    /// The exchanges that have finished; each is given once.
    Set<Integer> takeFinished() {
        var taken = new TreeSet<>(finished);
        finished.clear();
        return taken;
    }

    /// The plan when it is known what these exchanges found.
    StagePlan replanned(Set<Integer> exchanges) {
        StagePlan current = plan;
        Map<Integer, long[][]> found = new HashMap<>();
        for (Stage stage : current.graph().stages()) {
            if (!exchanges.contains(stage.id())) continue;
            var rows = new long[stage.partitions()][];
            for (int p = 0; p < rows.length; p++)
                rows[p] = conversation.backend().sliceRows(stage.id(), p);
            found.put(stage.id(), rows);
        }
        return current.replanning().map(later -> later.replanned(found)).orElse(current);
    }

    void take(StagePlan replanned) {
        plan = replanned;
    }

    /// The stages that are decided and weren't given yet.
    TaskGraph next() {
        var stages = new ArrayList<Stage>();
        for (Stage stage : plan.graph().stages()) {
            if (heldBack().contains(stage.id()) || !submitted.add(stage.id())) continue;
            boolean measured = awaited().contains(stage.id());
            if (measured) {
                conversation.backend().measuresSlices(stage.id());
                kept.add(stage.id());
            }
            stages.add(measured ? stage.asWanted() : stage);
        }
        return new TaskGraph(stages);
    }

    /// Submits what [#next] gave; then nobody but these stages needs the exchanges that they read.
    void append(TaskGraph next) {
        if (next.stages().isEmpty()) return;
        conversation.say(new ClientMessage.StagesAppended(job, next));
        for (Stage stage : plan.graph().stages()) {
            if (!kept.contains(stage.id()) || !isRead(stage.id(), next.stages())) continue;
            kept.remove(stage.id());
            conversation.say(new ClientMessage.TasksReleased(stage.id(), 0, stage.partitions()));
        }
    }

    private static boolean isRead(int exchange, List<Stage> readers) {
        return readers.stream()
                .flatMap(reader -> reader.inputs().stream())
                .anyMatch(input ->
                        input instanceof Dependency.OfStage other && other.stage() == exchange);
    }
}
