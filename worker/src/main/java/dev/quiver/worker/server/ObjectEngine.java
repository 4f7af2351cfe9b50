package dev.quiver.worker.server;

import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskKey;
import dev.quiver.operator.Closures;
import dev.quiver.protocol.InputRun;
import dev.quiver.worker.state.WorkerCommand;
import dev.quiver.worker.store.CopyStore;
import dev.quiver.worker.store.ObjectBytes;
import dev.quiver.worker.store.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Runs user code and holds the objects that it returned.
///
/// Among other workers each object is made to bytes by the thread that ran its task, so that others
/// can have it without running any of the user's code here.
public final class ObjectEngine implements Engine {
    /// An object of more bytes is kept as bytes alone.
    private static final int KEPT_BYTES_MAX = 64 << 10;

    private final @Nullable Peers peers;
    private final ObjectStore store;
    private final Map<Integer, Closures.Source> sources = new ConcurrentHashMap<>();
    private final Set<Integer> wanted = ConcurrentHashMap.newKeySet();
    private final Map<Long, Held> outputs = new ConcurrentHashMap<>();

    /// Of a worker without others.
    public ObjectEngine() {
        this(null, new ObjectStore());
    }

    /// @param peers null for a worker without others
    /// @param store for objects that are kept as bytes; stays the caller's
    public ObjectEngine(@Nullable Peers peers, ObjectStore store) {
        this.store = store;
        this.peers = peers;
    }

    /// @param value what a function returned: null when that was null or when it isn't `kept`
    private record Held(int attempt, @Nullable Object value, boolean kept) {}

    @Override
    public void open(Stage stage) {
        if (!(stage.program() instanceof Closures(var source)))
            throw new IllegalArgumentException(
                    "stage '%s' doesn't run closures".formatted(stage.name()));
        sources.put(stage.id(), source);
        if (stage.wanted()) wanted.add(stage.id());
    }

    @Override
    public void close(int stage) {
        sources.remove(stage);
        wanted.remove(stage);
    }

    /// Whether the client wants what the tasks of a stage return.
    public boolean isWanted(int stage) {
        return wanted.contains(stage);
    }

    @Override
    public Output run(Attempt attempt) throws Exception {
        int stage = attempt.stage();
        Closures.Source source = sources.get(stage);
        if (source == null)
            throw new IllegalStateException("stage %d isn't open".formatted(attempt.stage()));
        Object result = source.closure(attempt.partition()).call(inputs(attempt.inputs()));
        long key = TaskKey.pack(stage, attempt.partition());
        if (peers == null) {
            outputs.put(key, new Held(attempt.number(), result, true));
            return Output.OBJECT;
        }
        ObjectBytes bytes =
                ObjectBytes.counted(peers.codec().encode(stage, result), peers.account());
        long size = bytes.bytes();
        boolean kept = size <= KEPT_BYTES_MAX;
        store.put(stage, attempt.partition(), attempt.number(), bytes);
        outputs.put(key, new Held(attempt.number(), kept ? result : null, kept));
        return new Output(1, size);
    }

    /// Holds an object that no closure here returned, as the result of an attempt.
    ///
    /// @param bytes taken over
    public void hold(int stage, int partition, int attempt, ObjectBytes bytes) {
        store.put(stage, partition, attempt, bytes);
        outputs.put(TaskKey.pack(stage, partition), new Held(attempt, null, false));
    }

    @Override
    public void keep(int stage, int partition, int attempt) {
        CopyStore.Copy copy = peers == null ? null : peers.whole(stage, partition, attempt);
        if (copy instanceof ObjectBytes bytes) hold(stage, partition, attempt, bytes);
        else if (copy != null) copy.close();
    }

    private List<Object> inputs(List<InputRun> runs) throws Exception {
        if (runs.isEmpty()) return List.of();
        var values = new ArrayList<>();
        Peers others = peers;
        for (InputRun run : runs) {
            if (others != null && run.worker() != others.worker()) {
                for (int partition = run.from(); partition < run.to(); partition++)
                    values.add(copied(others, run, partition));
                continue;
            }
            for (int partition = run.from(); partition < run.to(); partition++)
                values.add(own(run.stage(), partition));
        }
        return values;
    }

    private static Object copied(Peers peers, InputRun run, int partition) throws Exception {
        var copy = peers.copy(run, partition, WorkerCommand.WHOLE);
        try {
            if (!(copy instanceof ObjectBytes bytes))
                throw new IllegalStateException(
                        "task %d/%d made chunks, and a function reads them as an object"
                                .formatted(run.stage(), partition));
            return decoded(peers, run.stage(), bytes);
        } finally {
            copy.close();
        }
    }

    private static Object decoded(Peers peers, int stage, ObjectBytes bytes) throws Exception {
        Object known = bytes.value();
        if (known != null) return known;
        Object made = peers.codec().decode(stage, bytes.array());
        bytes.keep(made);
        return made;
    }

    private @Nullable Object own(int stage, int partition) throws Exception {
        Held held = held(stage, partition);
        if (held.kept() || peers == null) return held.value();
        try (ObjectBytes bytes = find(stage, partition, held.attempt())) {
            if (bytes == null) throw missing(stage, partition);
            return decoded(peers, stage, bytes);
        }
    }

    private Held held(int stage, int partition) {
        Held held = outputs.get(TaskKey.pack(stage, partition));
        if (held == null) throw missing(stage, partition);
        return held;
    }

    private static IllegalStateException missing(int stage, int partition) {
        return new IllegalStateException(
                "the output of task %d/%d isn't here".formatted(stage, partition));
    }

    /// The object that a task returned, in a worker without others.
    ///
    /// @throws IllegalStateException when it isn't held
    @SuppressWarnings("NullAway") // whatever a function returned
    public Object value(int stage, int partition) {
        Held held = held(stage, partition);
        if (held.kept()) return held.value();
        throw new IllegalStateException(
                "the output of task %d/%d is held as bytes".formatted(stage, partition));
    }

    /// The bytes of the object that an attempt returned; the caller owns a share. Null when they
    /// aren't here.
    public @Nullable ObjectBytes find(int stage, int partition, int attempt) {
        return store.find(stage, partition, attempt);
    }

    /// The object that a task returned; null when it isn't held.
    public @Nullable Object peek(int stage, int partition) {
        Held held = outputs.get(TaskKey.pack(stage, partition));
        return held == null ? null : held.value();
    }

    @Override
    public void drop(int stage, int partition, int attempt) {
        outputs.computeIfPresent(
                TaskKey.pack(stage, partition),
                (_, held) -> {
                    if (held.attempt() > attempt) return held;
                    if (peers != null) store.drop(stage, partition, attempt);
                    return null;
                });
    }

    /// How many objects are held.
    public int size() {
        return outputs.size();
    }
}
