package dev.quiver.cluster.data;

import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.worker.server.ObjectEngine;
import dev.quiver.worker.store.ChunkStore;
import dev.quiver.worker.store.CopyStore;
import dev.quiver.worker.store.ObjectBytes;
import dev.quiver.worker.store.TaskOutput;
import org.jspecify.annotations.Nullable;

/// What a process has for others.
@FunctionalInterface
public interface ServedOutputs {
    /// Asked for instead of a slice: how many rows each slice has, as [SliceRows] writes them.
    int SLICE_ROWS = -2;

    /// The output of an attempt of a task, or a slice of it, of which the caller owns a share; null
    /// when it isn't here. Called by many threads.
    ///
    /// @param slice −1 for the whole, or [#SLICE_ROWS]
    CopyStore.@Nullable Copy find(int stage, int partition, int attempt, int slice);

    /// Whether it is being copied to here.
    default boolean isComing(int stage, int partition, int attempt, int slice) {
        return false;
    }

    /// What a worker holds, copies of other workers' outputs among them.
    ///
    /// @param account of what is made to be sent
    static ServedOutputs of(
            ChunkStore store,
            ObjectEngine objects,
            CopyStore copies,
            PeerFetcher fetcher,
            MemoryAccount account) {
        return new ServedOutputs() {
            @Override
            public CopyStore.@Nullable Copy find(int stage, int partition, int attempt, int slice) {
                if (slice == SLICE_ROWS) {
                    long[] rows = store.sliceRows(stage, partition, attempt);
                    return rows == null
                            ? null
                            : ObjectBytes.counted(SliceRows.encode(rows), account);
                }
                TaskOutput output =
                        slice < 0
                                ? store.find(stage, partition, attempt)
                                : store.findSlice(stage, partition, attempt, slice);
                if (output != null) return output;
                CopyStore.Copy object = objects.find(stage, partition, attempt);
                if (object != null) return object;
                return copies.find(new CopyStore.Key(stage, partition, attempt, slice));
            }

            @Override
            public boolean isComing(int stage, int partition, int attempt, int slice) {
                return fetcher.isComing(new CopyStore.Key(stage, partition, attempt, slice));
            }
        };
    }
}
