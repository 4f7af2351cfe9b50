package dev.quiver.cluster.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import dev.quiver.worker.store.TaskOutput;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What others than Quiver read by Arrow Flight.
@SuppressWarnings("try") // Flight's close may be interrupted
final class PublishedFramesTest {
    private static final Schema SALES =
            Schema.of(
                    Field.of("id", DataType.INT64),
                    Field.of("region", new DataType.Categorical()),
                    Field.of("price", new DataType.Decimal(9, 2)),
                    Field.of("open", DataType.BOOL));
    private static final String SCRIPT =
            """
            import sys, pyarrow.flight as flight
            client = flight.connect(sys.argv[1])
            info = client.get_flight_info(flight.FlightDescriptor.for_path("sales"))
            tables = [client.do_get(e.ticket).read_all() for e in info.endpoints]
            print([t.num_rows for t in tables], tables[1].to_pylist()[-1])
            """;

    private final MemoryPool pool = new MemoryPool(64 << 20);
    private final MemoryAccount account = pool.account(new Owner("test", "Published", -1));
    private final List<TaskOutput> sales = new ArrayList<>();
    private final DataClient client;
    private final ChunkServer server;
    private final InetSocketAddress address;

    PublishedFramesTest() {
        try (var regions = new Dictionary(account)) {
            sales.add(
                    TaskOutput.ofChunks(List.of(chunk(regions, 0, 100), chunk(regions, 100, 28))));
            sales.add(TaskOutput.ofChunks(List.of(chunk(regions, 128, 3))));
        }
        client = new DataClient(FlightEndpoints.plain(DataSettings.DEFAULTS), account);
        server =
                ChunkServer.start(
                        FlightEndpoints.plain(DataSettings.DEFAULTS),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        (_, _, _, _) -> null,
                        client.offered(),
                        new Sales(),
                        account);
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
    }

    private Chunk chunk(Dictionary regions, long from, int rows) {
        var ids = new ArrayList<Long>();
        var names = new ArrayList<@Nullable String>();
        var prices = new ArrayList<java.math.BigDecimal>();
        var open = new ArrayList<Boolean>();
        for (long i = from; i < from + rows; i++) {
            ids.add(i);
            names.add(i % 10 == 0 ? null : "region " + i % 3);
            prices.add(java.math.BigDecimal.valueOf(i, 2));
            open.add(i % 2 == 0);
        }
        List<Column> columns =
                List.of(
                        ColumnBuilder.column(DataType.INT64, account, ids),
                        ColumnBuilder.encodedColumn(
                                new DataType.Categorical(), account, regions, names),
                        ColumnBuilder.column(new DataType.Decimal(9, 2), account, prices),
                        ColumnBuilder.column(DataType.BOOL, account, open));
        return new Chunk(SALES, columns, rows);
    }

    private final class Sales implements PublishedFrames {
        @Override
        public List<Frame> frames() {
            return List.of(
                    new Frame(
                            "sales",
                            1,
                            SALES,
                            List.of(
                                    Optional.of(new Partition(1, address, 128, 900)),
                                    Optional.of(new Partition(1, address, 3, 100)))),
                    new Frame("returns", 2, SALES, List.of(Optional.empty())));
        }

        @Override
        public @Nullable TaskOutput partition(Frame frame, int partition) {
            return partition < sales.size() ? sales.get(partition).retain() : null;
        }
    }

    @AfterEach
    void nothing_is_left() {
        client.close();
        server.close();
        sales.forEach(TaskOutput::close);
        pool.close();
    }

    @Test
    void a_flight_has_the_rows_of_its_partitions() throws Exception {
        try (BufferAllocator allocator = FlightEndpoints.allocator();
                FlightClient client =
                        FlightClient.builder(
                                        allocator,
                                        Location.forGrpcInsecure("localhost", server.port()))
                                .build()) {
            FlightInfo info = client.getInfo(FlightDescriptor.path("sales"));
            assertThat(info.getRecords()).isEqualTo(131);
            var ids = new ArrayList<Object>();
            var regions = new ArrayList<String>();
            for (FlightEndpoint endpoint : info.getEndpoints()) {
                try (FlightStream stream = client.getStream(endpoint.getTicket())) {
                    while (stream.next()) {
                        for (int i = 0; i < stream.getRoot().getRowCount(); i++) {
                            ids.add(stream.getRoot().getVector("id").getObject(i));
                            regions.add("" + stream.getRoot().getVector("region").getObject(i));
                        }
                    }
                }
            }
            assertThat(ids).hasSize(131).startsWith(0L, 1L).endsWith(129L, 130L);
            assertThat(regions).startsWith("null", "region 1", "region 2").endsWith("null");
        }
    }

    @Test
    void a_name_that_is_not_there_is_answered_by_those_that_are() throws Exception {
        try (BufferAllocator allocator = FlightEndpoints.allocator();
                FlightClient client =
                        FlightClient.builder(
                                        allocator,
                                        Location.forGrpcInsecure("localhost", server.port()))
                                .build()) {
            assertThatThrownBy(() -> client.getInfo(FlightDescriptor.path("sails")))
                    .isInstanceOf(FlightRuntimeException.class)
                    .hasMessageContaining(
                            "nothing is published as 'sails'; there is: sales, returns");
            assertThatThrownBy(() -> client.getInfo(FlightDescriptor.path("returns")))
                    .hasMessageContaining("some of 'returns' is being made anew");
            var ticket = new Ticket("sales\n7".getBytes(StandardCharsets.UTF_8));
            try (FlightStream stream = client.getStream(ticket)) {
                assertThatThrownBy(stream::next).hasMessageContaining("doesn't hold");
            }
        }
    }

    @Test
    @Tag("python")
    void pyarrow_reads_a_published_frame() throws Exception {
        String python = Objects.requireNonNullElse(System.getenv("QUIVER_PYTHON"), "python3");
        var command =
                Arrays.asList(python, "-c", SCRIPT, "grpc://localhost:%d".formatted(server.port()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(out)
                .isEqualToNormalizingNewlines(
                        "[128, 3] {'id': 130, 'region': None, 'price': Decimal('1.30'), 'open':"
                                + " True}\n");
    }
}
