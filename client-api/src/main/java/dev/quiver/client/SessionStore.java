package dev.quiver.client;

import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.io.DictionarySet;
import dev.quiver.worker.store.ChunkStore;

/// What a session holds in this process: counted memory, chunks, dictionaries. Not for users.
public final class SessionStore implements AutoCloseable {
    private final SessionMemory memory;
    private final MemoryAccount dictionaryMemory;
    private final DictionarySet dictionaries;
    private final ChunkStore chunks = new ChunkStore();

    private SessionStore(SessionMemory memory) {
        this.memory = memory;
        this.dictionaryMemory = memory.pool().account(new Owner("session", "Dictionaries", -1));
        this.dictionaries = new DictionarySet(dictionaryMemory);
    }

    static SessionStore open(Options options) {
        return new SessionStore(SessionMemory.open(options.memoryBytes()));
    }

    public MemoryPool pool() {
        return memory.pool();
    }

    public DictionarySet dictionaries() {
        return dictionaries;
    }

    public ChunkStore chunks() {
        return chunks;
    }

    /// Frees everything.
    ///
    /// @throws IllegalStateException with assertions on, when something is still counted
    @Override
    public void close() {
        chunks.close();
        dictionaries.close();
        dictionaryMemory.close();
        memory.close();
    }
}
