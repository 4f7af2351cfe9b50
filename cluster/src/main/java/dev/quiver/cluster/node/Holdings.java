package dev.quiver.cluster.node;

import dev.quiver.client.HeadRows;
import dev.quiver.cluster.control.Inquiry;
import dev.quiver.cluster.control.PeerBook;
import dev.quiver.cluster.control.PublishedRows;
import dev.quiver.cluster.data.ChunkServer;
import dev.quiver.cluster.data.DataClient;
import dev.quiver.cluster.data.FlightEndpoints;
import dev.quiver.cluster.data.PeerFetcher;
import dev.quiver.cluster.data.ServedOutputs;
import dev.quiver.cluster.data.Traffic;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.io.DictionarySet;
import dev.quiver.protocol.ResourceUsage;
import dev.quiver.scheduler.server.FirstRows;
import dev.quiver.worker.exec.FileFormats;
import dev.quiver.worker.exec.PipelineRunner;
import dev.quiver.worker.server.Attempt;
import dev.quiver.worker.server.Engine;
import dev.quiver.worker.server.InputFetcher;
import dev.quiver.worker.server.ObjectEngine;
import dev.quiver.worker.server.Peers;
import dev.quiver.worker.server.PipelineEngine;
import dev.quiver.worker.server.ProcessMeter;
import dev.quiver.worker.store.ChunkStore;
import dev.quiver.worker.store.CopyStore;
import dev.quiver.worker.store.MemoryLadder;
import dev.quiver.worker.store.ObjectBytes;
import dev.quiver.worker.store.ObjectStore;
import dev.quiver.worker.store.SpillDirectory;
import dev.quiver.worker.store.SpillRoom;
import dev.quiver.worker.store.TaskOutput;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Supplier;

/// What a worker holds in counted memory, and how it gets to others and from them.
final class Holdings implements AutoCloseable {
    private static final FirstRows GONE =
            new FirstRows.Missing("Its first rows have just gone from their worker. Look again.");

    private final MemoryPool pool;
    private final MemoryAccount dictionaryMemory;
    private final DictionarySet dictionaries;
    private final ChunkStore store = new ChunkStore();
    private final SpillDirectory spilled;
    private final MemoryAccount copyMemory;
    private final CopyStore copies = new CopyStore();
    private final PeerBook peers = new PeerBook();
    private final ObjectStore objectStore = new ObjectStore();
    private final ObjectEngine objects;
    private final PipelineEngine pipelines;
    private final DataClient client;
    private final PeerFetcher fetcher;
    private final ChunkServer server;
    private final Traffic traffic;
    private final ProcessMeter meter = new ProcessMeter();

    /// @param worker its number
    /// @param host the address at which others fetch what it holds
    /// @param memoryBytes the budget
    /// @param spill where it puts what there is no memory for
    /// @param endpoints by which it gives and takes
    /// @param catalog asks the scheduler for what was published
    Holdings(
            int worker,
            String host,
            long memoryBytes,
            SpillRoom spill,
            FlightEndpoints endpoints,
            Supplier<List<PublishedRows>> catalog) {
        this.traffic = endpoints.traffic();
        this.pool = new MemoryPool(memoryBytes);
        this.dictionaryMemory = pool.account(new Owner("worker", "Dictionaries", -1));
        this.dictionaries = new DictionarySet(dictionaryMemory);
        this.copyMemory = pool.account(new Owner("worker", "Copies", -1));
        this.spilled = new SpillDirectory(spill);
        store.spillTo(spilled, copyMemory, MemoryLadder.DEFAULT);
        var others = new Peers(worker, copies, new PackedObjects(), copyMemory);
        objectStore.spillTo(spilled, copyMemory, MemoryLadder.DEFAULT);
        this.objects = new ObjectEngine(others, objectStore);
        var runner = new PipelineRunner(pool, store, dictionaries, new FileFormats());
        this.pipelines = new PipelineEngine(runner, store, others);
        this.client = new DataClient(endpoints, copyMemory, new StoredDictionaries(store));
        this.fetcher = new PeerFetcher(worker, peers, client, copies);
        this.server =
                ChunkServer.start(
                        endpoints,
                        new InetSocketAddress(host, 0),
                        ServedOutputs.of(store, objects, copies, fetcher, copyMemory),
                        client.offered(),
                        new PublishedOutputs(catalog, store::find),
                        copyMemory);
    }

    /// Where other workers are.
    PeerBook peers() {
        return peers;
    }

    ObjectEngine objects() {
        return objects;
    }

    PipelineEngine pipelines() {
        return pipelines;
    }

    /// Takes what a client offers and holds it as the output of a task.
    Engine.Output take(int client, Attempt attempt) throws InterruptedException {
        int stage = attempt.stage();
        CopyStore.Copy copy =
                this.client.offered().take(client, stage, attempt.partition(), attempt.number());
        long bytes = copy.bytes();
        return switch (copy) {
            case TaskOutput output -> {
                long rows = output.rows();
                store.put(stage, attempt.partition(), attempt.number(), output);
                yield new Engine.Output(rows, bytes);
            }
            case ObjectBytes object -> {
                objects.hold(stage, attempt.partition(), attempt.number(), object);
                yield new Engine.Output(1, bytes);
            }
        };
    }

    /// The first rows of an output that is held here, as far as they are asked for. Of slices of it
    /// no more are read back than have them.
    FirstRows head(Inquiry.Head asked) {
        long[] slices = store.sliceRows(asked.stage(), asked.partition(), asked.attempt());
        var rows = new HeadRows(asked.columns(), asked.rows());
        for (int i = 0; slices != null && i < slices.length && !rows.isFull(); i++) {
            if (slices[i] == 0) continue;
            TaskOutput there =
                    store.findSlice(asked.stage(), asked.partition(), asked.attempt(), i);
            if (there == null) return GONE;
            try (TaskOutput output = there) {
                rows.read(output.slice(i));
            }
        }
        return slices == null ? GONE : new FirstRows.There(rows.head());
    }

    InputFetcher fetcher() {
        return fetcher;
    }

    /// Where others fetch what it holds.
    int port() {
        return server.port();
    }

    long usedBytes() {
        return pool.usedBytes();
    }

    long freeBytes() {
        return store.freeBytes(objectStore.spillableBytes());
    }

    long spilledBytes() {
        return store.spilledBytes();
    }

    /// What its process uses of the machine.
    ResourceUsage resources() {
        return meter.usage(traffic.sentBytes(), traffic.receivedBytes(), store.spillTraffic());
    }

    @Override
    public void close() {
        client.close();
        server.close();
        copies.close();
        store.close();
        objectStore.close();
        spilled.close();
        copyMemory.close();
        dictionaries.close();
        dictionaryMemory.close();
        pool.close();
    }
}
