package dev.quiver.cluster.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import dev.quiver.schema.Schema;
import dev.quiver.worker.store.ChunkStore;
import dev.quiver.worker.store.TaskOutput;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class OutputOffersTest {
    private static final long SEED = Long.getLong("seed", new Random().nextInt(10_000));
    private static final int CLIENT = 7;

    private final MemoryPool mine = new MemoryPool(64L << 20);
    private final MemoryAccount account = mine.account(new Owner("client", "Rows", -1));
    private final ChunkStore store = new ChunkStore();
    private final FlightEndpoints endpoints = FlightEndpoints.plain(DataSettings.DEFAULTS);
    private Worker worker;
    private OutputOffers offers;

    /// A worker that clients offer something.
    private final class Worker {
        final MemoryPool pool = new MemoryPool(64L << 20);
        final MemoryAccount taken = pool.account(new Owner("worker", "Copies", -1));
        final DataClient client = new DataClient(endpoints, taken);
        final ChunkServer server;

        Worker(int port) {
            server = server(port);
        }

        /// A port that was just left may be busy for a moment.
        private ChunkServer server(int port) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (true) {
                try {
                    return ChunkServer.start(
                            endpoints,
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                            (_, _, _, _) -> null,
                            client.offered());
                } catch (QuiverException e) {
                    if (port == 0 || System.nanoTime() - deadline > 0) throw e;
                }
            }
        }

        TaskOutput take(int stage) throws InterruptedException {
            return (TaskOutput) client.offered().take(CLIENT, stage, 0, 1);
        }

        void close() {
            client.close();
            server.close();
            assertThat(pool.usedBytes()).isZero();
            taken.close();
            pool.close();
        }
    }

    @BeforeEach
    void start() {
        worker = new Worker(0);
        offers = offers();
    }

    private OutputOffers offers() {
        var made =
                new OutputOffers(
                        endpoints,
                        CLIENT,
                        (stage, partition, _, _) -> store.find(stage, partition));
        made.add(0, new InetSocketAddress(InetAddress.getLoopbackAddress(), worker.server.port()));
        return made;
    }

    @AfterEach
    void nothing_is_left() {
        offers.close();
        worker.close();
        store.close();
        assertThat(mine.usedBytes()).isZero();
        account.close();
        mine.close();
    }

    private List<Chunk> put(int stage, RandomChunks chunks, Random random) {
        Schema schema = chunks.schema();
        var made = new ArrayList<Chunk>();
        for (int i = random.nextInt(4); i >= 0; i--)
            made.add(chunks.chunk(schema, random.nextInt(3000)));
        store.put(stage, 0, 1, TaskOutput.ofChunks(made));
        return made;
    }

    private void requireTaken(int stage, List<Chunk> expected) throws InterruptedException {
        try (TaskOutput copy = worker.take(stage)) {
            assertThat(copy.chunks()).hasSameSizeAs(expected);
            for (int i = 0; i < expected.size(); i++)
                RandomChunks.requireSame(expected.get(i), copy.chunks().get(i));
        }
    }

    @Test
    void chunks_of_every_type_are_taken_as_they_are() throws Exception {
        System.out.println("OutputOffersTest -Dseed=" + SEED);
        var random = new Random(SEED);
        offers.begin();
        try (var chunks = new RandomChunks(random, account)) {
            for (int stage = 0; stage < 40; stage++)
                requireTaken(stage, put(stage, chunks, random));
        }
    }

    @Test
    void a_task_waits_for_the_client_to_come() throws Exception {
        var random = new Random(SEED);
        try (var chunks = new RandomChunks(random, account)) {
            List<Chunk> made = put(0, chunks, random);
            CompletableFuture<Void> later =
                    CompletableFuture.runAsync(
                            offers::begin,
                            CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS));
            requireTaken(0, made);
            later.join();
        }
    }

    @Test
    void a_worker_that_comes_back_is_offered_the_same_again() throws Exception {
        var random = new Random(SEED);
        offers.begin();
        try (var chunks = new RandomChunks(random, account)) {
            List<Chunk> made = put(0, chunks, random);
            requireTaken(0, made);
            int port = worker.server.port();
            worker.close();

            worker = new Worker(port);

            requireTaken(0, made);
        }
    }

    @Test
    void what_was_released_is_an_error_that_says_so() {
        offers.begin();
        assertThatThrownBy(() -> worker.take(1))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("released or closed");
    }

    @Test
    void a_task_that_isn_t_wanted_any_more_waits_for_nobody() throws Exception {
        var ended = new CompletableFuture<Throwable>();
        Thread taking =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                worker.take(0).close();
                            } catch (InterruptedException e) {
                                ended.complete(e);
                            }
                        });
        Thread.sleep(50);
        taking.interrupt();
        assertThat(ended.get(10, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        assertThat(taking.join(Duration.ofSeconds(10))).isTrue();
    }
}
