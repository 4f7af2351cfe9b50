package dev.quiver.cluster.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.graph.Dependency;
import dev.quiver.graph.Stage;
import dev.quiver.io.DictionarySet;
import dev.quiver.operator.Closures;
import dev.quiver.operator.Pipeline;
import dev.quiver.operator.Sink;
import dev.quiver.operator.Source;
import dev.quiver.protocol.Inbox;
import dev.quiver.protocol.InputRun;
import dev.quiver.protocol.SchedulerMessage;
import dev.quiver.protocol.WorkerMessage;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import dev.quiver.worker.exec.FileFormats;
import dev.quiver.worker.exec.PipelineRunner;
import dev.quiver.worker.server.ObjectEngine;
import dev.quiver.worker.server.Peers;
import dev.quiver.worker.server.PipelineEngine;
import dev.quiver.worker.server.WorkerShell;
import dev.quiver.worker.state.WorkerSettings;
import dev.quiver.worker.store.ChunkStore;
import dev.quiver.worker.store.CopyStore;
import dev.quiver.worker.store.ObjectStore;
import dev.quiver.worker.store.TaskOutput;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Two workers in one process, which read each other's outputs over the network.
final class PeerFetcherTest {
    private static final Schema NUMBERS = Schema.of(Field.of("x", DataType.INT64));

    private final Map<Integer, InetSocketAddress> addresses = new HashMap<>();
    private final OneWorker first = new OneWorker(1);
    private final OneWorker second = new OneWorker(2);

    /// A worker and what it tells its scheduler.
    private final class OneWorker implements WorkerShell.SchedulerLink {
        final MemoryPool pool = new MemoryPool(64 << 20);
        final MemoryAccount account;
        final ChunkStore store = new ChunkStore();
        final CopyStore copies = new CopyStore();
        final DictionarySet dictionaries;
        final LinkedBlockingQueue<WorkerMessage> told = new LinkedBlockingQueue<>();
        final ObjectEngine objects;
        final ChunkServer server;
        final DataClient client;
        final WorkerShell shell;

        OneWorker(int number) {
            account = pool.account(new Owner("worker " + number, "Inputs", -1));
            dictionaries = new DictionarySet(account);
            var codec = new SerializedObjects(getClass().getClassLoader());
            var peers = new Peers(number, copies, codec, account);
            objects = new ObjectEngine(peers, new ObjectStore());
            FlightEndpoints endpoints = FlightEndpoints.plain(DataSettings.DEFAULTS);
            client = new DataClient(endpoints, account);
            var fetcher = new PeerFetcher(number, addresses::get, client, copies);
            server =
                    ChunkServer.start(
                            endpoints,
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                            ServedOutputs.of(store, objects, copies, fetcher, account),
                            client.offered());
            addresses.put(
                    number, new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
            var runner = new PipelineRunner(pool, store, dictionaries, new FileFormats());
            shell =
                    new WorkerShell(
                            new WorkerSettings(number, 2, 64 << 20, false, 0),
                            "worker-" + number,
                            new WorkerShell.Surroundings(
                                    this,
                                    objects,
                                    new PipelineEngine(runner, store, peers),
                                    fetcher,
                                    () -> pool.limitBytes() - pool.usedBytes(),
                                    System::nanoTime,
                                    _ -> {},
                                    Inbox.Relief.NONE));
            shell.start();
        }

        void tell(SchedulerMessage message) {
            if (shell.tell(message)) shell.deliver();
        }

        WorkerMessage next() throws InterruptedException {
            return Objects.requireNonNull(told.poll(10, TimeUnit.SECONDS));
        }

        /// What it is told may wait for what it says to be said.
        void awaitNoObjects() throws InterruptedException {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (objects.size() > 0 && System.nanoTime() < end) Thread.sleep(1);
            assertThat(objects.size()).isZero();
        }

        @Override
        public boolean report(List<WorkerMessage> messages) {
            told.addAll(messages);
            return false;
        }

        @Override
        public void deliver() {}

        @Override
        public void broken(Throwable cause) {
            throw new AssertionError(cause);
        }

        void close() {
            shell.close();
            client.close();
            server.close();
            copies.close();
            store.close();
            dictionaries.close();
        }
    }

    @AfterEach
    void nothing_is_left() {
        first.close();
        second.close();
        assertThat(first.pool.usedBytes()).isZero();
    }

    private static Stage.Builder closures(int id, Closures.Source source) {
        return Stage.builder(id, "s" + id, new Closures(source));
    }

    @Test
    void a_function_reads_what_another_worker_returned() throws Exception {
        Stage numbers = closures(1, p -> _ -> p * 10).partitions(3).build();
        Stage sum =
                closures(2, _ -> inputs -> inputs.stream().mapToInt(i -> (Integer) i).sum())
                        .partitions(1)
                        .input(new Dependency.Broadcast(1))
                        .build();
        first.tell(new SchedulerMessage.StageOpened(numbers));
        first.tell(new SchedulerMessage.TasksAssigned(1, 0, 3, 1, List.of(), List.of()));
        for (int i = 0; i < 3; i++)
            assertThat(first.next()).isInstanceOf(WorkerMessage.Finished.class);

        second.tell(new SchedulerMessage.StageOpened(sum));
        second.tell(new SchedulerMessage.InputsLocated(2, List.of(new InputRun(0, 1, 0, 3, 1, 1))));
        second.tell(new SchedulerMessage.TasksAssigned(2, 0, 1, 1, List.of(), List.of()));

        assertThat(second.next()).isInstanceOf(WorkerMessage.Finished.class);
        assertThat(second.objects.value(2, 0)).isEqualTo(30);
        assertThat(second.copies.count()).isZero();
        first.tell(new SchedulerMessage.OutputsFreed(1, 0, 3, 1));
        second.tell(new SchedulerMessage.OutputsFreed(2, 0, 1, 1));
        second.awaitNoObjects();
    }

    private static Pipeline collect() {
        return new Pipeline(new Source.Input(0, NUMBERS), List.of(), new Sink.Collect());
    }

    @Test
    void a_reducer_takes_its_slices_of_its_own_and_of_others() throws Exception {
        for (OneWorker worker : List.of(first, second)) {
            for (int p = 0; p < 2; p++) {
                var slices = new ArrayList<List<Chunk>>();
                for (long s = 0; s < 2; s++)
                    slices.add(
                            List.of(
                                    ColumnBuilder.chunk(
                                            NUMBERS,
                                            worker.account,
                                            List.of(List.of(s), List.of(s)))));
                // the state machine knows nothing of these: the store is asked
                worker.store.put(1, worker == first ? p : p + 2, 1, TaskOutput.ofSlices(slices));
            }
        }
        Stage reduce =
                Stage.builder(2, "reduce", collect())
                        .partitions(2)
                        .input(new Dependency.Shuffle(1, 2))
                        .build();
        second.tell(new SchedulerMessage.StageOpened(reduce));
        second.tell(new SchedulerMessage.InputsLocated(2, List.of(new InputRun(0, 1, 0, 2, 1, 1))));
        second.tell(new SchedulerMessage.TasksAssigned(2, 1, 2, 1, List.of(), List.of()));

        assertThat(second.next())
                .isInstanceOfSatisfying(
                        WorkerMessage.Finished.class, f -> assertThat(f.rows()).isEqualTo(4));
        assertThat(second.copies.count()).isZero();
    }

    @Test
    void an_input_that_is_gone_is_reported_missing() throws Exception {
        Stage reduce =
                Stage.builder(2, "reduce", collect())
                        .partitions(1)
                        .input(new Dependency.Shuffle(1, 1))
                        .build();
        second.tell(new SchedulerMessage.StageOpened(reduce));
        second.tell(new SchedulerMessage.InputsLocated(2, List.of(new InputRun(0, 1, 0, 1, 1, 1))));
        second.tell(new SchedulerMessage.TasksAssigned(2, 0, 1, 1, List.of(), List.of()));

        assertThat(second.next()).isEqualTo(new WorkerMessage.InputMissing(2, 0, 1, 1, 0, 1, 1));
    }
}
