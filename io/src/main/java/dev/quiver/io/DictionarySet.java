package dev.quiver.io;

import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryRelief;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The dictionaries of a session: one a scan and column, made when first asked for, so that all
/// partitions of a column share their codes. Thread-safe.
///
/// Those of scans that no reader has open stay for the next one, up to a share of the budget, and
/// go when others want their memory. Chunks pin the values they use, so they outlive the set.
public final class DictionarySet implements AutoCloseable {
    /// The share of the budget that dictionaries may take which no reader has open.
    private static final int IDLE_SHARE = 16;

    private static final float LOAD = 0.75f;

    private final MemoryAccount account;
    private final Map<String, Scan> scans = new LinkedHashMap<>(16, LOAD, true);
    private final MemoryRelief relief = this::dropOldest;
    private boolean closed;

    /// A scan's dictionaries and the encoders that wait for a reader. Guarded by the set.
    static final class Scan {
        private final Map<String, Dictionary> dictionaries = new HashMap<>();
        private final Map<Dictionary, ArrayDeque<DictionaryEncoder>> waiting = new HashMap<>();
        private int readers;

        private long bytes() {
            long bytes = 0;
            for (Dictionary dictionary : dictionaries.values()) bytes += dictionary.bytes();
            for (var encoders : waiting.values())
                for (DictionaryEncoder encoder : encoders) bytes += encoder.bytes();
            return bytes;
        }

        private void close() {
            waiting.values().forEach(encoders -> encoders.forEach(DictionaryEncoder::close));
            waiting.clear();
            dictionaries.values().forEach(Dictionary::close);
            dictionaries.clear();
        }
    }

    /// @param account pays for the values of all dictionaries
    public DictionarySet(MemoryAccount account) {
        this.account = account;
        account.pool().addRelief(relief);
    }

    /// The dictionaries of a scan, for one reader, which closes them.
    ///
    /// @param scan the same text for all partitions of a scan, such as the path of its first file
    public synchronized ScanDictionaries open(String scan) {
        if (closed) throw new IllegalStateException("the session's dictionaries are closed");
        Scan opened = scans.computeIfAbsent(scan, _ -> new Scan());
        opened.readers++;
        return new ScanDictionaries(this, opened);
    }

    synchronized Dictionary dictionary(Scan scan, String column) {
        Dictionary known = scan.dictionaries.get(column);
        if (known != null) return known;
        var made = new Dictionary(account);
        scan.dictionaries.put(column, made);
        return made;
    }

    synchronized DictionaryEncoder encoder(Scan scan, String column) {
        Dictionary dictionary = dictionary(scan, column);
        ArrayDeque<DictionaryEncoder> waiting = scan.waiting.get(dictionary);
        if (waiting != null && !waiting.isEmpty()) return waiting.pop();
        return new DictionaryEncoder(account, dictionary);
    }

    /// Ends the use of a scan's dictionaries by one reader.
    ///
    /// @param encoders that it had, taken over
    synchronized void giveBack(Scan scan, List<DictionaryEncoder> encoders) {
        if (closed) {
            encoders.forEach(DictionaryEncoder::close);
            return;
        }
        for (DictionaryEncoder encoder : encoders)
            scan.waiting
                    .computeIfAbsent(encoder.dictionary(), _ -> new ArrayDeque<>())
                    .push(encoder);
        if (--scan.readers > 0) return;
        long idleBytesMax = account.pool().limitBytes() / IDLE_SHARE;
        boolean dropped = true;
        while (dropped && idleBytes() > idleBytesMax) dropped = dropOldest();
    }

    private long idleBytes() {
        long bytes = 0;
        for (Scan scan : scans.values()) if (scan.readers == 0) bytes += scan.bytes();
        return bytes;
    }

    /// Lets the dictionaries go that have waited longest for a reader; false without such.
    private synchronized boolean dropOldest() {
        Iterator<Scan> all = scans.values().iterator();
        while (all.hasNext()) {
            Scan scan = all.next();
            if (scan.readers > 0) continue;
            all.remove();
            scan.close();
            return true;
        }
        return false;
    }

    /// Gives all dictionaries back.
    @Override
    public synchronized void close() {
        if (closed) return;
        closed = true;
        account.pool().removeRelief(relief);
        scans.values().forEach(Scan::close);
        scans.clear();
    }
}
