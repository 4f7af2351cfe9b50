package dev.quiver.cluster.data;

import dev.quiver.worker.server.ObjectEngine;
import dev.quiver.worker.store.ChunkStore;
import dev.quiver.worker.store.CopyStore;
import dev.quiver.worker.store.TaskOutput;
import org.jspecify.annotations.Nullable;

/// What a process has for others.
@FunctionalInterface
public interface ServedOutputs {
    /// The output of an attempt of a task, or a slice of it, of which the caller owns a share; null
    /// when it isn't here. Called by many threads.
    ///
    /// @param slice −1 for the whole
    CopyStore.@Nullable Copy find(int stage, int partition, int attempt, int slice);

    /// What a worker holds.
    static ServedOutputs of(ChunkStore store, ObjectEngine objects) {
        return (stage, partition, attempt, slice) -> {
            TaskOutput output =
                    slice < 0
                            ? store.find(stage, partition, attempt)
                            : store.findSlice(stage, partition, attempt, slice);
            return output != null ? output : objects.find(stage, partition, attempt);
        };
    }
}
