package dev.quiver.worker.store;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.MemoryRelief;
import dev.quiver.error.QuiverException;
import dev.quiver.graph.TaskKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Holds the outputs of tasks, by task and attempt, and frames that a session keeps, by id.
/// Thread-safe.
///
/// What is handed out has an owner of its own: dropping it here doesn't pull it away from a task
/// that still reads.
public final class ChunkStore implements MemoryRelief, AutoCloseable {
    private static final int WHOLE = -1;

    /// Outputs of fewer bytes aren't worth a file.
    private static final long SPILLED_BYTES_MIN = 256 << 10;

    /// An output, in memory or in a file.
    private static final class Entry {
        final int attempt;
        @Nullable TaskOutput output;
        @Nullable SpilledOutput spilled;
        boolean isBeingSpilled;

        Entry(int attempt, TaskOutput output) {
            this.attempt = attempt;
            this.output = output;
        }

        /// Whether that would free memory worth a file.
        boolean canBeSpilled() {
            TaskOutput held = output;
            if (held == null || isBeingSpilled || held.isShared()) return false;
            return held.bytes() >= SPILLED_BYTES_MIN;
        }

        int chunkCount() {
            TaskOutput held = output;
            return held != null
                    ? held.chunks().size()
                    : Objects.requireNonNull(spilled).chunkCount();
        }

        boolean isTable() {
            return output != null && output.isTable();
        }
    }

    private final Map<Long, Entry> outputs = new LinkedHashMap<>();
    private volatile @Nullable Spilling spilling;
    private final Map<String, List<Entry>> held = new LinkedHashMap<>();
    private final Map<String, SeenKeys> seenKeys = new ConcurrentHashMap<>();
    private long bytes;
    private boolean closed;

    /// Holds the output of an attempt, which is taken over. An output of an earlier attempt goes;
    /// that of a later one stays and the new one goes. Where memory is short, others go to files
    /// meanwhile.
    public void put(int stage, int partition, int attempt, TaskOutput output) {
        add(TaskKey.pack(stage, partition), attempt, output);
        keepWithinLadder();
    }

    private synchronized void add(long key, int attempt, TaskOutput output) {
        if (closed) {
            output.close();
            return;
        }
        Entry old = outputs.get(key);
        if (old != null && old.attempt > attempt) {
            output.close();
            return;
        }
        bytes += output.bytes();
        outputs.put(key, new Entry(attempt, output));
        if (old != null) free(old);
    }

    /// Nobody finds the entry any more.
    private void free(Entry entry) {
        TaskOutput output = entry.output;
        SpilledOutput spilled = entry.spilled;
        entry.output = null;
        entry.spilled = null;
        if (output != null) free(output);
        if (spilled != null) forget(spilled);
    }

    private void forget(SpilledOutput spilled) {
        Spilling to = spilling;
        if (to != null) to.directory().remove(spilled);
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
        return find(stage, partition, 0);
    }

    /// The output of one attempt of a task; the caller owns a share. Null when it isn't here.
    ///
    /// @throws QuiverException IO_FAILED when it is in a file and can't be read, MEMORY_REFUSED
    ///   when it is a join's table there and its index finds no room
    public @Nullable TaskOutput find(int stage, int partition, int attempt) {
        return find(TaskKey.pack(stage, partition), attempt, WHOLE);
    }

    /// An output of a stage that is in memory, any; the caller owns a share. Null when there is
    /// none.
    public synchronized @Nullable TaskOutput findAny(int stage) {
        for (Map.Entry<Long, Entry> each : outputs.entrySet()) {
            TaskOutput output = each.getValue().output;
            if (TaskKey.stageOf(each.getKey()) == stage && output != null) return output.retain();
        }
        return null;
    }

    /// One slice of an output, of whichever attempt is held, or more than that; the caller owns a
    /// share. Null when it isn't here.
    ///
    /// @throws QuiverException IO_FAILED when it is in a file and can't be read
    public @Nullable TaskOutput findSlice(int stage, int partition, int slice) {
        return findSlice(stage, partition, 0, slice);
    }

    /// One slice of an attempt's output, or more than that, as [#findSlice(int, int, int)].
    public @Nullable TaskOutput findSlice(int stage, int partition, int attempt, int slice) {
        return find(TaskKey.pack(stage, partition), attempt, slice);
    }

    /// How many rows each slice of an output has, without reading it back.
    ///
    /// @param attempt 0 for whichever is held
    /// @return null when it isn't here
    public synchronized long @Nullable [] sliceRows(int stage, int partition, int attempt) {
        Entry entry = outputs.get(TaskKey.pack(stage, partition));
        if (entry == null || attempt != 0 && entry.attempt != attempt) return null;
        TaskOutput there = entry.output;
        return there != null
                ? there.sliceRows()
                : Objects.requireNonNull(entry.spilled).sliceRows();
    }

    private @Nullable TaskOutput find(long key, int attempt, int slice) {
        SpilledOutput spilled;
        synchronized (this) {
            Entry entry = outputs.get(key);
            if (entry == null || attempt != 0 && entry.attempt != attempt) return null;
            if (entry.output != null) return entry.output.retain();
            spilled = Objects.requireNonNull(entry.spilled).retain();
        }
        try (spilled) {
            TaskOutput read = read(spilled, slice);
            if (read.isTable()) takeBack(key, spilled, read);
            return read;
        }
    }

    /// Has a table in memory again, as its index isn't made for each reader.
    private synchronized void takeBack(long key, SpilledOutput spilled, TaskOutput read) {
        Entry entry = outputs.get(key);
        if (entry == null || entry.spilled != spilled) return;
        entry.output = read.retain();
        entry.spilled = null;
        bytes += read.bytes();
        forget(spilled);
    }

    private TaskOutput read(SpilledOutput spilled, int slice) {
        try {
            MemoryAccount account = Objects.requireNonNull(spilling).account();
            return slice == WHOLE ? spilled.read(account) : spilled.read(slice, account);
        } catch (IOException e) {
            throw SpillDirectory.failed("can't read back", spilled.file(), e);
        }
    }

    /// Has outputs and frames go to files where memory runs short, until the store is closed; all
    /// stay the caller's and outlive the store.
    ///
    /// @param account of the tables of joins that come back, and of whose pool the ladder tells
    public void spillTo(SpillDirectory directory, MemoryAccount account, MemoryLadder ladder) {
        spillTo(new Spilling(directory, account, ladder));
    }

    private void spillTo(Spilling to) {
        spilling = to;
        to.account().pool().addRelief(this);
    }

    /// As [#spillTo(SpillDirectory, MemoryAccount, MemoryLadder)].
    ///
    /// @param before is asked for memory before something is put into a file
    public void spillTo(
            SpillDirectory directory,
            MemoryAccount account,
            MemoryLadder ladder,
            MemoryRelief before) {
        spillTo(new Spilling(directory, account, ladder, before));
    }

    /// What tasks may set aside: what can go to files isn't in their way.
    ///
    /// @throws IllegalStateException before [#spillTo]
    public long freeBytes() {
        return freeBytes(0);
    }

    /// The same where others have memory of the pool that they can free, too.
    ///
    /// @param others bytes that others hold and can put into files
    /// @throws IllegalStateException before [#spillTo]
    public long freeBytes(long others) {
        Spilling to = spilling;
        if (to == null) throw new IllegalStateException("it spills nowhere");
        MemoryPool pool = to.account().pool();
        return to.ladder()
                .free(Math.max(0, pool.usedBytes() - bytes() - others), pool.limitBytes());
    }

    /// What went into files and came back.
    public SpillTraffic spillTraffic() {
        Spilling to = spilling;
        return to == null ? SpillTraffic.NONE : to.directory().traffic();
    }

    /// Bytes of the files of what was spilled.
    public long spilledBytes() {
        Spilling to = spilling;
        return to == null ? 0 : to.directory().bytes();
    }

    @Override
    public boolean relieve() {
        Spilling to = spilling;
        return to != null && (to.before().relieve() || spillOldest());
    }

    @Override
    public Optional<String> trouble() {
        Spilling to = spilling;
        return to == null ? Optional.empty() : to.trouble();
    }

    /// Puts what has been held longest and nobody reads into a file: of frames first, then of
    /// outputs, of tables of joins last.
    ///
    /// @return false when there is none, or it can't be written: [SpillDirectory#trouble]
    public boolean spillOldest() {
        Spilling to = spilling;
        if (to == null) return false;
        Entry oldest;
        TaskOutput output;
        synchronized (this) {
            oldest = oldestInMemory();
            if (oldest == null) return false;
            oldest.isBeingSpilled = true;
            output = Objects.requireNonNull(oldest.output).retain();
        }
        SpilledOutput written = null;
        try (TaskOutput source = output) {
            written = to.directory().write(source).orElse(null);
        } finally {
            swap(oldest, written);
        }
        return written != null;
    }

    private @Nullable Entry oldestInMemory() {
        @Nullable Entry table = null;
        for (List<Entry> partitions : held.values())
            for (Entry entry : partitions) if (entry.canBeSpilled()) return entry;
        for (Entry entry : outputs.values()) {
            if (!entry.canBeSpilled()) continue;
            if (!entry.isTable()) return entry;
            if (table == null) table = entry;
        }
        return table;
    }

    private synchronized void swap(Entry entry, @Nullable SpilledOutput written) {
        entry.isBeingSpilled = false;
        if (written == null) return;
        TaskOutput output = entry.output;
        if (output == null) {
            forget(written); // it was freed meanwhile
            return;
        }
        entry.output = null;
        entry.spilled = written;
        free(output);
    }

    private void keepWithinLadder() {
        Spilling to = spilling;
        if (to != null) to.keepWithinLadder(this::relieve);
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
    public void hold(String id, List<TaskOutput> partitions) {
        addHeld(id, partitions);
        keepWithinLadder();
    }

    /// Keeps the outputs of a stage under an id, as a frame; they aren't the stage's any more.
    ///
    /// @param partitions how many it has; those that aren't here are left out
    public synchronized void hold(String id, int stage, int partitions) {
        var entries = new ArrayList<Entry>();
        for (int partition = 0; partition < partitions; partition++) {
            Entry entry = outputs.remove(TaskKey.pack(stage, partition));
            if (entry != null) entries.add(entry);
        }
        if (entries.isEmpty()) entries.add(new Entry(0, TaskOutput.ofChunks(List.of())));
        List<Entry> old = held.put(id, List.copyOf(entries));
        if (old != null) old.forEach(this::free);
    }

    private synchronized void addHeld(String id, List<TaskOutput> partitions) {
        if (closed) {
            partitions.forEach(TaskOutput::close);
            return;
        }
        for (TaskOutput output : partitions) bytes += output.bytes();
        List<Entry> old = held.put(id, partitions.stream().map(o -> new Entry(0, o)).toList());
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
    /// @throws QuiverException IO_FAILED when some are in a file and can't be read
    public synchronized @Nullable List<Chunk> heldChunks(String id, int part, int parts) {
        List<Entry> partitions = held.get(id);
        if (partitions == null) return null;
        if (partitions.size() == parts) return chunks(List.of(partitions.get(part)));
        long all = 0;
        for (Entry entry : partitions) all += entry.chunkCount();
        long from = all * part / parts;
        long to = all * (part + 1) / parts;
        if (from == to) return List.of();
        var overlapping = new ArrayList<Entry>();
        long before = 0; // how many chunks those have that come before the overlapping ones
        long at = 0;
        for (Entry entry : partitions) {
            long next = at + entry.chunkCount();
            if (next <= from) before = next;
            else if (at < to) overlapping.add(entry);
            at = next;
        }
        List<Chunk> read = chunks(overlapping);
        int first = (int) (from - before);
        int end = first + (int) (to - from);
        read.subList(0, first).forEach(Chunk::close);
        read.subList(end, read.size()).forEach(Chunk::close);
        return read.subList(first, end);
    }

    private List<Chunk> chunks(List<Entry> partitions) {
        var chunks = new ArrayList<Chunk>();
        boolean done = false;
        try {
            for (Entry entry : partitions) {
                TaskOutput output =
                        entry.output != null
                                ? entry.output.retain()
                                : read(Objects.requireNonNull(entry.spilled), WHOLE);
                try (output) {
                    if (output.chunks().size() != entry.chunkCount())
                        throw new IllegalStateException("a file has other chunks than it had");
                    for (Chunk chunk : output.chunks()) chunks.add(chunk.retain());
                }
            }
            done = true;
            return List.copyOf(chunks);
        } finally {
            if (!done) chunks.forEach(Chunk::close);
        }
    }

    /// Rows and bytes of a held frame, by partition; empty when it isn't held.
    public synchronized List<Size> heldSizes(String id) {
        return held.getOrDefault(id, List.of()).stream().map(ChunkStore::size).toList();
    }

    private static Size size(Entry entry) {
        TaskOutput output = entry.output;
        if (output != null) return new Size(output.rows(), output.bytes());
        SpilledOutput spilled = Objects.requireNonNull(entry.spilled);
        return new Size(spilled.rows(), spilled.bytes());
    }

    /// How much an output holds.
    public record Size(long rows, long bytes) {}

    /// A frame that is held.
    ///
    /// @param bytes as it was in memory
    /// @param spilledBytes those of them that are in files
    public record Frame(String id, int partitions, long rows, long bytes, long spilledBytes) {}

    /// All frames that are held, in the order in which they came.
    public synchronized List<Frame> heldFrames() {
        var frames = new ArrayList<Frame>();
        held.forEach((id, entries) -> frames.add(frame(id, entries)));
        return frames;
    }

    private static Frame frame(String id, List<Entry> entries) {
        long rows = 0;
        long bytes = 0;
        long spilled = 0;
        for (Entry entry : entries) {
            Size size = size(entry);
            rows += size.rows();
            bytes += size.bytes();
            if (entry.output == null) spilled += size.bytes();
        }
        return new Frame(id, entries.size(), rows, bytes, spilled);
    }

    /// Lets a held frame go.
    public synchronized void release(String id) {
        List<Entry> old = held.remove(id);
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
        Spilling to = spilling;
        if (to != null) to.account().pool().removeRelief(this);
        outputs.values().forEach(this::free);
        outputs.clear();
        held.values().forEach(partitions -> partitions.forEach(this::free));
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
