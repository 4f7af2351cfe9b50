package dev.quiver.pipeline;

import static dev.quiver.dataframe.Functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.Gate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An erasure that is killed leaves whole files, and another one deletes what it left: data,
/// quarantine and log are those of one that nobody killed.
final class ErasureKillTest {
    private static final long SIGKILL = 128 + 9;
    private static final int KILLS = 4;

    @TempDir private static Path data;
    private static Session q;
    private static SortedMap<String, String> whole;
    private static long steps;
    private static long rows;
    private static long rowsLeft;

    @BeforeAll
    static void eraseWithoutTrouble() throws IOException {
        q = Quiver.local(Options.defaults().slots(2).quiet());
        var text = new StringBuilder("person,age\n");
        for (int i = 0; i < 3_000; i++)
            text.append("u%d,%s\n".formatted(i % 100, i % 50 == 7 ? "x" : "" + i % 90));
        Files.writeString(data.resolve("in.csv"), text);
        prepare(data.resolve("before"));
        Path directory = copied("whole");
        rows = q.read().parquet(directory.resolve("people")).count();
        var disk = new TroubledDisk((_, _) -> {});
        Erased erased = ErasureVictim.erasure(directory).in(Victim.with(disk)).run(q);
        assertThat(erased.rows()).isEqualTo(60);
        assertThat(erased.quarantined()).isEqualTo(30);
        steps = disk.steps();
        whole = FlightFiles.contents(directory);
        rowsLeft = q.read().parquet(directory.resolve("people")).count();
    }

    private static void prepare(Path directory) {
        Gate gate = Gate.rules().matches("age", "[0-9]+").quarantine(directory + "/bad/");
        q.read()
                .csv(data.resolve("in.csv"))
                .gate(gate)
                .withColumn("tens", col("person").str().substring(2, 1))
                .write()
                .partitionBy("tens")
                .parquet(directory + "/people/");
    }

    private static Path copied(String name) throws IOException {
        Path from = data.resolve("before");
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList())
                Files.copy(file, data.resolve(name).resolve(from.relativize(file).toString()));
        }
        return data.resolve(name);
    }

    @AfterAll
    static void close() {
        q.close();
    }

    @Test
    void killed_anywhere_it_is_gone_on_with() throws Exception {
        long seed = Long.getLong("seed", new Random().nextInt(1_000_000));
        System.out.printf("ErasureKillTest seed %d, %d steps%n", seed, steps);
        var random = new Random(seed);
        for (int i = 0; i < KILLS; i++) {
            long kill = 1 + i * steps / KILLS + random.nextLong(steps / KILLS);
            String what = "seed %d, killed at step %d of %d".formatted(seed, kill, steps);
            Path directory = copied("killed-" + i);

            Process process = ErasureVictim.start(directory, kill);
            assertThat(process.waitFor()).as(what).isEqualTo((int) SIGKILL);

            long found = q.read().parquet(directory.resolve("people")).count();
            assertThat(found).as(what).isBetween(rowsLeft, rows);
            ErasureVictim.erasure(directory).run(q);
            assertThat(FlightFiles.contents(directory)).as(what).isEqualTo(whole);
            assertNothingIsHidden(directory);
            List<String> log = Files.readAllLines(directory.resolve("audit.jsonl"));
            assertThat(log.getLast()).as(what).startsWith("{\"event\":\"erased\"");
        }
    }

    private static void assertNothingIsHidden(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                assertThat(file.getFileName().toString()).doesNotStartWith(".");
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContainPattern("(?<![a-z0-9])u[357](?![0-9])");
            }
        }
    }
}
