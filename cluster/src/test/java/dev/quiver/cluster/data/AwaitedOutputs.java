package dev.quiver.cluster.data;

import dev.quiver.error.Unavailable;
import dev.quiver.worker.store.CopyStore;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// What a [DataClient] brings, for tests that wait for it.
final class AwaitedOutputs {
    private AwaitedOutputs() {}

    /// @return fails with [Unavailable]; what it gives is the caller's own
    static List<CompletableFuture<CopyStore.Copy>> fetch(
            DataClient client, InetSocketAddress peer, List<CopyStore.Key> keys) {
        var futures = new ArrayList<CompletableFuture<CopyStore.Copy>>();
        var wishes = new ArrayList<DataClient.Wish>();
        for (CopyStore.Key key : keys) {
            var future = new CompletableFuture<CopyStore.Copy>();
            futures.add(future);
            wishes.add(new DataClient.Wish(key, new ToFuture(peer, key, future)));
        }
        client.fetch(peer, wishes);
        return futures;
    }

    private record ToFuture(
            InetSocketAddress peer, CopyStore.Key key, CompletableFuture<CopyStore.Copy> future)
            implements OutputReceiver {
        @Override
        public void arrived(CopyStore.Copy copy) {
            if (!future.complete(copy)) copy.close();
        }

        @Override
        public void unavailable(String why) {
            future.completeExceptionally(
                    new Unavailable(
                            "the output of task %d/%d can't be had of %s: %s"
                                    .formatted(key.stage(), key.partition(), peer, why),
                            List.of(),
                            "ask again: it may be computed again, or be with another worker"));
        }
    }
}
