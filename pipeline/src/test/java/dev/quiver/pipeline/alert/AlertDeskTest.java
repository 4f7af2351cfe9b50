package dev.quiver.pipeline.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.Gate;
import dev.quiver.error.QuiverException;
import dev.quiver.pipeline.Load;
import dev.quiver.pipeline.Pipeline;
import dev.quiver.pipeline.history.History;
import dev.quiver.pipeline.history.Json;
import dev.quiver.pipeline.history.RunRecord.Notice;
import dev.quiver.schema.DataType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Alerts reach a server that takes JSON, once each, whatever it answers at first.
final class AlertDeskTest {
    private final CopyOnWriteArrayList<Map<String, Object>> posted = new CopyOnWriteArrayList<>();
    private final List<Integer> answers = new ArrayList<>();
    private final List<Duration> pauses = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private Session q;

    @TempDir private Path directory;

    @BeforeEach
    void open() throws IOException {
        q = Quiver.local(Options.defaults().slots(1).quiet());
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/hook/secret",
                exchange -> {
                    byte[] body = exchange.getRequestBody().readAllBytes();
                    int status = answers.isEmpty() ? 200 : answers.removeFirst();
                    if (status == 200)
                        posted.add(Json.object(new String(body, StandardCharsets.UTF_8)));
                    exchange.sendResponseHeaders(status, -1);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
        q.close();
    }

    private URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook/secret");
    }

    private AlertDesk desk(AlertBook book) {
        return AlertDesk.of(List.of(AlertChannel.webhook(address())), book, pauses::add);
    }

    private static final class Kept implements AlertBook {
        private Set<String> kept = new TreeSet<>();

        @Override
        public Set<String> open() {
            return kept;
        }

        @Override
        public void keep(Set<String> open) {
            kept = open;
        }
    }

    private Pipeline orders(String rows) throws IOException {
        Path csv = directory.resolve("orders.csv");
        Files.writeString(csv, rows);
        return Pipeline.named("orders")
                .ledger(ledger())
                .extract(read -> read.csv(csv.toString()))
                .gate(Gate.rules().notNull("amount").quarantine(directory + "/bad"))
                .load(Load.parquet(directory.resolve("out").toString()).overwrite());
    }

    private String ledger() {
        return directory.resolve("ledger").toString();
    }

    private void run(AlertDesk desk, String rows, Alert... alerts) throws IOException {
        Pipeline pipeline = orders(rows).observer(desk.watch(alerts));
        try {
            pipeline.run(q);
        } catch (QuiverException e) {
            assertThat(e).hasMessageContaining("pipeline 'orders' stopped");
        }
    }

    @Test
    void a_failure_is_told_once_and_that_it_is_over_too() throws IOException {
        var book = new Kept();
        try (AlertDesk desk = desk(book)) {
            run(desk, "id,quantity\n1,2\n", Alert.onFailure());
            run(desk, "id,quantity\n1,2\n", Alert.onFailure());
        }
        assertThat(book.open()).containsExactly("orders/failed");
        try (AlertDesk later = desk(book)) {
            run(later, "id,quantity\n1,2\n", Alert.onFailure());
            run(later, "id,amount\n1,2\n", Alert.onFailure());
            run(later, "id,amount\n1,2\n", Alert.onFailure());
        }

        assertThat(posted).hasSize(2);
        assertThat(posted.getFirst())
                .containsEntry("pipeline", "orders")
                .containsEntry("alert", "failed")
                .containsEntry("state", "alert")
                .containsEntry("run", "orders-1");
        assertThat((String) posted.getFirst().get("text"))
                .startsWith("orders: failed\n")
                .contains("no column 'amount'", "fix: ", "quiver runs orders-1");
        assertThat(posted.getLast())
                .containsEntry("state", "recovered")
                .containsEntry(
                        "text",
                        "orders: no longer failed\n\n"
                                + "run 'orders-1' loaded 1 rows\n\n"
                                + "quiver runs orders-1\n");
        List<Notice> notices =
                History.of(ledger()).stream().flatMap(run -> run.alerts().stream()).toList();
        assertThat(notices).extracting(Notice::failure).containsOnly(Optional.empty());
        assertThat(notices).extracting(Notice::rule).contains("failed", "no longer failed");
    }

    @Test
    void a_server_that_fails_for_a_while_gets_it_later() throws IOException {
        answers.addAll(List.of(503, 429, 500));
        try (AlertDesk desk = desk(new Kept())) {
            run(desk, "id,quantity\n1,2\n", Alert.onFailure());
        }

        assertThat(posted).hasSize(1);
        assertThat(pauses)
                .containsExactly(
                        Duration.ofSeconds(1), Duration.ofSeconds(4), Duration.ofSeconds(16));
    }

    @Test
    void what_cant_be_sent_is_in_the_history_without_the_secret() throws IOException {
        answers.addAll(List.of(404, 503, 503, 503, 503));
        try (AlertDesk desk = desk(new Kept())) {
            run(desk, "id,quantity\n1,2\n", Alert.onFailure());
            run(desk, "id,amount\n1,2\n", Alert.onFailure());
        }

        assertThat(posted).isEmpty();
        List<Notice> notices = History.of(ledger()).getFirst().alerts();
        assertThat(notices)
                .extracting(notice -> notice.failure().orElse(""))
                .containsExactly("127.0.0.1 answered 404", "tried 4 times: 127.0.0.1 answered 503");
        assertThat(Files.readString(Path.of(ledger(), "runs.jsonl"))).doesNotContain("secret");
    }

    @Test
    void shares_of_bad_rows_and_own_thresholds_are_told() throws IOException {
        Alert[] alerts = {
            Alert.quarantineOver(0.25),
            Alert.when("few rows", run -> run.rowsLoaded() < 3),
            Alert.when("mostly seen", run -> run.droppedShare() > 0.5),
            Alert.when(
                    "broken",
                    run -> {
                        throw new IllegalStateException("mine");
                    })
        };
        try (AlertDesk desk = desk(new Kept())) {
            run(desk, "id,amount\n1,2\n2,\n3,\n", alerts);
            run(desk, "id,amount\n1,2\n2,\n3,3\n4,4\n", alerts);
        }

        assertThat(posted)
                .extracting(message -> message.get("alert") + " " + message.get("state"))
                .containsExactlyInAnyOrder(
                        "quarantine over 25 % alert",
                        "few rows alert", "quarantine over 25 % recovered", "few rows recovered");
        assertThat((String) posted.getFirst().get("what"))
                .isEqualTo("66.67 % of the rows of run 'orders-1' are in quarantine: 2 of 3");
    }

    @Test
    void drift_is_told_for_each_run_that_has_some() throws IOException {
        Path csv = directory.resolve("orders.csv");
        try (AlertDesk desk = desk(new Kept())) {
            for (String rows : List.of("1,2\n", "1,\n", "1,\n", "1,2\n")) {
                Files.writeString(csv, "id,amount\n" + rows);
                Pipeline.named("orders")
                        .ledger(ledger())
                        .extract(read -> read.type("amount", DataType.INT64).csv(csv.toString()))
                        .load(Load.parquet(directory.resolve("out").toString()).overwrite())
                        .drift()
                        .observer(desk.watch(Alert.onDrift()))
                        .run(q);
            }
        }

        assertThat(posted)
                .extracting(message -> message.get("run") + " " + message.get("state"))
                .containsExactly("orders-2 alert", "orders-4 alert");
        assertThat((String) posted.getFirst().get("text"))
                .startsWith("orders: drift\n\nwhat run 'orders-2' loaded differs")
                .contains("\n  amount is null in 100.0 % of the rows");
    }

    @Test
    void not_done_by_a_time_of_day_is_seen_from_then_on() {
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        Alert alert = Alert.notDoneBy(LocalTime.of(7, 0), berlin);
        Instant before = Instant.parse("2026-06-01T04:59:00Z");
        Instant behind = Instant.parse("2026-06-01T05:00:00Z");
        Optional<Instant> yesterday = Optional.of(Instant.parse("2026-05-31T21:00:00Z"));
        Optional<Instant> today = Optional.of(Instant.parse("2026-05-31T22:30:00Z"));

        assertThat(alert.isLate(lateness(before, yesterday))).isFalse();
        assertThat(alert.isLate(lateness(behind, yesterday))).isTrue();
        assertThat(alert.isLate(lateness(behind, Optional.empty()))).isTrue();
        assertThat(alert.isLate(lateness(behind, today))).isFalse();
    }

    private static Lateness lateness(Instant now, Optional<Instant> done) {
        return new Lateness("p", Path.of("ledger"), now, Optional.empty(), done);
    }

    @Test
    void what_makes_no_sense_is_refused() {
        assertThatThrownBy(() -> Alert.quarantineOver(5)).hasMessageContaining("from 0 to 1");
        assertThatThrownBy(() -> Alert.late(Duration.ZERO)).hasMessageContaining("positive");
        assertThatThrownBy(() -> AlertChannel.webhook(URI.create("secret")))
                .isInstanceOf(QuiverException.class)
                .hasMessageNotContaining("secret");
    }
}
