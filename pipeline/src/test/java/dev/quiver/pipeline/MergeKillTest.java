package dev.quiver.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever kills the process of a merge into what an earlier run made, the target is in the end
/// what it is without a kill, byte for byte.
final class MergeKillTest {
    private static final long SIGKILL = 128 + 9;

    @TempDir private static Path data;
    private static Session q;
    private static SortedMap<String, String> whole;
    private static PipelineRun.Merged merged;
    private static long steps;

    @TempDir private Path directory;

    static Pipeline pipeline(Path place) {
        String file = place.resolve("in.csv").toString();
        return Pipeline.named("merge")
                .ledger(place.resolve("ledger").toString())
                .extract(read -> read.chunkBytes("64KB").csv(file))
                .load(
                        Load.merge(place.resolve("out").toString())
                                .on("id")
                                .latestBy("day")
                                .set("n", (was, now) -> was.col("n").plus(now.col("n")))
                                .partitionBy("kind"))
                .retry(3, Duration.ofMillis(1));
    }

    private static void deliver(Path place, int first, int kinds) throws IOException {
        Files.createDirectories(place);
        var rows = new ArrayList<String>();
        rows.add("id,day,kind,n");
        for (int i = first; i < first + 12_000; i++)
            rows.add("%d,%d,k%d,1".formatted(i, first + i % 7, i % kinds));
        Files.write(place.resolve("in.csv"), rows);
    }

    @BeforeAll
    static void run_once_without_a_kill() throws IOException {
        q = Quiver.local(Options.defaults().slots(2).quiet());
        deliver(data, 0, 8);
        pipeline(data).run(q);
        deliver(data, 6_000, 6);
        var disk = new TroubledDisk((_, _) -> {});
        merged = pipeline(data).in(Victim.with(disk)).run(q).merged();
        steps = disk.steps();
        whole = FlightFiles.contents(data.resolve("out"));
        assertThat(merged).isEqualTo(new PipelineRun.Merged(6_000, 6_000, 0));
    }

    @AfterAll
    static void close() {
        q.close();
    }

    @Test
    void four_seeded_kills_leave_nothing_behind() throws Exception {
        long first = Long.getLong("seed", new Random().nextInt(1_000_000));
        for (long seed = first; seed < first + 4; seed++) survives(seed);
    }

    @Test
    @Tag("nightly")
    void forty_seeded_kills_leave_nothing_behind() throws Exception {
        for (long seed = 0; seed < 40; seed++) survives(seed);
    }

    @Test
    void killed_after_its_last_step_a_run_has_ended() throws Exception {
        survives(0, new Victim.Fate(steps, -1, 0));
    }

    private void survives(long seed) throws Exception {
        var random = new Random(seed);
        long step = 1 + random.nextLong(steps);
        int torn = seed % 3 == 0 ? random.nextInt(200) : -1;
        var fate =
                seed % 4 == 1
                        ? new Victim.Fate(step + 1 + random.nextInt(6), -1, step)
                        : new Victim.Fate(step, torn, 0);
        survives(seed, fate);
    }

    private void survives(long seed, Victim.Fate fate) throws Exception {
        Path place = directory.resolve("place" + seed);
        deliver(place, 0, 8);
        pipeline(place).run(q);
        deliver(place, 6_000, 6);
        Process victim = Victim.start(MergeKillTest.class, place, place.resolve("log"), fate);
        int status = victim.waitFor();
        assertThat((long) status).as("seed %d, %s: %s", seed, fate, log(place)).isIn(0L, SIGKILL);

        // Killed behind its last step, it has ended: another run would merge its rows once more.
        if (pipeline(place).lastRun() < 2)
            assertThat(pipeline(place).run(q).merged())
                    .as("seed %d, %s", seed, fate)
                    .isEqualTo(merged);

        assertThat(FlightFiles.contents(place.resolve("out")))
                .as("seed %d: %s", seed, fate)
                .isEqualTo(whole);
        try (Stream<Path> found = Files.list(place)) {
            assertThat(found.map(path -> String.valueOf(path.getFileName())))
                    .as("seed %d: %s", seed, fate)
                    .containsExactlyInAnyOrderElementsOf(
                            List.of("in.csv", "ledger", "log.log", "out"));
        }
    }

    private static String log(Path place) throws IOException {
        return Files.readString(place.resolve("log.log"));
    }

    public static void main(String[] arguments) {
        try (var session = Quiver.local(Options.defaults().slots(2).quiet())) {
            pipeline(Path.of(arguments[0]))
                    .in(Victim.with(new TroubledDisk(Victim.fate(arguments))))
                    .run(session);
        }
    }
}
