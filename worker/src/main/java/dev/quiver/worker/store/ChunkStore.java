package dev.quiver.worker.store;

import dev.quiver.columnar.Chunk;
import dev.quiver.graph.TaskKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Holds the outputs of tasks, by task and attempt, and frames that a session keeps, by id.
/// Thread-safe.
///
/// What is handed out has an owner of its own: dropping it here doesn't pull it away from a task
/// that still reads.
public final class ChunkStore implements AutoCloseable {
    private record Entry(int attempt, TaskOutput output) {}

    private final Map<Long, Entry> outputs = new HashMap<>();
    private final Map<String, List<TaskOutput>> held = new HashMap<>();
    private final Map<String, SeenKeys> seenKeys = new ConcurrentHashMap<>();
    private long bytes;
    private boolean closed;

    /// Holds the output of an attempt, which is taken over. An output of an earlier attempt goes;
    /// that of a later one stays and the new one goes.
    public synchronized void put(int stage, int partition, int attempt, TaskOutput output) {
        if (closed) {
            output.close();
            return;
        }
        long key = TaskKey.pack(stage, partition);
        Entry old = outputs.get(key);
        if (old != null && old.attempt > attempt) {
            output.close();
            return;
        }
        bytes += output.bytes();
        outputs.put(key, new Entry(attempt, output));
        if (old != null) free(old.output);
    }

    private void free(TaskOutput output) {
        bytes -= output.bytes();
        output.close();
    }

    /// The output of a task, of whichever attempt is held; the caller owns a share. Null when none
    /// is here.
    public synchronized @Nullable TaskOutput find(int stage, int partition) {
        Entry entry = outputs.get(TaskKey.pack(stage, partition));
        return entry == null ? null : entry.output.retain();
    }

    /// The output of one attempt of a task; the caller owns a share. Null when it isn't here.
    public synchronized @Nullable TaskOutput find(int stage, int partition, int attempt) {
        Entry entry = outputs.get(TaskKey.pack(stage, partition));
        return entry == null || entry.attempt != attempt ? null : entry.output.retain();
    }

    /// Frees the output of this attempt or an earlier one, if it is here.
    public synchronized void drop(int stage, int partition, int attempt) {
        long key = TaskKey.pack(stage, partition);
        Entry entry = outputs.get(key);
        if (entry == null || entry.attempt > attempt) return;
        outputs.remove(key);
        free(entry.output);
    }

    /// Frees all outputs of a stage that are here.
    public synchronized void dropStage(int stage) {
        outputs.entrySet()
                .removeIf(entry -> {
                    if (TaskKey.stageOf(entry.getKey()) != stage) return false;
                    free(entry.getValue().output);
                    return true;
                });
    }

    /// Keeps a frame under an id, one output a partition, which are taken over. A frame of the same
    /// id goes.
    public synchronized void hold(String id, List<TaskOutput> partitions) {
        if (closed) {
            partitions.forEach(TaskOutput::close);
            return;
        }
        for (TaskOutput output : partitions) bytes += output.bytes();
        List<TaskOutput> old = held.put(id, List.copyOf(partitions));
        if (old != null) old.forEach(this::free);
    }

    /// Whether a frame is held under that id.
    public synchronized boolean holds(String id) {
        return held.containsKey(id);
    }

    /// The chunks of part `part` of `parts` of a held frame, each with a share of the caller's.
    /// When the frame was held in another number of partitions, its chunks are dealt out evenly, in
    /// order.
    ///
    /// @return null when nothing is held under that id
    public synchronized @Nullable List<Chunk> heldChunks(String id, int part, int parts) {
        List<TaskOutput> partitions = held.get(id);
        if (partitions == null) return null;
        List<Chunk> chunks;
        if (partitions.size() == parts) {
            chunks = partitions.get(part).chunks();
        } else {
            var all = new ArrayList<Chunk>();
            for (TaskOutput output : partitions) all.addAll(output.chunks());
            int from = (int) ((long) all.size() * part / parts);
            int to = (int) ((long) all.size() * (part + 1) / parts);
            chunks = all.subList(from, to);
        }
        chunks.forEach(Chunk::retain);
        return List.copyOf(chunks);
    }

    /// Rows and bytes of a held frame, by partition; empty when it isn't held.
    public synchronized List<Size> heldSizes(String id) {
        List<TaskOutput> partitions = held.getOrDefault(id, List.of());
        return partitions.stream().map(o -> new Size(o.rows(), o.bytes())).toList();
    }

    /// How much an output holds.
    public record Size(long rows, long bytes) {}

    /// Lets a held frame go.
    public synchronized void release(String id) {
        List<TaskOutput> old = held.remove(id);
        if (old != null) old.forEach(this::free);
    }

    /// Bytes of the values of all that is held.
    public synchronized long bytes() {
        return bytes;
    }

    /// How many outputs of tasks are held.
    public synchronized int outputCount() {
        return outputs.size();
    }

    /// Lets everything go; what comes later goes at once.
    @Override
    public synchronized void close() {
        closed = true;
        for (Entry entry : outputs.values()) free(entry.output);
        outputs.clear();
        for (List<TaskOutput> partitions : held.values()) partitions.forEach(this::free);
        held.clear();
    }

    /// Keeps the keys that a load has seen under a name, until it is released; they stay the
    /// caller's.
    public void holdSeenKeys(String load, SeenKeys keys) {
        seenKeys.put(load, keys);
    }

    public void releaseSeenKeys(String load) {
        seenKeys.remove(load);
    }

    /// The keys that a load has seen.
    public SeenKeys seenKeys(String load) {
        SeenKeys keys = seenKeys.get(load);
        if (keys != null) return keys;
        throw new IllegalStateException("no keys are held of load '%s'".formatted(load));
    }
}
