package dev.quiver.cluster.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.graph.Edges;
import dev.quiver.operator.Bytes;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.CodeBatch;
import dev.quiver.protocol.LogRecord;
import dev.quiver.scheduler.state.SchedulerSettings;
import dev.quiver.scheduler.state.SchedulerState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ReplicaTest {
    @TempDir private Path directory;

    private static LogEntry appended(int stage, int size) {
        var message = new ClientMessage.TasksAppended(stage, 1, Edges.NONE);
        return new LogEntry.Job(
                new LogRecord.Said(1, stage, message),
                new CodeBatch(List.of(), List.of(Bytes.of(new byte[size]))));
    }

    private OneReplica open() {
        return OneReplica.open(directory);
    }

    /// Writes entries, each made safe by itself.
    private List<LogEntry> written(int count) {
        var entries = new ArrayList<LogEntry>();
        try (OneReplica replica = open()) {
            ClusterLog log = replica.log();
            entries.add(new LogEntry.Opened(log.epoch()));
            entries.add(new LogEntry.Founded(log.cluster()));
            for (int i = 0; i < count; i++) {
                entries.add(appended(i, 10 * i));
                log.settle(entries.getLast());
            }
        }
        return entries;
    }

    private Path file() {
        return directory.resolve("jobs.log");
    }

    @Test
    void what_was_written_is_read_by_the_next_scheduler_which_has_the_next_epoch() {
        List<LogEntry> entries = written(20);

        try (OneReplica replica = open()) {
            ClusterLog next = replica.log();
            entries.add(new LogEntry.Opened(2));
            assertThat(next.takeEntries()).isEqualTo(entries);
            assertThat(next.epoch()).isEqualTo(2);
        }
    }

    @Test
    void a_torn_end_is_cut_off_wherever_it_was_torn() throws IOException {
        List<LogEntry> entries = written(3);
        byte[] whole = Files.readAllBytes(file());
        int last = whole.length;
        try (OneReplica replica = open()) {
            ClusterLog log = replica.log();
            log.settle(appended(9, 100));
        }
        byte[] longer = Files.readAllBytes(file());
        long seed = Long.getLong("seed", new Random().nextInt(10_000));
        System.out.println("ReplicaTest -Dseed=" + seed);
        int cut = last + 1 + new Random(seed).nextInt(longer.length - last - 1);
        Files.write(file(), Arrays.copyOf(longer, cut));

        try (OneReplica replica = open()) {
            ClusterLog next = replica.log();
            assertThat(next.takeEntries()).startsWith(entries.toArray(LogEntry[]::new));
            next.settle(appended(10, 1));
        }
        try (OneReplica replica = open()) {
            ClusterLog after = replica.log();
            assertThat(after.takeEntries()).contains(appended(10, 1));
        }
    }

    @Test
    void a_damaged_middle_is_an_error_that_says_where() throws IOException {
        written(10);
        byte[] bytes = Files.readAllBytes(file());
        bytes[bytes.length / 2] ^= 1;
        Files.write(file(), bytes);

        assertThatThrownBy(() -> OneReplica.open(directory))
                .isInstanceOfSatisfying(
                        QuiverException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_CORRUPT))
                .hasMessageContaining("is damaged from byte");
    }

    @Test
    void another_file_of_that_name_is_an_error() throws IOException {
        Files.writeString(file(), "date,temperature\n2026-11-22,4\n");

        assertThatThrownBy(() -> OneReplica.open(directory))
                .isInstanceOf(QuiverException.class)
                .hasMessageContaining("isn't a log of jobs");
    }

    @Test
    void two_schedulers_cannot_use_one_directory() {
        try (OneReplica _ = open()) {
            assertThatThrownBy(() -> OneReplica.open(directory))
                    .isInstanceOf(QuiverException.class)
                    .hasMessageContaining("another scheduler uses the directory");
        }
    }

    @Test
    @Timeout(60)
    void a_log_written_anew_holds_who_is_known_and_what_is_needed() {
        var state = new SchedulerState(SchedulerSettings.LOCAL.withGrace(1), 0);
        long cluster;
        try (OneReplica replica = open()) {
            ClusterLog log = replica.log();
            cluster = log.cluster();
            log.settle(new LogEntry.ClientCame(4, "four", Bytes.of(new byte[16]), 1, -1));
            log.settle(new LogEntry.ClientCame(5, "five", Bytes.of(new byte[16]), 1, 7));
            log.settle(new LogEntry.StagesGiven(5, 7));
            log.settle(new LogEntry.WorkerCame(2));
            log.settle(new LogEntry.ClientGone(4));
            for (int i = 0; i < 50; i++) log.append(appended(i, 1000));
            log.compact(state.retained());
            log.settle(appended(99, 5));
            while (file().toFile().length() > 1500) Thread.onSpinWait();
        }

        assertThat(file().toFile().length()).isLessThan(1500);
        try (OneReplica replica = open()) {
            ClusterLog next = replica.log();
            assertThat(next.takeEntries())
                    .filteredOn(LogEntry.Job.class::isInstance)
                    .containsExactly(appended(99, 5));
            assertThat(next.roster().clientsGiven()).isEqualTo(5);
            assertThat(next.roster().hasClient(4)).isFalse();
            assertThat(next.roster().blocks()).containsEntry(7, 5);
            assertThat(next.roster().workers()).containsExactly(2);
            assertThat(next.cluster()).isEqualTo(cluster);
            assertThat(next.epoch()).isEqualTo(2);
        }
    }
}
