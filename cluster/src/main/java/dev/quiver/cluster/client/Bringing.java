package dev.quiver.cluster.client;

import dev.quiver.cluster.control.PeerBook;
import dev.quiver.cluster.data.DataClient;
import dev.quiver.cluster.data.OutputReceiver;
import dev.quiver.cluster.data.ServedOutputs;
import dev.quiver.graph.TaskKey;
import dev.quiver.operator.Bytes;
import dev.quiver.protocol.ClientNotice;
import dev.quiver.worker.state.WorkerCommand;
import dev.quiver.worker.store.ChunkStore;
import dev.quiver.worker.store.CopyStore;
import dev.quiver.worker.store.ObjectBytes;
import dev.quiver.worker.store.TaskOutput;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings outputs that the client waits for into its process, before it is told that they are
/// there. Its methods are called by one thread at a time, which must not wait; outputs arrive in
/// others.
final class Bringing implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Bringing.class);
    private static final long AGAIN_MILLIS = 200;

    private final PeerBook peers;
    private final DataClient data;
    private final ChunkStore chunks;
    private final Map<Long, Bytes> results;
    private final Consumer<ClientNotice.TaskFinished> arrived;
    private final Consumer<ClientNotice> client;

    /// The stages of pipelines whose outputs the client wants, by job.
    private final Map<Long, List<Integer>> jobs = new HashMap<>();

    private final Map<Integer, Turn> turns = new HashMap<>();
    private volatile boolean closed;

    /// What of a stage's outputs is brought.
    private enum Brings {
        CHUNKS,

        /// How many rows their slices have.
        SLICE_ROWS,
        OBJECTS
    }

    /// What is on its way of a stage.
    private static final class Turn {
        private final Brings brings;
        private final Map<Integer, ClientNotice.TaskFinished> coming = new HashMap<>();

        /// The partitions that the client has, or has had.
        private final BitSet brought = new BitSet();

        /// Comes behind what is on its way.
        private ClientNotice.@Nullable StageFinished end;

        private Turn(Brings brings) {
            this.brings = brings;
        }

        private int slice() {
            return brings == Brings.SLICE_ROWS ? ServedOutputs.SLICE_ROWS : WorkerCommand.WHOLE;
        }
    }

    /// @param results where objects go, by task
    /// @param arrived is told from any thread that an output is here; it hands on to [#brought]
    /// @param client is told what was held back
    Bringing(
            PeerBook peers,
            DataClient data,
            ChunkStore chunks,
            Map<Long, Bytes> results,
            Consumer<ClientNotice.TaskFinished> arrived,
            Consumer<ClientNotice> client) {
        this.peers = peers;
        this.data = data;
        this.chunks = chunks;
        this.results = results;
        this.arrived = arrived;
        this.client = client;
    }

    /// The client wants the outputs of a pipeline's stage.
    void open(long job, int stage) {
        open(job, stage, Brings.CHUNKS);
    }

    /// The client wants to know how many rows the slices of a pipeline's outputs have.
    void openMeasured(long job, int stage) {
        open(job, stage, Brings.SLICE_ROWS);
    }

    private void open(long job, int stage, Brings brings) {
        jobs.computeIfAbsent(job, _ -> new ArrayList<>()).add(stage);
        turns.put(stage, new Turn(brings));
    }

    /// Whether the outputs of a pipeline's stage are brought.
    boolean brings(int stage) {
        return turns.containsKey(stage);
    }

    /// Whether the client has, or has had, that output. It is told again of what holds when it has
    /// come back to a scheduler.
    boolean hasBrought(ClientNotice.TaskFinished notice) {
        Turn turn = turns.get(notice.stage());
        return turn != null && turn.brought.get(notice.partition());
    }

    /// An output came along with the notice that it is there.
    void came(ClientNotice.TaskFinished notice) {
        turn(notice).brought.set(notice.partition());
    }

    private Turn turn(ClientNotice.TaskFinished notice) {
        return turns.computeIfAbsent(notice.stage(), _ -> new Turn(Brings.OBJECTS));
    }

    /// Begins to bring an output.
    void bring(ClientNotice.TaskFinished notice) {
        Turn turn = turn(notice);
        ClientNotice.TaskFinished before = turn.coming.put(notice.partition(), notice);
        if (before == null || before.attempt() < notice.attempt()) fetch(turn, notice);
    }

    private void fetch(Turn turn, ClientNotice.TaskFinished notice) {
        InetSocketAddress peer = peers.of(notice.worker());
        if (peer == null) {
            LOG.warn("worker {} isn't known, which holds {}", notice.worker(), notice);
            return;
        }
        var key =
                new CopyStore.Key(
                        notice.stage(), notice.partition(), notice.attempt(), turn.slice());
        data.fetch(peer, List.of(new DataClient.Wish(key, new Receiver(notice))));
    }

    /// Hears of one output.
    private final class Receiver implements OutputReceiver {
        private final ClientNotice.TaskFinished notice;

        private Receiver(ClientNotice.TaskFinished notice) {
            this.notice = notice;
        }

        @Override
        public void arrived(CopyStore.Copy copy) {
            switch (copy) {
                case TaskOutput output ->
                        chunks.put(notice.stage(), notice.partition(), notice.attempt(), output);
                case ObjectBytes bytes -> {
                    try (bytes) {
                        results.put(
                                TaskKey.pack(notice.stage(), notice.partition()),
                                Bytes.of(bytes.array()));
                    }
                }
            }
            arrived.accept(notice);
        }

        /// The worker may have gone, then the scheduler tells of another attempt; else it is asked
        /// again.
        @Override
        public void unavailable(String why) {
            if (closed) return;
            LOG.debug("{} couldn't be fetched: {}", notice, why);
            CompletableFuture.delayedExecutor(AGAIN_MILLIS, TimeUnit.MILLISECONDS)
                    .execute(() -> {
                        if (!closed) arrived.accept(notice);
                    });
        }
    }

    /// An output is here, or couldn't be brought.
    void brought(ClientNotice.TaskFinished notice) {
        Turn turn = turns.get(notice.stage());
        ClientNotice.TaskFinished wanted =
                turn == null ? null : turn.coming.get(notice.partition());
        if (turn == null || wanted == null) {
            // released meanwhile
            chunks.drop(notice.stage(), notice.partition(), notice.attempt());
            results.remove(TaskKey.pack(notice.stage(), notice.partition()));
            return;
        }
        if (wanted.attempt() != notice.attempt()) return; // a later one is on its way
        if (!isHere(turn, notice)) {
            fetch(turn, wanted); // it may be elsewhere by now
            return;
        }
        turn.coming.remove(notice.partition());
        turn.brought.set(notice.partition());
        client.accept(notice);
        if (turn.end == null || !turn.coming.isEmpty()) return;
        client.accept(turn.end);
        turn.end = null;
    }

    private boolean isHere(Turn turn, ClientNotice.TaskFinished notice) {
        if (turn.brings != Brings.CHUNKS)
            return results.containsKey(TaskKey.pack(notice.stage(), notice.partition()));
        try (TaskOutput output = chunks.find(notice.stage(), notice.partition())) {
            return output != null;
        }
    }

    /// Whether the end of a stage has to wait for outputs on their way; it is told behind them.
    boolean isBehind(ClientNotice.StageFinished end) {
        Turn turn = turns.get(end.stage());
        if (turn == null || turn.coming.isEmpty()) return false;
        turn.end = end;
        return true;
    }

    /// The client doesn't want an output any more.
    void release(int stage, int partition) {
        Turn turn = turns.get(stage);
        if (turn == null) return;
        turn.brought.set(partition);
        ClientNotice.TaskFinished coming = turn.coming.remove(partition);
        if (coming != null) cancel(turn, coming);
        chunks.drop(stage, partition, Integer.MAX_VALUE);
    }

    private void cancel(Turn turn, ClientNotice.TaskFinished coming) {
        InetSocketAddress peer = peers.of(coming.worker());
        if (peer == null) return;
        var _ =
                data.cancel(
                        peer,
                        new CopyStore.Key(
                                coming.stage(),
                                coming.partition(),
                                coming.attempt(),
                                turn.slice()));
    }

    /// The client doesn't want anything of a job any more.
    void releaseJob(long job) {
        List<Integer> stages = jobs.remove(job);
        if (stages == null) return;
        for (int stage : stages) {
            Turn turn = turns.remove(stage);
            if (turn != null) turn.coming.values().forEach(coming -> cancel(turn, coming));
            if (turn != null && turn.brings == Brings.SLICE_ROWS)
                turn.brought.stream().forEach(p -> results.remove(TaskKey.pack(stage, p)));
            chunks.dropStage(stage);
        }
    }

    /// Nothing is told of a stage any more.
    void forget(int stage) {
        Turn turn = turns.get(stage);
        if (turn != null && turn.brings == Brings.OBJECTS) turns.remove(stage);
    }

    @Override
    public void close() {
        closed = true;
    }
}
