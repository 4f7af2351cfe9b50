package dev.quiver.client;

import dev.quiver.dataframe.QFuture;
import dev.quiver.dataframe.plan.Holding;
import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.Origin;
import dev.quiver.dataframe.plan.RowOrder;
import dev.quiver.error.Cancelled;
import dev.quiver.error.Unavailable;
import dev.quiver.graph.Stage;
import dev.quiver.operator.Pipeline;
import dev.quiver.operator.Sink;
import dev.quiver.planner.StagePlan;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.scheduler.state.PublishedJob;
import dev.quiver.schema.Schema;
import dev.quiver.worker.store.TaskOutput;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/// Frames whose chunks are on workers: a persisted frame is the kept output of a stage that later
/// stages depend on, and rows of this process are sent there when a query first reads them.
final class ClusterFrames implements HeldFrames {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LOOK_MILLIS = 5;

    /// Into how many slices each partition of a persisted frame is cut.
    private static final int SLICES = 16;

    private final Conversation conversation;
    private final StoredFrames stored;
    private final ScatteredFrames scattered;
    private final Function<LogicalPlan, List<TaskOutput>> fetch;
    private final Map<String, Kept> kept = new ConcurrentHashMap<>();

    /// The values that this process has published and would send again, by their names.
    private final Map<String, ScatteredValue<?>> values = new ConcurrentHashMap<>();

    /// What tasks read again when what they made was lost, of frames that have a name.
    private final Map<String, Set<Holding>> rowsOfPublished = new ConcurrentHashMap<>();

    /// A result that stays where it is until its job is released.
    ///
    /// @param job empty when the frame is another's, found in the catalog
    /// @param rows those of this process that it was made of: when it is lost they are needed again
    private record Kept(
            OptionalLong job, StageOutput output, Described described, Set<Holding> rows) {}

    /// A frame but for what tells whether somebody has it.
    private record Described(String label, Schema schema, RowOrder order) {
        LogicalPlan.Held frame(String id) {
            return new LogicalPlan.Held(id, label, schema, order, Origin.here());
        }
    }

    /// @param fetch computes a plan and gives what comes out
    ClusterFrames(Conversation conversation, Function<LogicalPlan, List<TaskOutput>> fetch) {
        this.fetch = fetch;
        this.conversation = conversation;
        this.stored = new StoredFrames(conversation);
        this.scattered = new ScatteredFrames(conversation);
    }

    @Override
    public String hold(String kind, List<TaskOutput> outputs) {
        return stored.hold(kind, outputs);
    }

    @Override
    public LogicalPlan.Held persist(StagePlan plan, String label, Progress progress) {
        conversation.backend().keepsOutputs(plan.result());
        StagePlan sliced = plan.withStages(stage -> sliced(stage, plan.result()));
        QueryRun run = QueryRun.start(conversation, sliced);
        boolean done = false;
        try (progress) {
            run.await(progress);
            String id = stored.newId("persisted");
            var described = new Described(label, plan.schema(), plan.order());
            var output = new StageOutput(plan.result(), run.parts(), slices(sliced));
            var job = OptionalLong.of(run.job());
            kept.put(id, new Kept(job, output, described, rowsOf(plan.optimized())));
            run.leave();
            done = true;
            return described.frame(id);
        } finally {
            if (!done) run.close();
        }
    }

    /// Rows that are kept as they come are cut, so that several tasks may read those of a
    /// partition.
    private static Stage sliced(Stage stage, int result) {
        if (stage.id() != result
                || !(stage.program() instanceof Pipeline(var rows, var steps, Sink.Collect _)))
            return stage;
        return stage.withProgram(new Pipeline(rows, steps, new Sink.Collect(SLICES)));
    }

    private static int slices(StagePlan plan) {
        return plan.graph().stages().stream()
                .filter(stage -> stage.id() == plan.result())
                .map(Stage::program)
                .mapToInt(program -> program instanceof Pipeline made ? made.sink().buckets() : 1)
                .findFirst()
                .orElse(1);
    }

    /// The rows of this process that a plan is made of, also by way of frames that workers keep.
    private Set<Holding> rowsOf(LogicalPlan plan) {
        var rows = new HashSet<Holding>();
        if (plan instanceof LogicalPlan.Held frame) {
            Kept there = kept.get(frame.id());
            if (there == null) rows.add(frame.holding());
            else rows.addAll(there.rows());
        }
        plan.inputs().forEach(input -> rows.addAll(rowsOf(input)));
        return rows;
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
        return there == null
                ? Optional.empty()
                : Optional.of(fetch.apply(there.described().frame(id)));
    }

    @Override
    public boolean isKept(String id) {
        Kept there = kept.get(id);
        return there != null && there.job().isPresent();
    }

    @Override
    public void publish(LogicalPlan.Held frame, String name) {
        Kept there = kept.get(frame.id());
        if (there == null || there.job().isEmpty())
            throw Published.taken(name, "it was released, or is another's");
        var content =
                new PublishedFrame(
                        there.output().stage(),
                        frame.label(),
                        frame.schema(),
                        frame.order(),
                        there.output().parts(),
                        there.output().slices());
        publish(there.job().getAsLong(), name, content);
        rowsOfPublished.put(name, there.rows());
    }

    private void publish(long job, String name, Published content) {
        conversation.say(new ClientMessage.JobPublished(job, name, content.encode()));
        await(() -> {
            Optional<String> why = conversation.takeUnpublished(name);
            if (why.isPresent()) throw Published.taken(name, why.get());
            return conversation.backend().catalog().stream()
                    .anyMatch(found -> found.name().equals(name) && found.job() == job);
        });
    }

    @Override
    public void publish(Object value, String name) {
        ScatteredValue<Object> there =
                conversation.tasks().scatter(value, ScatteredValue.Reach.ALL);
        boolean done = false;
        try {
            // once a worker has it, it doesn't go with this process
            await(() -> isOnWorker(there));
            publish(there.job(), name, new PublishedObject(there.key().stage()));
            done = true;
            values.put(name, there);
        } finally {
            if (!done) there.close();
        }
    }

    private boolean isOnWorker(ScatteredValue<?> value) {
        return conversation.backend().statuses(List.of(value.key().stage())).stream()
                .anyMatch(status -> status.finished() > 0);
    }

    @Override
    public <R> QFuture<R> publishedValue(String name) {
        return switch (Published.decode(find(name).content())) {
            case PublishedObject(int stage) ->
                    new PublishedValue<>(conversation.tasks(), stage, null);
            case PublishedFrame _ -> throw Published.noValue(name);
        };
    }

    /// Waits until the scheduler has done what it was told.
    private static void await(BooleanSupplier done) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0)
                throw new Unavailable(
                        "the scheduler hasn't answered within " + PATIENCE,
                        List.of(),
                        "see that it runs, then try again");
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Cancelled(
                        "the thread was interrupted while the catalog changed",
                        List.of(),
                        "look into catalog().names() whether it has",
                        e);
            }
        }
    }

    @Override
    public List<String> publishedNames() {
        return conversation.backend().catalog().stream().map(PublishedJob::name).toList();
    }

    private PublishedJob find(String name) {
        return conversation.backend().catalog().stream()
                .filter(found -> found.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Published.missing(name, publishedNames()));
    }

    @Override
    public LogicalPlan.Held published(String name) {
        if (!(Published.decode(find(name).content()) instanceof PublishedFrame found))
            throw Published.noFrame(name);
        String id = stored.newId("published");
        var described = new Described(found.label(), found.schema(), found.order());
        var output = new StageOutput(found.stage(), found.parts(), found.slices());
        kept.put(id, new Kept(OptionalLong.empty(), output, described, Set.of()));
        return described.frame(id);
    }

    @Override
    public void withdraw(String name) {
        long job = find(name).job();
        conversation.say(new ClientMessage.NameWithdrawn(name));
        await(() ->
                conversation.backend().catalog().stream()
                        .noneMatch(found -> found.name().equals(name) && found.job() == job));
        rowsOfPublished.remove(name);
        ScatteredValue<?> own = values.remove(name);
        if (own != null) own.close();
    }

    @Override
    public StagePlan placed(StagePlan plan) {
        return scattered.placed(plan);
    }

    @Override
    public void release(String id) {
        Kept there = kept.remove(id);
        if (there != null) there.job().ifPresent(conversation::release);
        scattered.release(id);
        stored.release(id);
    }

    @Override
    public void close() {
        kept.clear();
        rowsOfPublished.clear();
        values.clear();
    }
}
