package dev.quiver.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever kills the process, what is there in the end is what is there without a kill, byte for
/// byte: outputs, quarantine and ledger.
final class KillTest {
    private static final int ROWS = 12_000;
    private static final long SIGKILL = 128 + 9;

    @TempDir private static Path data;
    private static Path csv;
    private static Session q;
    private static SortedMap<String, String> whole;
    private static long steps;

    @TempDir private Path directory;

    @BeforeAll
    static void run_once_without_a_kill() throws IOException {
        csv = FlightFiles.first(data, ROWS);
        q = Quiver.local(Options.defaults().slots(2).quiet());
        Path out = data.resolve("out");
        var disk = new TroubledDisk((_, _) -> {});
        PipelineRun run = Victim.pipeline(csv, out).in(Victim.with(disk)).run(q);
        steps = disk.steps();
        whole = FlightFiles.contents(out);
        assertThat(run.units()).isBetween(12, 40);
        assertThat(run.quarantined()).isPositive();
    }

    @AfterAll
    static void close() {
        q.close();
    }

    @Test
    void six_seeded_kills_leave_nothing_behind() throws Exception {
        long first = Long.getLong("seed", new Random().nextInt(1_000_000));
        for (long seed = first; seed < first + 6; seed++) survives(seed);
    }

    @Test
    @Tag("nightly")
    void fifty_seeded_kills_leave_nothing_behind() throws Exception {
        for (long seed = 0; seed < 50; seed++) survives(seed);
    }

    private void survives(long seed) throws Exception {
        var random = new Random(seed);
        Path out = directory.resolve("out" + seed);
        String kills = "";
        for (int kill = seed % 5 == 0 ? 2 : 1; kill > 0 && !hasEnded(out); kill--) {
            Victim.Fate fate = fate(seed, random);
            Process victim = Victim.start(csv, out, fate);
            if (fate.kill() == 0) {
                victim.waitFor(300 + random.nextInt(1500), TimeUnit.MILLISECONDS);
                victim.destroyForcibly();
            }
            int status = victim.waitFor();
            assertThat((long) status).as("seed %d, %s: %s", seed, fate, log(out)).isIn(0L, SIGKILL);
            kills += fate + " ";
        }

        if (!hasEnded(out)) Victim.pipeline(csv, out).run(q);

        assertThat(FlightFiles.contents(out)).as("seed %d: %s", seed, kills).isEqualTo(whole);
        List<String> events = Files.readAllLines(out.resolve("ledger/audit.jsonl"));
        assertThat(events).as("seed %d: %s", seed, kills).allMatch(line -> line.endsWith("}"));
        assertThat(events.stream().filter(line -> line.startsWith("{\"event\":\"loaded\"")))
                .as("seed %d: %s", seed, kills)
                .hasSize(1);
    }

    /// Also of a run that was killed behind its last step.
    private static boolean hasEnded(Path out) {
        return Victim.pipeline(csv, out).lastRun() > 0;
    }

    /// One in four is killed after some time, one in four in what follows a failing step, one in
    /// four in the middle of a write where the step is one.
    private static Victim.Fate fate(long seed, Random random) {
        long step = 1 + random.nextLong(steps);
        return switch ((int) (seed % 4)) {
            case 0 -> new Victim.Fate(step, -1, 0);
            case 1 -> new Victim.Fate(step, random.nextInt(200), 0);
            case 2 -> new Victim.Fate(step + 1 + random.nextInt(6), -1, step);
            default -> new Victim.Fate(0, -1, 0);
        };
    }

    private static String log(Path out) throws IOException {
        return Files.readString(out.resolveSibling(out.getFileName() + ".log"));
    }
}
