package dev.quiver.worker.store;

import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryRelief;
import dev.quiver.error.QuiverException;
import dev.quiver.graph.TaskKey;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Holds what user code returned as bytes, by task and attempt; where memory is short they go to
/// files, the oldest first. Thread-safe.
public final class ObjectStore implements MemoryRelief, AutoCloseable {
    /// Objects of fewer bytes aren't worth a file.
    private static final int SPILLED_BYTES_MIN = 64 << 10;

    /// An object, in memory or in a file.
    private static final class Entry {
        final int attempt;
        @Nullable ObjectBytes bytes;
        @Nullable SpilledObject spilled;

        Entry(int attempt, ObjectBytes bytes) {
            this.attempt = attempt;
            this.bytes = bytes;
        }
    }

    private final Map<Long, Entry> entries = new LinkedHashMap<>();

    /// Those of them that may go to files, the oldest first.
    private final Map<Long, Entry> large = new LinkedHashMap<>();

    private long largeBytes;
    private volatile @Nullable Spilling spilling;
    private boolean closed;

    /// Has objects go to files where memory runs short, until the store is closed; all stay the
    /// caller's and outlive the store.
    public void spillTo(SpillDirectory directory, MemoryAccount account, MemoryLadder ladder) {
        spilling = new Spilling(directory, account, ladder);
        account.pool().addRelief(this);
    }

    /// Holds what an attempt returned.
    ///
    /// @param bytes taken over
    public void put(int stage, int partition, int attempt, ObjectBytes bytes) {
        add(TaskKey.pack(stage, partition), attempt, bytes);
        keepWithinLadder();
    }

    private synchronized void add(long key, int attempt, ObjectBytes bytes) {
        Entry old = entries.get(key);
        if (closed || old != null && old.attempt > attempt) {
            bytes.close();
            return;
        }
        if (old != null) remove(key, old);
        var entry = new Entry(attempt, bytes);
        entries.put(key, entry);
        if (bytes.bytes() < SPILLED_BYTES_MIN) return;
        large.put(key, entry);
        largeBytes += bytes.bytes();
    }

    /// Nobody finds it any more. Under the lock.
    private void remove(long key, Entry entry) {
        entries.remove(key);
        ObjectBytes bytes = entry.bytes;
        if (large.remove(key, entry) && bytes != null) largeBytes -= bytes.bytes();
        if (bytes != null) bytes.close();
        entry.bytes = null;
        SpilledObject spilled = entry.spilled;
        Spilling to = spilling;
        if (spilled != null && to != null) to.directory().remove(spilled);
    }

    /// What an attempt returned; the caller owns a share. Null when it isn't here.
    ///
    /// @throws QuiverException IO_FAILED when it is in a file and can't be read, MEMORY_REFUSED
    ///   when there is no room for it
    public @Nullable ObjectBytes find(int stage, int partition, int attempt) {
        long key = TaskKey.pack(stage, partition);
        SpilledObject spilled;
        synchronized (this) {
            Entry entry = entries.get(key);
            if (entry == null || entry.attempt != attempt) return null;
            if (entry.bytes != null) return entry.bytes.retain();
            spilled = entry.spilled;
        }
        Spilling from = spilling;
        if (spilled == null || from == null)
            throw new IllegalStateException("neither in memory nor in a file");
        try {
            return ObjectBytes.counted(from.directory().read(spilled), from.account());
        } catch (NoSuchFileException e) {
            if (!holds(key, spilled)) return null; // dropped meanwhile
            throw SpillDirectory.failed("can't read back", spilled.file(), e);
        } catch (IOException e) {
            throw SpillDirectory.failed("can't read back", spilled.file(), e);
        }
    }

    private synchronized boolean holds(long key, SpilledObject spilled) {
        Entry entry = entries.get(key);
        return entry != null && spilled.equals(entry.spilled);
    }

    /// Lets go of what this attempt or an earlier one returned, if it is here.
    public synchronized void drop(int stage, int partition, int attempt) {
        long key = TaskKey.pack(stage, partition);
        Entry entry = entries.get(key);
        if (entry != null && entry.attempt <= attempt) remove(key, entry);
    }

    /// Bytes in memory that may go to files.
    public synchronized long spillableBytes() {
        return largeBytes;
    }

    @Override
    public boolean relieve() {
        return spillOldest();
    }

    @Override
    public Optional<String> trouble() {
        Spilling to = spilling;
        return to == null ? Optional.empty() : to.trouble();
    }

    /// @return false when there is nothing, or it can't be written
    private boolean spillOldest() {
        Spilling to = spilling;
        if (to == null) return false;
        long key;
        Entry entry;
        ObjectBytes bytes;
        synchronized (this) {
            var oldest = large.entrySet().iterator();
            if (!oldest.hasNext()) return false;
            Map.Entry<Long, Entry> found = oldest.next();
            key = found.getKey();
            entry = found.getValue();
            ObjectBytes held = entry.bytes;
            if (held == null) throw new IllegalStateException("it is in a file already");
            bytes = held.retain();
            large.remove(key);
            largeBytes -= bytes.bytes();
        }
        Optional<SpilledObject> written = Optional.empty();
        try (bytes) {
            written = to.directory().write(bytes);
        } finally {
            swap(key, entry, written, to);
        }
        return written.isPresent();
    }

    private synchronized void swap(
            long key, Entry entry, Optional<SpilledObject> written, Spilling to) {
        ObjectBytes bytes = entry.bytes;
        if (bytes == null) { // it was dropped meanwhile
            written.ifPresent(to.directory()::remove);
            return;
        }
        if (written.isEmpty()) {
            large.put(key, entry);
            largeBytes += bytes.bytes();
            return;
        }
        entry.spilled = written.get();
        entry.bytes = null;
        bytes.close();
    }

    private void keepWithinLadder() {
        Spilling to = spilling;
        if (to != null) to.keepWithinLadder(this::spillOldest);
    }

    /// Lets everything go; what comes later goes at once.
    @Override
    public synchronized void close() {
        closed = true;
        Spilling to = spilling;
        if (to != null) to.account().pool().removeRelief(this);
        for (Map.Entry<Long, Entry> entry : Map.copyOf(entries).entrySet())
            remove(entry.getKey(), entry.getValue());
    }
}
