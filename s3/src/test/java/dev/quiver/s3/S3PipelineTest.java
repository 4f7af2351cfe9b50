package dev.quiver.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.Table;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.pipeline.Load;
import dev.quiver.pipeline.Pipeline;
import dev.quiver.pipeline.PipelineRun;
import dev.quiver.pipeline.history.History;
import dev.quiver.pipeline.history.RunRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.regions.Region;

/// Pipelines whose input, loads, quarantine and ledger are in a bucket: whatever happens to the
/// store or the process, what is there in the end is what is there without it, byte for byte.
@Tag("python")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class S3PipelineTest {
    private static final int ROWS = 4_000;
    private static final long SIGKILL = 128 + 9;

    private final MotoServer moto;
    private final S3Store store;
    private final Session q;
    private final SortedMap<String, byte[]> whole;
    private final String bucket = "s3://quiver-pipelines";
    private final String in = bucket + "/in/*.csv";
    private final int units;
    private final int requestsOfARun;
    private int runs;
    private String out = "";

    S3PipelineTest(@TempDir Path directory) throws IOException, InterruptedException {
        moto = new MotoServer(directory);
        moto.useByThisProcess();
        var settings = new S3Settings(Optional.of(URI.create(moto.url())), Region.US_EAST_1, false);
        store = new S3Store(settings);
        q = Quiver.local(Options.defaults().slots(2).quiet());
        store.send(
                S3Address.of(bucket),
                s3 -> s3.createBucket(request -> request.bucket("quiver-pipelines")));
        store.put(bucket + "/in/a.csv", rows(0, ROWS / 2), true);
        store.put(bucket + "/in/b.csv", rows(ROWS / 2, ROWS), true);
        out = bucket + "/whole";
        moto.behave();
        PipelineRun run = pipeline().run(q);
        units = run.units();
        requestsOfARun = moto.requests().size();
        assertThat(run.units()).isBetween(6, 12);
        assertThat(run.rowsLoaded()).isPositive();
        assertThat(run.quarantined()).isEqualTo(80);
        whole = contents();
    }

    /// Of a hundred rows one has no text and one was there before.
    private static byte[] rows(int from, int to) {
        var text = new StringBuilder("id,rest,text\n");
        for (int id = from; id < to; id++) {
            int said = id % 100 == 50 ? id - 1 : id;
            text.append("%d,%d,%s\n".formatted(said, said % 2, id % 100 == 20 ? "" : "row " + id));
        }
        return text.toString().getBytes(UTF_8);
    }

    @BeforeEach
    void newPlace() {
        moto.behave();
        out = "%s/out-%d".formatted(bucket, ++runs);
    }

    @AfterAll
    void stop() {
        q.close();
        store.close();
        moto.close();
    }

    private Pipeline pipeline() {
        return S3Victim.pipeline(in, out, out + "/ledger");
    }

    /// All files below the place, by what follows it in their addresses.
    private SortedMap<String, byte[]> contents() throws IOException {
        var contents = new TreeMap<String, byte[]>();
        for (String url : store.list(out + "/")) {
            // These tell which process wrote and when, and how often the ledger changed hands.
            if (url.contains("/ledger")) continue;
            try (var reply = store.read(url, 0, 1 << 20, "")) {
                contents.put(url.substring(out.length()), reply.body().readAllBytes());
            }
        }
        return contents;
    }

    private void assertWhole(String what) throws IOException {
        moto.behave();
        SortedMap<String, byte[]> contents = contents();
        assertThat(contents.keySet()).as(what).isEqualTo(whole.keySet());
        whole.forEach((name, bytes) ->
                assertThat(contents.get(name)).as("%s, %s", name, what).isEqualTo(bytes));
    }

    @Test
    void the_history_of_runs_is_in_the_order_of_time() throws IOException {
        String ledger = bucket + "/whole/ledger";

        List<String> noted = store.list(ledger + "/runs.jsonl/");

        assertThat(noted).hasSize(2);
        for (String url : noted) {
            String name = url.substring(url.lastIndexOf('/') + 1);
            long millis = Long.parseLong(name.substring(0, name.indexOf('-')));
            assertThat(Instant.ofEpochMilli(millis))
                    .isBetween(Instant.now().minus(Duration.ofHours(1)), Instant.now());
        }
        assertThat(History.of(ledger))
                .singleElement()
                .satisfies(run -> assertThat(run.state()).isEqualTo(RunRecord.State.DONE));
    }

    @Test
    void files_have_their_names_and_nothing_else_is_left() throws IOException {
        assertThat(whole.keySet())
                .contains("/numbers/_SUCCESS", "/large/_SUCCESS", "/bad/_SUCCESS")
                .contains("/numbers/rest=0/numbers-1-part-00000.parquet")
                .allMatch(name -> name.endsWith("_SUCCESS") || name.contains("/numbers-1-part-"));
        assertThat(q.read().parquet(bucket + "/whole/numbers/").count()).isEqualTo(ROWS - 80);
        assertThat(store.list(bucket + "/whole/ledger/"))
                .hasSize(4)
                .anyMatch(url -> url.contains("/ledger/epoch/"))
                .anyMatch(url -> url.contains("/ledger/runs.jsonl/"))
                .anyMatch(url -> url.contains("/ledger/ledger.log/"));
        assertThat(
                        store.send(
                                        S3Address.of(bucket),
                                        s3 ->
                                                s3.listMultipartUploads(
                                                        all -> all.bucket("quiver-pipelines")))
                                .uploads())
                .isEmpty();
    }

    @Test
    void the_audit_log_is_a_folder_beside_the_ledger() throws IOException {
        List<String> lines = store.list(bucket + "/whole/ledger-audit/");

        assertThat(lines).hasSize(2);
        try (Table events =
                q.read().json(bucket + "/whole/ledger-audit/*").sort("time").collect()) {
            assertThat(events.rows().stream().map(row -> row.getString("event")))
                    .containsExactly("read", "loaded");
        }
    }

    @Test
    void a_store_that_is_slow_and_cuts_connections_makes_no_difference() throws IOException {
        toleratesTrouble(Long.getLong("seed", new Random().nextInt(1_000_000)));
    }

    @Test
    @Tag("nightly")
    void a_store_that_is_slow_again_and_again_makes_no_difference() throws IOException {
        for (long seed = 0; seed < 20; seed++) toleratesTrouble(seed);
    }

    private void toleratesTrouble(long seed) throws IOException {
        newPlace();
        System.out.println("S3PipelineTest -Dseed=" + seed);
        moto.sometimes(new Random(seed), 0.08);

        PipelineRun run = pipeline().run(q);

        assertThat(run.quarantined()).as("seed %d", seed).isEqualTo(80);
        assertWhole("seed " + seed);
    }

    @Test
    void a_run_goes_on_where_it_was_when_the_store_was_gone_for_long() throws IOException {
        Pipeline troubled =
                pipeline()
                        .troubled((step, unit) -> {
                            if (step.startsWith("load parquet") && unit == 3)
                                throw new QuiverException(
                                        ErrorCode.IO_FAILED, "gone", List.of(), "wait");
                        });
        assertThatThrownBy(() -> troubled.run(q))
                .hasMessageContaining("2 of %d units are done and stay".formatted(units));
        assertThat(store.list(out + "/numbers/")).isEmpty();

        PipelineRun run = pipeline().run(q);

        assertThat(run.resumedUnits()).isEqualTo(2);
        assertWhole("");
    }

    @Test
    void a_crash_between_two_names_is_made_good() throws IOException {
        for (String step : new String[] {"publish", "clear"}) {
            newPlace();
            // The first file has its name, then nothing goes any more.
            var copies = new AtomicInteger();
            moto.always((exchange, body) -> {
                boolean copy = exchange.getRequestHeaders().containsKey("x-amz-copy-source");
                boolean counts =
                        step.equals("clear") ? exchange.getRequestMethod().equals("DELETE") : copy;
                return counts
                        && copies.incrementAndGet() > 2
                        && MotoServer.status(403, "AccessDenied").meet(exchange, body);
            });
            assertThatThrownBy(() -> pipeline().run(q)).hasMessageContaining("AccessDenied");
            moto.behave();

            pipeline().run(q);

            assertWhole(step);
        }
    }

    @Test
    void a_killed_process_leaves_nothing_behind(@TempDir Path directory) throws Exception {
        survives(Long.getLong("seed", new Random().nextInt(1_000_000)), directory);
    }

    @Test
    @Tag("nightly")
    void twenty_killed_processes_leave_nothing_behind(@TempDir Path directory) throws Exception {
        for (long seed = 0; seed < 20; seed++) survives(seed, directory);
    }

    /// Kills the process at a request that is counted, before it is answered.
    private void survives(long seed, Path directory) throws Exception {
        newPlace();
        System.out.println("S3PipelineTest -Dseed=" + seed);
        var left = new AtomicInteger(1 + new Random(seed).nextInt(requestsOfARun));
        var dead = new CountDownLatch(1);
        moto.always((exchange, _) -> {
            if (left.decrementAndGet() > 0 || dead.getCount() == 0) return false;
            dead.countDown();
            return MotoServer.status(503, "SlowDown").meet(exchange, new byte[0]);
        });
        Path log = directory.resolve("log" + seed);
        Process victim = S3Victim.start(log, in, out, out + "/ledger");
        while (victim.isAlive() && !dead.await(50, TimeUnit.MILLISECONDS)) Thread.onSpinWait();
        victim.destroyForcibly();
        long status = victim.waitFor();
        assertThat(status).as("seed %d: %s", seed, Files.readString(log)).isIn(0L, SIGKILL);
        moto.behave();

        if (status != 0) goOn();

        assertWhole("seed " + seed);
    }

    /// Runs what is left, which is nothing where the ledger was told last that all is done.
    private void goOn() {
        try {
            pipeline().run(q);
        } catch (QuiverException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.TARGET_EXISTS);
        }
    }

    @Test
    void two_processes_do_not_run_one_pipeline() {
        Pipeline second = pipeline();
        Pipeline first =
                pipeline()
                        .troubled((step, unit) -> {
                            if (step.startsWith("load parquet") && unit == 2) elsewhere(second);
                        });

        assertThatThrownBy(() -> first.run(q))
                .isInstanceOfSatisfying(
                        QuiverException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                .hasMessageContaining("pipeline 'numbers' is running in this process");
    }

    @Test
    void a_process_that_was_taken_for_dead_changes_nothing_any_more() throws IOException {
        var once = new AtomicBoolean();
        Pipeline silent =
                pipeline()
                        .troubled((step, unit) -> {
                            if (!step.startsWith("load parquet") || unit != 3) return;
                            if (once.getAndSet(true)) return;
                            // As if this process had been stopped for so long that nobody waits.
                            delete(out + "/ledger/LOCK");
                            elsewhere(pipeline());
                        });

        assertThatThrownBy(() -> silent.run(q))
                .isInstanceOfSatisfying(
                        QuiverException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED))
                .hasMessageContaining("taken over by another process");
        assertThat(q.read().parquet(out + "/numbers/").count()).isEqualTo(ROWS - 80);
    }

    private static void elsewhere(Pipeline pipeline) {
        try (var other = Quiver.local(Options.defaults().slots(1).quiet())) {
            pipeline.run(other);
        }
    }

    private void delete(String url) {
        try {
            store.delete(url);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void new_files_are_added_and_a_whole_load_is_replaced() throws IOException {
        String folder = out + "/in/";
        store.put(folder + "1.csv", rows(0, 100), true);
        Pipeline fresh =
                Pipeline.named("fresh")
                        .ledger(out + "/fresh-ledger/")
                        .extract(read -> read.csv(folder + "*.csv"))
                        .load(Load.parquet(out + "/fresh/"))
                        .onlyNew();
        Pipeline all =
                Pipeline.named("all")
                        .ledger(out + "/all-ledger/")
                        .extract(read -> read.csv(folder + "*.csv"))
                        .load(Load.parquet(out + "/all/").overwrite());

        assertThat(fresh.run(q).rowsLoaded()).isEqualTo(100);
        assertThat(all.run(q).rowsLoaded()).isEqualTo(100);
        store.put(folder + "2.csv", rows(100, 300), true);
        assertThat(fresh.run(q).rowsLoaded()).isEqualTo(200);
        assertThat(all.run(q).rowsLoaded()).isEqualTo(300);

        assertThat(q.read().parquet(out + "/fresh/").count()).isEqualTo(300);
        assertThat(q.read().parquet(out + "/all/").count()).isEqualTo(300);
        assertThat(store.list(out + "/all/")).allMatch(url -> !url.contains("/all-1-"));
    }

    @Test
    void a_target_that_is_there_is_not_touched() throws IOException {
        store.put(out + "/numbers/mine.txt", new byte[1], true);

        assertThatThrownBy(() -> pipeline().run(q))
                .isInstanceOfSatisfying(
                        QuiverException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.TARGET_EXISTS))
                .hasMessageContaining("'%s/numbers' is there already".formatted(out));
    }

    @Test
    void a_copy_of_a_large_file_is_made_in_parts() throws IOException {
        var bytes = new byte[12 << 20];
        new Random(1).nextBytes(bytes);
        store.put(out + "/from", bytes, true);

        new S3Copy(store, S3Address.of(out + "/from"), S3Address.of(out + "/to"), 5L << 20).run();

        try (var reply = store.read(out + "/to", 0, bytes.length, "")) {
            assertThat(reply.body().readAllBytes()).isEqualTo(bytes);
        }
    }
}
