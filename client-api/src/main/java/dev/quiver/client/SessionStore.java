package dev.quiver.client;

import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.io.DictionarySet;
import dev.quiver.worker.store.ChunkStore;
import dev.quiver.worker.store.MemoryLadder;
import dev.quiver.worker.store.SpillDirectory;
import dev.quiver.worker.store.SpillRoom;

/// What a session holds in this process: counted memory, chunks, dictionaries. Not for users.
public final class SessionStore implements AutoCloseable {
    private final SessionMemory memory;
    private final MemoryAccount dictionaryMemory;
    private final DictionarySet dictionaries;
    private final MemoryAccount tableMemory;
    private final SpillDirectory spilled;
    private final ChunkStore chunks = new ChunkStore();
    private final Reclamation reclamation = new Reclamation();

    private SessionStore(SessionMemory memory, SpillRoom room) {
        this.memory = memory;
        this.dictionaryMemory = memory.pool().account(new Owner("session", "Dictionaries", -1));
        this.dictionaries = new DictionarySet(dictionaryMemory);
        this.tableMemory = memory.pool().account(new Owner("session", "Tables", -1));
        this.spilled = new SpillDirectory(room);
        chunks.spillTo(spilled, tableMemory, MemoryLadder.DEFAULT, reclamation);
    }

    static SessionStore open(Options options) {
        return new SessionStore(SessionMemory.open(options.memoryBytes()), options.spillRoom());
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

    /// Frees what nobody can reach any more.
    Reclamation reclamation() {
        return reclamation;
    }

    /// Frees everything.
    ///
    /// @throws IllegalStateException with assertions on, when something is still counted
    @Override
    public void close() {
        chunks.close();
        spilled.close();
        tableMemory.close();
        dictionaries.close();
        dictionaryMemory.close();
        memory.close();
    }
}
