package dev.quiver.cluster.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import dev.quiver.worker.server.InputFetcher;
import dev.quiver.worker.server.ObjectEngine;
import dev.quiver.worker.state.WorkerCommand.Fetch;
import dev.quiver.worker.store.ChunkStore;
import dev.quiver.worker.store.CopyStore;
import dev.quiver.worker.store.TaskOutput;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Many workers in one process, which read the same output over the network.
final class RelaysTest {
    private static final Schema NUMBERS = Schema.of(Field.of("x", DataType.INT64));
    private static final int READERS = 14;
    private static final int OWNER = 0;
    private static final int WHOLE = -1;
    private static final int ROWS = (int) (2 * Relays.BYTES_MIN / Long.BYTES);
    private static final CopyStore.Key OUTPUT = new CopyStore.Key(1, 0, 1, WHOLE);
    private static final Fetch FETCH = new Fetch(1, 0, 1, WHOLE, OWNER);

    private final Map<Integer, InetSocketAddress> addresses = new ConcurrentHashMap<>();
    private final List<OneWorker> workers = new ArrayList<>();
    private final CountDownLatch arrived = new CountDownLatch(READERS);
    private final AtomicInteger unavailable = new AtomicInteger();

    private final class OneWorker implements InputFetcher.Arrivals {
        final MemoryPool pool = new MemoryPool(32 << 20);
        final MemoryAccount account = pool.account(new Owner("worker", "Inputs", -1));
        final ChunkStore store = new ChunkStore();
        final CopyStore copies = new CopyStore();
        final DataClient client;
        final PeerFetcher fetcher;
        final ChunkServer server;

        /// How often others have had its copy.
        final AtomicInteger relayed = new AtomicInteger();

        OneWorker(int number) {
            FlightEndpoints endpoints = FlightEndpoints.plain(DataSettings.DEFAULTS);
            client = new DataClient(endpoints, account);
            fetcher = new PeerFetcher(number, addresses::get, client, copies);
            InetAddress here = InetAddress.getLoopbackAddress();
            ServedOutputs served =
                    ServedOutputs.of(store, new ObjectEngine(), copies, fetcher, account);
            server =
                    ChunkServer.start(
                            endpoints,
                            new InetSocketAddress(here, 0),
                            counted(served),
                            client.offered());
            addresses.put(number, new InetSocketAddress(here, server.port()));
        }

        private ServedOutputs counted(ServedOutputs served) {
            return new ServedOutputs() {
                @Override
                public CopyStore.@Nullable Copy find(
                        int stage, int partition, int attempt, int slice) {
                    CopyStore.Copy found = served.find(stage, partition, attempt, slice);
                    if (found != null) relayed.incrementAndGet();
                    return found;
                }

                @Override
                public boolean isComing(int stage, int partition, int attempt, int slice) {
                    return served.isComing(stage, partition, attempt, slice);
                }
            };
        }

        @Override
        public void arrived(Fetch fetch) {
            arrived.countDown();
        }

        @Override
        public void unavailable(Fetch fetch) {
            unavailable.incrementAndGet();
            arrived.countDown();
        }

        void close() {
            client.close();
            server.close();
            copies.close();
            store.close();
            assertThat(pool.usedBytes()).isZero();
            pool.close();
        }
    }

    private void start() {
        for (int number = 0; number <= READERS; number++) workers.add(new OneWorker(number));
        OneWorker owner = workers.get(OWNER);
        var rows = new ArrayList<List<Long>>();
        for (long i = 0; i < ROWS; i++) rows.add(List.of(i));
        owner.store.put(
                1,
                0,
                1,
                TaskOutput.ofChunks(List.of(ColumnBuilder.chunk(NUMBERS, owner.account, rows))));
    }

    @AfterEach
    void nothing_is_left() {
        workers.forEach(OneWorker::close);
    }

    private void requireCopy(OneWorker worker) {
        var copy = Objects.requireNonNull(worker.copies.find(OUTPUT));
        try {
            var column = ((TaskOutput) copy).chunks().getFirst().column(0);
            assertThat(column.rows()).isEqualTo(ROWS);
            assertThat(ColumnValues.get(column, ROWS - 1)).isEqualTo(ROWS - 1L);
        } finally {
            copy.close();
        }
    }

    @Test
    void a_large_output_comes_from_readers_before() throws InterruptedException {
        start();

        for (OneWorker reader : workers.subList(1, workers.size()))
            reader.fetcher.fetch(List.of(FETCH), reader);

        assertThat(arrived.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(unavailable.get()).isZero();
        workers.subList(1, workers.size()).forEach(this::requireCopy);
        int relayed = 0;
        for (OneWorker worker : workers.subList(1, workers.size())) relayed += worker.relayed.get();
        assertThat(relayed).isEqualTo(READERS - Relays.WIDTH);
    }

    @Test
    void who_waits_for_one_that_has_gone_takes_it_from_the_owner() throws InterruptedException {
        start();
        for (OneWorker reader : workers.subList(1, 1 + Relays.WIDTH))
            reader.fetcher.fetch(List.of(FETCH), reader);
        while (arrived.getCount() > READERS - Relays.WIDTH) Thread.onSpinWait();
        workers.get(1).server.close();
        workers.get(2).fetcher.drop(1, 0, 1, WHOLE);

        for (OneWorker reader : workers.subList(1 + Relays.WIDTH, workers.size()))
            reader.fetcher.fetch(List.of(FETCH), reader);

        assertThat(arrived.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(unavailable.get()).isZero();
        workers.subList(3, workers.size()).forEach(this::requireCopy);
    }

    @Test
    void what_is_dropped_while_it_comes_leaves_nothing() throws InterruptedException {
        start();

        for (OneWorker reader : workers.subList(1, workers.size())) {
            reader.fetcher.fetch(List.of(FETCH), reader);
            if (workers.indexOf(reader) % 2 == 0) reader.fetcher.drop(1, 0, 1, WHOLE);
        }

        for (int i = 1; i < workers.size(); i += 2) {
            OneWorker reader = workers.get(i);
            while (!reader.copies.holds(OUTPUT)) Thread.sleep(1);
            requireCopy(reader);
        }
        assertThat(unavailable.get()).isZero();
    }

    @Test
    void no_one_sends_an_output_to_many_and_none_is_far_from_its_owner() {
        var relays = new Relays();
        var depths = new HashMap<Integer, Integer>();
        var children = new HashMap<Integer, Integer>();

        for (int reader = 0; reader < 1000; reader++) {
            int from = relays.relay(OUTPUT, reader).orElse(-1);
            depths.put(reader, 1 + depths.getOrDefault(from, 0));
            children.merge(from, 1, Integer::sum);
        }

        assertThat(children.values()).allMatch(count -> count <= Relays.WIDTH);
        assertThat(depths.values()).allMatch(depth -> depth <= 5);
        assertThat(relays.relay(OUTPUT, 2)).isEmpty();
    }
}
