package dev.quiver.io;

import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.memory.MemoryAccount;
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

    /// Gives all dictionaries back.
    @Override
    public synchronized void close() {
        closed = true;
        dictionaries.values().forEach(Dictionary::close);
        dictionaries.clear();
    }
}
