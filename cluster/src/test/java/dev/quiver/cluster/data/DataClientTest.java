package dev.quiver.cluster.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.kernel.JoinTable;
import dev.quiver.columnar.kernel.SortedRun;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.error.Unavailable;
import dev.quiver.expression.Expression;
import dev.quiver.operator.OrderBy;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import dev.quiver.worker.store.ChunkStore;
import dev.quiver.worker.store.CopyStore;
import dev.quiver.worker.store.FileNote;
import dev.quiver.worker.store.ObjectBytes;
import dev.quiver.worker.store.TaskOutput;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class DataClientTest {
    private static final long SEED =
            System.getProperty("seed", "").isEmpty() ? System.nanoTime() : Long.getLong("seed");
    private static final Schema NUMBERS = Schema.of(Field.of("x", DataType.INT64));
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final MemoryPool served = new MemoryPool(512 << 20);
    private final MemoryPool fetched = new MemoryPool(64 << 20);
    private final MemoryAccount account = served.account(new Owner("test", "Served", -1));
    private final ChunkStore store = new ChunkStore();
    private final Map<Integer, ObjectBytes> objects = new ConcurrentHashMap<>();
    private final FlightEndpoints endpoints = FlightEndpoints.plain(DataSettings.DEFAULTS);
    private ChunkServer server;
    private DataClient client;
    private InetSocketAddress peer;

    @BeforeEach
    void start() {
        client = new DataClient(endpoints, fetched.account(new Owner("test", "Fetched", -1)));
        server =
                ChunkServer.start(
                        endpoints,
                        new InetSocketAddress(LOOPBACK, 0),
                        (stage, partition, attempt, _) -> {
                            TaskOutput output = store.find(stage, partition, attempt);
                            if (output != null) return output;
                            ObjectBytes object = objects.get(stage);
                            return object == null ? null : object.retain();
                        },
                        client.offered());
        peer = new InetSocketAddress(LOOPBACK, server.port());
    }

    @AfterEach
    void nothing_is_left() {
        client.close();
        server.close();
        store.close();
        objects.values().forEach(ObjectBytes::close);
        assertThat(fetched.usedBytes()).isZero();
        assertThat(served.usedBytes()).isZero();
        fetched.close();
        served.close();
    }

    private CopyStore.Copy get(int stage, int partition, int attempt, int slice) throws Exception {
        return AwaitedOutputs.fetch(
                        client, peer, List.of(new CopyStore.Key(stage, partition, attempt, slice)))
                .getFirst()
                .get(20, TimeUnit.SECONDS);
    }

    private TaskOutput getOutput(int stage, int partition, int attempt, int slice)
            throws Exception {
        return (TaskOutput) get(stage, partition, attempt, slice);
    }

    private TaskOutput held(int stage) {
        return Objects.requireNonNull(store.find(stage, 0));
    }

    private Chunk numbers(int from, int rows) {
        var values = new ArrayList<List<Long>>();
        for (long i = from; i < from + rows; i++) values.add(List.of(i));
        return ColumnBuilder.chunk(NUMBERS, account, values);
    }

    @Test
    void what_is_sent_and_received_is_counted() throws Exception {
        int rows = 100_000;
        store.put(1, 0, 1, TaskOutput.ofSlice(0, List.of(numbers(0, rows))));

        get(1, 0, 1, -1).close();

        // this process serves and asks
        Traffic traffic = endpoints.traffic();
        assertThat(traffic.sentBytes()).isBetween(rows * 8L, rows * 9L);
        assertThat(traffic.receivedBytes()).isBetween(rows * 8L, rows * 9L);
    }

    @Test
    void chunks_of_every_type_come_as_they_are() throws Exception {
        System.out.println("seed=" + SEED);
        var random = new Random(SEED);
        try (var chunks = new RandomChunks(random, account)) {
            for (int round = 0; round < 60; round++) {
                var slices = new ArrayList<List<Chunk>>();
                int count = 1 + random.nextInt(4);
                for (int s = 0; s < count; s++) {
                    Schema schema = chunks.schema();
                    var slice = new ArrayList<Chunk>();
                    for (int c = random.nextInt(4); c > 0; c--)
                        slice.add(
                                chunks.chunk(
                                        schema, random.nextInt(4) == 0 ? 0 : random.nextInt(2000)));
                    slices.add(slice);
                }
                store.put(round, 0, 1, TaskOutput.ofSlices(slices));
                int asked = random.nextInt(count + 1) - 1;
                try (TaskOutput here = held(round);
                        TaskOutput copy = getOutput(round, 0, 1, asked)) {
                    requireSame(
                            asked < 0 ? here.chunks() : here.slice(asked),
                            asked < 0 ? copy.chunks() : copy.slice(asked));
                    if (asked < 0) assertThat(copy.sliceCount()).isEqualTo(count);
                }
                store.drop(round, 0, 1);
            }
        }
    }

    private static void requireSame(List<Chunk> expected, List<Chunk> actual) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++)
            RandomChunks.requireSame(expected.get(i), actual.get(i));
    }

    @Test
    void what_is_asked_together_comes_together() throws Exception {
        var keys = new ArrayList<CopyStore.Key>();
        for (int p = 0; p < 300; p++) {
            store.put(1, p, 1, TaskOutput.ofSlices(List.of(List.of(numbers(p, 5)), List.of())));
            keys.add(new CopyStore.Key(1, p, 1, p % 2));
        }

        List<CompletableFuture<CopyStore.Copy>> futures = AwaitedOutputs.fetch(client, peer, keys);

        for (int p = 0; p < 300; p++) {
            try (var output = (TaskOutput) futures.get(p).get(20, TimeUnit.SECONDS)) {
                assertThat(output.rows()).isEqualTo(p % 2 == 0 ? 5 : 0);
            }
        }
    }

    @Test
    void a_large_output_comes_in_many_frames() throws Exception {
        store.put(1, 0, 1, TaskOutput.ofChunks(List.of(numbers(0, 600_000), numbers(7, 100_000))));

        try (TaskOutput here = held(1);
                TaskOutput copy = getOutput(1, 0, 1, -1)) {
            requireSame(here.chunks(), copy.chunks());
        }
    }

    @Test
    void an_attempt_that_is_not_held_is_unavailable() {
        store.put(1, 0, 2, TaskOutput.ofChunks(List.of(numbers(0, 3))));

        assertThatThrownBy(() -> get(1, 0, 1, -1))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("doesn't hold it");
    }

    @Test
    void a_peer_that_is_not_there_is_unavailable_at_once() {
        server.close();

        long begin = System.nanoTime();
        assertThatThrownBy(() -> get(1, 0, 1, -1)).cause().isInstanceOf(Unavailable.class);
        assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(5));
    }

    @Test
    void objects_come_as_their_bytes() throws Exception {
        objects.put(4, ObjectBytes.counted(new byte[] {1, 2, 3}, account));
        objects.put(5, ObjectBytes.counted(new byte[0], account));
        objects.put(6, ObjectBytes.counted(new byte[3 << 20], account));

        for (int stage = 4; stage < 7; stage++) {
            try (var copy = (ObjectBytes) get(stage, 0, 1, -1)) {
                assertThat(copy.array())
                        .isEqualTo(Objects.requireNonNull(objects.get(stage)).array());
            }
        }
    }

    @Test
    void words_are_told_once_and_peers_share_a_dictionary() throws Exception {
        Schema schema = Schema.of(Field.of("s", new DataType.Categorical()));
        var copies = new ArrayList<TaskOutput>();
        try (var mine = new Dictionary(account);
                var other = new Dictionary(account)) {
            List<String> a = List.of("x", "y", "z");
            List<String> b = List.of("z", "new", "x");
            for (int p = 0; p < 2; p++) {
                Column column =
                        ColumnBuilder.encodedColumn(
                                new DataType.Categorical(),
                                account,
                                p == 0 ? mine : other,
                                p == 0 ? a : b);
                Chunk chunk = new Chunk(schema, List.of(column), 3);
                store.put(1, p, 1, TaskOutput.ofChunks(List.of(chunk)));
                copies.add(getOutput(1, p, 1, -1));
            }
        }

        var first = (DictionaryColumn) copies.get(0).chunks().getFirst().column(0);
        var second = (DictionaryColumn) copies.get(1).chunks().getFirst().column(0);
        assertThat(second.dictionary()).isSameAs(first.dictionary());
        assertThat(second.code(0)).isEqualTo(first.code(2));
        assertThat(second.values().get(second.code(1))).isEqualTo("new");
        copies.forEach(TaskOutput::close);
    }

    @Test
    @Timeout(30)
    void words_go_when_nothing_was_asked_for_a_while_and_are_told_again() throws Exception {
        Schema schema = Schema.of(Field.of("s", new DataType.Categorical()));
        try (var words = new Dictionary(account)) {
            Column column =
                    ColumnBuilder.encodedColumn(
                            new DataType.Categorical(), account, words, List.of("x", "y", "x"));
            store.put(1, 0, 1, TaskOutput.ofChunks(List.of(new Chunk(schema, List.of(column), 3))));
        }

        getOutput(1, 0, 1, -1).close();
        assertThat(fetched.usedBytes()).isPositive();
        while (fetched.usedBytes() > 0) Thread.sleep(50);

        try (TaskOutput again = getOutput(1, 0, 1, -1)) {
            var column = (DictionaryColumn) again.chunks().getFirst().column(0);
            assertThat(column.values().get(column.code(1))).isEqualTo("y");
        }
    }

    @Test
    void a_join_table_is_built_again_where_it_arrives() throws Exception {
        Chunk rows = numbers(10, 1000);
        store.put(1, 0, 1, TaskOutput.ofTable(JoinTable.build(rows, rows.columns(), account)));

        try (TaskOutput copy = getOutput(1, 0, 1, -1);
                Chunk probe = numbers(5, 10)) {
            var groups = new int[10];
            copy.table().find(probe.columns(), 10, copy.table().scratch(), groups);
            assertThat(groups).startsWith(-1, -1, -1, -1, -1).contains(0, 1, 2, 3, 4);
            assertThat(copy.table().keys().getFirst()).isSameAs(copy.table().chunk().column(0));
        }
    }

    @Test
    void a_sorted_run_keeps_its_keys_and_notes() throws Exception {
        var order = List.of(new OrderBy(new Expression.Column("x"), false, false));
        try (Chunk rows = numbers(0, 500);
                Chunk keys = numbers(1000, 500)) {
            SortedRun run = SortedRun.of(rows, keys.columns(), order, 500, account);
            var note = new FileNote("a", "b", 1, 2, FileNote.ROWS, 3);
            store.put(1, 0, 1, TaskOutput.ofRun(run).withNotes(List.of(note)));
        }

        try (TaskOutput here = held(1);
                TaskOutput copy = getOutput(1, 0, 1, -1)) {
            requireSame(here.chunks(), copy.chunks());
            RandomChunks.requireSame(here.run().keys().getFirst(), copy.run().keys().getFirst());
            assertThat(copy.notes()).isEqualTo(here.notes());
        }
    }

    @Test
    void a_fetch_waits_until_there_is_memory() throws Exception {
        store.put(1, 0, 1, TaskOutput.ofChunks(List.of(numbers(0, 1_000_000))));
        MemoryAccount hog = fetched.account(new Owner("test", "Hog", -1));
        hog.reserve(62 << 20);

        CompletableFuture<CopyStore.Copy> coming =
                AwaitedOutputs.fetch(client, peer, List.of(new CopyStore.Key(1, 0, 1, -1)))
                        .getFirst();
        assertThatThrownBy(() -> coming.get(300, TimeUnit.MILLISECONDS))
                .isInstanceOf(java.util.concurrent.TimeoutException.class);
        hog.close();

        try (var copy = (TaskOutput) coming.get(10, TimeUnit.SECONDS)) {
            assertThat(copy.rows()).isEqualTo(1_000_000);
        }
    }

    @Test
    void what_is_cancelled_is_not_delivered_and_others_are() throws Exception {
        store.put(1, 0, 1, TaskOutput.ofChunks(List.of(numbers(0, 1_000_000))));
        store.put(1, 1, 1, TaskOutput.ofChunks(List.of(numbers(0, 10))));
        var told = new CountDownLatch(1);
        var first = new CopyStore.Key(1, 0, 1, -1);
        client.fetch(
                peer,
                List.of(
                        new DataClient.Wish(
                                first,
                                new OutputReceiver() {
                                    @Override
                                    public void arrived(CopyStore.Copy copy) {
                                        copy.close();
                                        told.countDown();
                                    }

                                    @Override
                                    public void unavailable(String why) {
                                        told.countDown();
                                    }
                                })));
        boolean cancelled = client.cancel(peer, first);

        try (TaskOutput second = getOutput(1, 1, 1, -1)) {
            assertThat(second.rows()).isEqualTo(10);
        }
        assertThat(told.getCount()).isEqualTo(cancelled ? 1 : 0);
    }
}
