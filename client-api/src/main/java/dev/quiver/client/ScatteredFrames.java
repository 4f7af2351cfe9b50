package dev.quiver.client;

import dev.quiver.columnar.Chunk;
import dev.quiver.graph.Dependency;
import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskGraph;
import dev.quiver.graph.TaskLimits;
import dev.quiver.operator.Pipeline;
import dev.quiver.operator.Program;
import dev.quiver.operator.Source;
import dev.quiver.planner.StagePlan;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.ClientNotice;
import dev.quiver.protocol.Failure;
import dev.quiver.worker.store.ChunkStore;
import dev.quiver.worker.store.TaskOutput;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Rows of this process on the workers of a cluster. A stage takes them from here once, and all
/// queries that read them depend on it: where a worker is lost, its tasks run again, and so what it
/// had is sent again.
final class ScatteredFrames {
    private static final int RETRIES = 3;

    private final Conversation conversation;
    private final ChunkStore store;
    private final Map<Cut, Scattered> scattered = new HashMap<>();

    /// A frame, and in how many partitions: plans may cut it in several ways.
    private record Cut(String id, int partitions) {}

    ScatteredFrames(Conversation conversation) {
        this.conversation = conversation;
        this.store = conversation.backend().outputs();
    }

    /// A frame's stage, which is forgotten when it fails: the next query has another one.
    private final class Scattered implements StageListener {
        private final Cut cut;
        private final int stage;
        private final long job;

        Scattered(Cut cut) {
            this.cut = cut;
            this.stage = conversation.newStage();
            this.job = conversation.newJob();
        }

        void begin(long priority) {
            Program program = conversation.backend().offer(stage, this::output);
            long bytes = store.heldSizes(cut.id).stream().mapToLong(ChunkStore.Size::bytes).sum();
            long pause = TimeUnit.MILLISECONDS.toNanos(100);
            Stage made =
                    Stage.builder(stage, "send " + cut.id, program)
                            .partitions(cut.partitions)
                            .limits(new TaskLimits(RETRIES, pause, 0, bytes / cut.partitions))
                            .priority(priority)
                            .wanted()
                            .build();
            conversation.listenToJob(job, this);
            conversation.say(new ClientMessage.GraphSubmitted(job, TaskGraph.of(made), true));
        }

        private @Nullable TaskOutput output(int partition) {
            List<Chunk> chunks = store.heldChunks(cut.id, partition, cut.partitions);
            return chunks == null ? null : TaskOutput.ofChunks(chunks);
        }

        void end() {
            conversation.backend().withdraw(stage);
            conversation.release(job);
        }

        @Override
        public void hear(ClientNotice notice) {
            if (notice instanceof ClientNotice.JobFailed) forget(this);
        }

        @Override
        public void abandon(Failure why) {}
    }

    private synchronized void forget(Scattered failed) {
        if (scattered.remove(failed.cut, failed)) failed.end();
    }

    /// A plan whose tasks read this process's rows where they are scattered to.
    StagePlan placed(StagePlan plan) {
        if (plan.graph().stages().stream().noneMatch(stage -> heldBy(stage) != null)) return plan;
        return plan.withStages(this::placed);
    }

    private static Source.@Nullable Held heldBy(Stage stage) {
        return stage.program() instanceof Pipeline(Source.Held held, _, _) ? held : null;
    }

    private Stage placed(Stage stage) {
        Source.Held held = heldBy(stage);
        if (held == null || !(stage.program() instanceof Pipeline(_, var operators, var sink)))
            return stage;
        var inputs = new ArrayList<>(stage.inputs());
        inputs.add(new Dependency.Narrow(stageOf(held, stage.priority())));
        var source = new Source.Input(inputs.size() - 1, held.schema());
        return stage.withProgram(new Pipeline(source, operators, sink)).withInputs(inputs);
    }

    private synchronized int stageOf(Source.Held held, long priority) {
        if (!store.holds(held.id())) throw StoredFrames.gone(held.id());
        var cut = new Cut(held.id(), held.partitions());
        Scattered there = scattered.get(cut);
        if (there != null) return there.stage;
        var made = new Scattered(cut);
        scattered.put(cut, made);
        made.begin(priority);
        return made.stage;
    }

    /// The workers let a frame go.
    synchronized void release(String id) {
        for (Iterator<Scattered> all = scattered.values().iterator(); all.hasNext(); ) {
            Scattered each = all.next();
            if (!each.cut.id.equals(id)) continue;
            all.remove();
            if (!conversation.isClosed()) each.end();
        }
    }
}
