package dev.quiver.cluster.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.HistorySettings;
import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.cluster.node.SchedulerNode;
import dev.quiver.cluster.node.WorkerNode;
import dev.quiver.cluster.process.DriverProcesses;
import dev.quiver.cluster.security.Credentials;
import dev.quiver.config.Settings;
import dev.quiver.error.QuiverException;
import dev.quiver.graph.TaskKey;
import dev.quiver.scheduler.state.SchedulerEvent;
import dev.quiver.scheduler.state.SchedulerSettings;
import dev.quiver.worker.store.SpillRoom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The journal of a cluster on which tasks and a query ran.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ReplayTest {
    private static final int TASKS = 500;

    private Path journal;

    @BeforeAll
    void record(@TempDir Path directory) throws IOException {
        var setup =
                new SchedulerNode.Setup(
                        "127.0.0.1",
                        18_986,
                        new SchedulerNode.Keeping.Nothing(),
                        Credentials.NONE,
                        Optional.of(directory.resolve("journals")),
                        HistorySettings.never());
        Path csv = Files.writeString(directory.resolve("x.csv"), "a,b\n1,x\n2,y\n2,z\n");
        try (SchedulerNode scheduler = SchedulerNode.start(setup);
                WorkerNode _ =
                        WorkerNode.start(
                                new WorkerNode.Setup(
                                        scheduler.place(),
                                        "one",
                                        "127.0.0.1",
                                        2,
                                        256L << 20,
                                        SpillRoom.of(Settings.defaults())),
                                DriverProcesses.Launcher.NONE);
                Session q = Quiver.connect(scheduler.address(), Options.defaults().quiet())) {
            q.gather(q.map(x -> x + 1, IntStream.range(0, TASKS).boxed().toList()));
            assertThat(q.read().csv(csv.toString()).groupBy("a").count().count()).isEqualTo(2);
        }
        try (Stream<Path> files = Files.list(directory.resolve("journals"))) {
            journal = files.findFirst().orElseThrow();
        }
        Path kept = Files.createTempFile("scheduler", ".journal");
        kept.toFile().deleteOnExit();
        journal = Files.write(kept, Files.readAllBytes(journal));
    }

    /// Tells a fresh state everything.
    ///
    /// @return how many of the events had other consequences
    private static long differences(Replay replay) {
        long differences = 0;
        for (var step = replay.next(); step.isPresent(); step = replay.next())
            if (!step.get().same()) differences++;
        return differences;
    }

    @Test
    void a_fresh_state_decides_all_of_it_again() {
        try (Replay replay = Replay.open(journal)) {
            long differences = differences(replay);

            assertThat(differences).isZero();
            assertThat(replay.count()).isGreaterThan(10);
        }
    }

    @Test
    void half_way_it_is_as_it_was_then() {
        try (Replay replay = Replay.open(journal)) {
            while (replay.state().story(new TaskKey(0, 0)).size() < 2)
                assertThat(replay.next()).isPresent();

            assertThat(replay.state().story(new TaskKey(0, 0)).getFirst()).contains("submitted");
        }
    }

    @Test
    void what_was_cut_off_by_the_end_of_its_scheduler_is_left_out(@TempDir Path directory)
            throws IOException {
        byte[] whole = Files.readAllBytes(journal);
        Path torn = Files.write(directory.resolve("torn"), Arrays.copyOf(whole, whole.length - 3));
        try (Replay replay = Replay.open(torn)) {
            assertThat(differences(replay)).isZero();

            assertThat(replay.count()).isGreaterThan(10);
        }
    }

    @Test
    void other_consequences_are_found(@TempDir Path directory) throws IOException {
        byte[] bytes = Files.readAllBytes(journal);
        bytes[bytes.length - 1] ^= 1; // of the last entry's checksum
        Path changed = Files.write(directory.resolve("changed"), bytes);
        try (Replay replay = Replay.open(changed)) {
            assertThat(differences(replay)).isEqualTo(1);
        }
    }

    @Test
    void what_is_no_journal_is_refused(@TempDir Path directory) throws IOException {
        Path text = Files.writeString(directory.resolve("x.csv"), "a,b\n1,2\n");
        Path empty = Files.writeString(directory.resolve("empty"), "");

        assertThatThrownBy(() -> Replay.open(text)).hasMessageContaining("no scheduler's journal");
        assertThatThrownBy(() -> Replay.open(empty)).hasMessageContaining("no scheduler's journal");
        assertThatThrownBy(() -> Replay.open(directory.resolve("none")))
                .isInstanceOf(QuiverException.class)
                .hasMessageContaining("there is no journal");
    }

    @Test
    void a_full_journal_ends_and_says_so(@TempDir Path directory) {
        Path written;
        try (JournalFile file = JournalFile.begin(directory, SchedulerSettings.LOCAL, 3, 100)) {
            for (int i = 0; i < 1000; i++) file.note(new SchedulerEvent.Ticked(i), List.of());
            written = file.file();
        }

        try (Replay replay = Replay.open(written)) {
            assertThat(differences(replay)).isZero();
            assertThat(replay.count()).isBetween(1L, 100L);
        }
    }
}
