package dev.quiver.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.cluster.data.DataSettings;
import dev.quiver.cluster.data.FlightEndpoints;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// How a scheduler ends conversations that don't begin as they should.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ConversationTest {
    private static final long PATIENCE_SECONDS = 2 * SchedulerDoor.GREETING_MILLIS / 1000 + 10;

    /// Metadata without a descriptor, as Flight writes it.
    private static final byte[] METADATA = HexFormat.of().parseHex("1a03010203");

    /// A descriptor with a path.
    private static final byte[] PATH = HexFormat.of().parseHex("0a0508011a0161");

    /// A descriptor with a command that greets nobody.
    private static final byte[] COMMAND = HexFormat.of().parseHex("0a0708021203010203");

    private SchedulerNode scheduler;
    private ManagedChannel channel;

    @BeforeAll
    void start() {
        scheduler = SchedulerNode.start(new SchedulerNode.Setup("127.0.0.1", 19_886));
        channel =
                FlightEndpoints.plain(DataSettings.DEFAULTS)
                        .schedulerChannel(
                                new InetSocketAddress("127.0.0.1", scheduler.place().port()))
                        .build();
    }

    @AfterAll
    void stop() {
        channel.shutdownNow();
        scheduler.close();
    }

    private RawCall exchange() {
        return new RawCall(channel, "arrow.flight.protocol.FlightService/DoExchange");
    }

    @Test
    void who_hangs_up_before_a_greeting_is_answered_at_once() throws Exception {
        long from = System.nanoTime();

        assertThat(exchange().hangUp().end(PATIENCE_SECONDS).getCode())
                .isEqualTo(Status.Code.NOT_FOUND);

        assertThat((System.nanoTime() - from) / 1_000_000)
                .isLessThan(SchedulerDoor.GREETING_MILLIS);
    }

    @Test
    void who_greets_with_nonsense_is_hung_up_on_at_once() throws Exception {
        long from = System.nanoTime();

        for (byte[] nonsense : List.of(PATH, COMMAND))
            assertThat(exchange().say(nonsense).end(PATIENCE_SECONDS).getCode())
                    .isEqualTo(Status.Code.NOT_FOUND);

        assertThat((System.nanoTime() - from) / 1_000_000)
                .isLessThan(SchedulerDoor.GREETING_MILLIS);
    }

    @Test
    void who_does_not_greet_is_hung_up_on_and_only_so_many_are_waited_for() throws Exception {
        var silent = new ArrayList<RawCall>();
        for (int i = 0; i < SchedulerDoor.UNGREETED_MAX; i++) silent.add(exchange());
        silent.add(exchange().say(METADATA));

        var ends = new ArrayList<Status.Code>();
        for (RawCall each : silent) ends.add(each.end(PATIENCE_SECONDS).getCode());

        assertThat(ends).containsOnlyOnce(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(ends)
                .filteredOn(end -> end == Status.Code.NOT_FOUND)
                .hasSize(SchedulerDoor.UNGREETED_MAX);
        try (Session q = Quiver.connect(scheduler.address(), Options.defaults().quiet())) {
            assertThat(q.catalog().names()).isEmpty();
        }
    }
}
