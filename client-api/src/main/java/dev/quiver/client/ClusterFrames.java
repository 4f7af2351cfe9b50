package dev.quiver.client;

import dev.quiver.dataframe.QFuture;
import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.RowOrder;
import dev.quiver.error.Cancelled;
import dev.quiver.error.Unavailable;
import dev.quiver.planner.StagePlan;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.scheduler.state.PublishedJob;
import dev.quiver.schema.Schema;
import dev.quiver.worker.store.TaskOutput;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Frames whose chunks are on workers: a persisted frame is the kept output of a stage that later
/// stages depend on, and rows of this process are sent there when a query first reads them.
final class ClusterFrames implements HeldFrames {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LOOK_MILLIS = 5;

    private final Conversation conversation;
    private final StoredFrames stored;
    private final ScatteredFrames scattered;
    private final Function<LogicalPlan, List<TaskOutput>> fetch;
    private final Map<String, Kept> kept = new ConcurrentHashMap<>();

    /// The values that this process has published and would send again, by their names.
    private final Map<String, ScatteredValue<?>> values = new ConcurrentHashMap<>();

    /// A run whose result stays where it is until the run is closed.
    ///
    /// @param run null when the frame is another's, found in the catalog
    private record Kept(@Nullable QueryRun run, StageOutput output, LogicalPlan.Held frame) {}

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
    public boolean isKept(String id) {
        Kept there = kept.get(id);
        return there != null && there.run() != null;
    }

    @Override
    public void publish(LogicalPlan.Held frame, String name) {
        Kept there = kept.get(frame.id());
        QueryRun run = there == null ? null : there.run();
        if (there == null || run == null)
            throw Published.taken(name, "it was released, or is another's");
        var content =
                new PublishedFrame(
                        there.output().stage(),
                        frame.label(),
                        frame.schema(),
                        frame.order(),
                        there.output().parts());
        publish(run.job(), name, content);
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
        var frame = new LogicalPlan.Held(id, found.label(), found.schema(), found.order());
        kept.put(id, new Kept(null, new StageOutput(found.stage(), found.parts()), frame));
        return frame;
    }

    @Override
    public void withdraw(String name) {
        long job = find(name).job();
        conversation.say(new ClientMessage.NameWithdrawn(name));
        await(() ->
                conversation.backend().catalog().stream()
                        .noneMatch(found -> found.name().equals(name) && found.job() == job));
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
        QueryRun run = there == null ? null : there.run();
        if (run != null) run.close();
        scattered.release(id);
        stored.release(id);
    }

    @Override
    public void close() {
        kept.clear();
        values.clear();
    }
}
