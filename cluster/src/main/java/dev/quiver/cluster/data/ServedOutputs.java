package dev.quiver.cluster.data;

import dev.quiver.worker.server.ObjectEngine;
import dev.quiver.worker.store.ChunkStore;
import dev.quiver.worker.store.CopyStore;
import dev.quiver.worker.store.TaskOutput;
import org.jspecify.annotations.Nullable;

/// What a process has for others.
@FunctionalInterface
public interface ServedOutputs {
    /// The output of an attempt of a task, of which the caller owns a share; null when it isn't
    /// here. Called by many threads.
    CopyStore.@Nullable Copy find(int stage, int partition, int attempt);

    /// What a worker holds.
    static ServedOutputs of(ChunkStore store, ObjectEngine objects) {
        return (stage, partition, attempt) -> {
            TaskOutput output = store.find(stage, partition, attempt);
            return output != null ? output : objects.find(stage, partition, attempt);
        };
    }
}
