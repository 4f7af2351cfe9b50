package dev.quiver.client;

import dev.quiver.dataframe.QFuture;
import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.Origin;
import dev.quiver.error.Unavailable;
import dev.quiver.planner.StagePlan;
import dev.quiver.scheduler.server.CatalogEntry;
import dev.quiver.scheduler.server.FirstRows;
import dev.quiver.worker.store.ChunkStore;
import dev.quiver.worker.store.TaskOutput;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;

/// Frames whose chunks are in this process, where tasks read them.
final class StoredFrames implements HeldFrames {
    private final Conversation conversation;
    private final ChunkStore store;
    private final AtomicLong count = new AtomicLong();
    private final Map<String, LogicalPlan.Held> published = new TreeMap<>();

    private final Map<String, ScatteredValue<Object>> values = new TreeMap<>();

    /// Published ones that were released.
    private final Set<String> disowned = new HashSet<>();

    StoredFrames(Conversation conversation) {
        this.conversation = conversation;
        this.store = conversation.backend().outputs();
        conversation.backend().shows(this::shown, this::head);
    }

    /// A name that no other held frame has.
    String newId(String kind) {
        return kind + "-" + count.incrementAndGet();
    }

    @Override
    public String hold(String kind, List<TaskOutput> outputs) {
        String id = newId(kind);
        // A held frame has a partition even when it has no rows.
        store.hold(id, outputs.isEmpty() ? List.of(TaskOutput.ofChunks(List.of())) : outputs);
        return id;
    }

    @Override
    public LogicalPlan.Held persist(StagePlan plan, String label, Progress progress) {
        try (QueryRun run = QueryRun.start(conversation, plan);
                progress) {
            run.await(progress);
            String id = newId("persisted");
            store.hold(id, plan.result(), run.partitions());
            return new LogicalPlan.Held(id, label, plan.schema(), plan.order(), Origin.here());
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
    public boolean isKept(String id) {
        return store.holds(id);
    }

    @Override
    public synchronized void publish(LogicalPlan.Held frame, String name) {
        requireFree(name);
        published.put(name, frame);
    }

    @Override
    public synchronized List<String> publishedNames() {
        var names = new TreeSet<>(published.keySet());
        names.addAll(values.keySet());
        return List.copyOf(names);
    }

    @Override
    public synchronized LogicalPlan.Held published(String name) {
        LogicalPlan.Held frame = published.get(name);
        if (frame != null) return frame;
        throw values.containsKey(name)
                ? Published.noFrame(name)
                : Published.missing(name, publishedNames());
    }

    @Override
    public synchronized void publish(Object value, String name) {
        requireFree(name);
        values.put(name, conversation.tasks().scatter(value, ScatteredValue.Reach.ALL));
    }

    /// For those who look at this process.
    private synchronized List<CatalogEntry> shown() {
        var shown = new TreeMap<String, CatalogEntry>();
        published.forEach((name, frame) -> shown.put(name, shown(name, frame)));
        values.forEach((name, value) -> shown.put(name, shown(name, value)));
        return List.copyOf(shown.values());
    }

    private CatalogEntry shown(String name, LogicalPlan.Held frame) {
        List<ChunkStore.Size> sizes = store.heldSizes(frame.id());
        return new CatalogEntry(
                name,
                -1,
                Optional.of(frame.schema()),
                sizes.size(),
                0,
                sizes.stream().mapToLong(ChunkStore.Size::rows).sum(),
                sizes.stream().mapToLong(ChunkStore.Size::bytes).sum(),
                List.of());
    }

    /// Its first rows, for those who look at this process.
    private FirstRows head(String name) {
        LogicalPlan.Held frame;
        synchronized (this) {
            frame = published.get(name);
        }
        if (frame == null) return HeldHead.GONE;
        return new HeldHead(store, frame).read();
    }

    /// Where it is held as the object that it is, its bytes aren't known.
    private static CatalogEntry shown(String name, ScatteredValue<Object> value) {
        int stage = value.key().stage();
        return new CatalogEntry(name, stage, Optional.empty(), 1, 0, 1, -1, List.of());
    }

    private void requireFree(String name) {
        if (published.containsKey(name) || values.containsKey(name))
            throw Published.taken(name, "there is something of that name already");
    }

    @Override
    public synchronized <R> QFuture<R> publishedValue(String name) {
        ScatteredValue<Object> value = values.get(name);
        if (value != null)
            return new PublishedValue<>(conversation.tasks(), value.key().stage(), value.held());
        throw published.containsKey(name)
                ? Published.noValue(name)
                : Published.missing(name, publishedNames());
    }

    @Override
    public synchronized void withdraw(String name) {
        ScatteredValue<Object> value = values.remove(name);
        if (value != null) {
            value.close();
            return;
        }
        String id = published(name).id();
        published.remove(name);
        if (!isPublished(id) && disowned.remove(id)) store.release(id);
    }

    private boolean isPublished(String id) {
        return published.values().stream().anyMatch(frame -> frame.id().equals(id));
    }

    @Override
    public synchronized void release(String id) {
        if (isPublished(id)) disowned.add(id);
        else store.release(id);
    }

    @Override
    public void close() {}
}
