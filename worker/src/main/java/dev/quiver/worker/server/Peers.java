package dev.quiver.worker.server;

import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.Unavailable;
import dev.quiver.protocol.InputRun;
import dev.quiver.worker.state.WorkerCommand;
import dev.quiver.worker.store.CopyStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an engine knows of other workers: its own number among them, and the copies of their
/// outputs that are here.
///
/// @param codec of objects that travel
/// @param account pays for the bytes of objects
public record Peers(int worker, CopyStore copies, ObjectCodec codec, MemoryAccount account) {
    /// A whole output of another worker's, if it is here; the caller owns a share.
    CopyStore.@Nullable Copy whole(int stage, int partition, int attempt) {
        return copies.find(new CopyStore.Key(stage, partition, attempt, WorkerCommand.WHOLE));
    }

    /// A copy that was fetched before; the caller owns a share.
    ///
    /// @throws Unavailable when it isn't here
    CopyStore.Copy copy(InputRun run, int partition, int slice) {
        CopyStore.Copy copy =
                copies.find(new CopyStore.Key(run.stage(), partition, run.attempt(), slice));
        if (copy != null) return copy;
        throw new Unavailable(
                "the output of task %d/%d, which worker %d holds, isn't here"
                        .formatted(run.stage(), partition, run.worker()),
                List.of(),
                "run the query again; please report this");
    }
}
