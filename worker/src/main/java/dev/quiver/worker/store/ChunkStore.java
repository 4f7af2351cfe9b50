package dev.quiver.worker.store;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.error.QuiverException;
import dev.quiver.graph.TaskKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Holds the outputs of tasks, by task and attempt, and frames that a session keeps, by id.
/// Thread-safe.
///
/// What is handed out has an owner of its own: dropping it here doesn't pull it away from a task
/// that still reads.
public final class ChunkStore implements AutoCloseable {
    /// Outputs of fewer bytes aren't worth a file.
    private static final long SPILLED_BYTES_MIN = 256 << 10;

    /// Where outputs go that there is no memory for, and who pays when they come back.
    private record Spilling(SpillDirectory directory, MemoryAccount account) {}

    /// @param output null while it is in a file
    private record Entry(
            int attempt, @Nullable TaskOutput output, @Nullable SpilledOutput spilled) {}

    private final Map<Long, Entry> outputs = new LinkedHashMap<>();
    private final Set<Long> beingSpilled = new HashSet<>();
    private volatile @Nullable Spilling spilling;
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
        outputs.put(key, new Entry(attempt, output, null));
        if (old != null) free(old);
    }

    private void free(Entry entry) {
        if (entry.output != null) free(entry.output);
        if (entry.spilled != null) forget(entry.spilled);
    }

    private void forget(SpilledOutput spilled) {
        Spilling to = spilling;
        if (to != null) to.directory.remove(spilled);
    }

    private void free(TaskOutput output) {
        bytes -= output.bytes();
        output.close();
    }

    /// The output of a task, of whichever attempt is held; the caller owns a share. Null when none
    /// is here.
    ///
    /// @throws QuiverException as [#find(int, int, int)]
    public @Nullable TaskOutput find(int stage, int partition) {
        return find(TaskKey.pack(stage, partition), 0);
    }

    /// The output of one attempt of a task; the caller owns a share. Null when it isn't here.
    ///
    /// @throws QuiverException MEMORY_REFUSED or IO_FAILED when it is in a file and can't be read
    public @Nullable TaskOutput find(int stage, int partition, int attempt) {
        return find(TaskKey.pack(stage, partition), attempt);
    }

    private @Nullable TaskOutput find(long key, int attempt) {
        SpilledOutput spilled;
        synchronized (this) {
            Entry entry = outputs.get(key);
            if (entry == null || attempt != 0 && entry.attempt != attempt) return null;
            if (entry.output != null) return entry.output.retain();
            spilled = Objects.requireNonNull(entry.spilled).retain();
        }
        try (spilled) {
            return spilled.read(Objects.requireNonNull(spilling).account);
        } catch (IOException e) {
            throw SpillDirectory.failed("can't read back", spilled.file(), e);
        }
    }

    /// Has outputs go to files where memory runs short, from now on; both stay the caller's and
    /// outlive the store.
    ///
    /// @param account pays for what comes back
    public void spillTo(SpillDirectory directory, MemoryAccount account) {
        spilling = new Spilling(directory, account);
    }

    /// Puts the output that has been held longest into a file: those who read it keep it in memory
    /// until they have ended. Tables of joins and sorted runs stay. Fits `MemoryPool.addRelief`.
    ///
    /// @return false when there is none, or it can't be written: [SpillDirectory#trouble]
    public boolean spillOldest() {
        Spilling to = spilling;
        if (to == null) return false;
        long key = 0;
        TaskOutput output = null;
        synchronized (this) {
            for (Map.Entry<Long, Entry> each : outputs.entrySet()) {
                TaskOutput held = each.getValue().output;
                if (held == null || held.isTable() || held.isRun()) continue;
                if (held.bytes() < SPILLED_BYTES_MIN || beingSpilled.contains(each.getKey()))
                    continue;
                key = each.getKey();
                output = held.retain();
                beingSpilled.add(key);
                break;
            }
        }
        if (output == null) return false;
        SpilledOutput written = null;
        try (TaskOutput source = output) {
            written = to.directory.write(source).orElse(null);
        } finally {
            swap(key, output, written);
        }
        return written != null;
    }

    private synchronized void swap(long key, TaskOutput output, @Nullable SpilledOutput written) {
        beingSpilled.remove(key);
        if (written == null) return;
        Entry entry = outputs.get(key);
        if (entry == null || entry.output != output) {
            forget(written);
            return;
        }
        outputs.put(key, new Entry(entry.attempt, null, written));
        free(output);
    }

    /// Spills what a ladder says; not longer than that helps.
    public void keepWithin(MemoryLadder ladder, MemoryPool pool) {
        long wanted = ladder.toSpill(pool.usedBytes(), pool.limitBytes());
        if (wanted == 0) return;
        long before = pool.usedBytes();
        while (before - pool.usedBytes() < wanted) if (!spillOldest()) return;
    }

    /// Frees the output of this attempt or an earlier one, if it is here.
    public synchronized void drop(int stage, int partition, int attempt) {
        long key = TaskKey.pack(stage, partition);
        Entry entry = outputs.get(key);
        if (entry == null || entry.attempt > attempt) return;
        outputs.remove(key);
        free(entry);
    }

    /// Frees all outputs of a stage that are here.
    public synchronized void dropStage(int stage) {
        outputs.entrySet()
                .removeIf(entry -> {
                    if (TaskKey.stageOf(entry.getKey()) != stage) return false;
                    free(entry.getValue());
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

    /// Bytes of the values of all that is held in memory.
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
        for (Entry entry : outputs.values()) free(entry);
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
