package dev.quiver.io;

import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.memory.MemoryAccount;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/// The dictionaries of a session: one a scan and column, made when first asked for, so that all
/// partitions of a column share their codes. Thread-safe.
///
/// Chunks pin the values they use, so they outlive the set.
public final class DictionarySet implements AutoCloseable {
    private record Key(String scan, String column) {}

    private final MemoryAccount account;
    private final Map<Key, Dictionary> dictionaries = new HashMap<>();
    private final Map<Dictionary, ArrayDeque<DictionaryEncoder>> idle = new HashMap<>();
    private boolean closed;

    /// @param account pays for the values of all dictionaries
    public DictionarySet(MemoryAccount account) {
        this.account = account;
    }

    /// The dictionary of a column. Still the set's own.
    ///
    /// @param scan the same text for all partitions of a scan, such as the path of its first file
    /// @param column the column's name
    public synchronized Dictionary dictionary(String scan, String column) {
        if (closed) throw new IllegalStateException("the session's dictionaries are closed");
        return dictionaries.computeIfAbsent(new Key(scan, column), _ -> new Dictionary(account));
    }

    /// An encoder for a column's dictionary, for one thread until it is given back. Those that were
    /// given back before come first, with what they learned.
    public synchronized DictionaryEncoder borrow(String scan, String column) {
        Dictionary dictionary = dictionary(scan, column);
        ArrayDeque<DictionaryEncoder> waiting = idle.get(dictionary);
        if (waiting != null && !waiting.isEmpty()) return waiting.pop();
        return new DictionaryEncoder(account, dictionary);
    }

    /// Takes an encoder over from whoever borrowed it.
    public synchronized void giveBack(DictionaryEncoder encoder) {
        if (closed) encoder.close();
        else idle.computeIfAbsent(encoder.dictionary(), _ -> new ArrayDeque<>()).push(encoder);
    }

    /// Gives all dictionaries back.
    @Override
    public synchronized void close() {
        closed = true;
        idle.values().forEach(waiting -> waiting.forEach(DictionaryEncoder::close));
        idle.clear();
        dictionaries.values().forEach(Dictionary::close);
        dictionaries.clear();
    }
}
