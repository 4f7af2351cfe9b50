package dev.quiver.cluster.client;

import static dev.quiver.dataframe.Functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Delayed;
import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.node.SchedulerNode;
import dev.quiver.cluster.node.WorkerNode;
import dev.quiver.cluster.process.DriverProcesses;
import dev.quiver.config.Settings;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.QFuture;
import dev.quiver.dataframe.Table;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TaskFailed;
import dev.quiver.worker.store.SpillRoom;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RemoteTasksTest {
    @TempDir private Path directory;

    private SchedulerNode scheduler;
    private WorkerNode one;
    private WorkerNode two;
    private Session q;

    @BeforeAll
    void start() {
        scheduler = SchedulerNode.start(new SchedulerNode.Setup("127.0.0.1", 18786));
        SchedulerAddress place = scheduler.place();
        SpillRoom spill = SpillRoom.of(Settings.defaults());
        one =
                WorkerNode.start(
                        new WorkerNode.Setup(place, "one", "127.0.0.1", 2, 256L << 20, spill),
                        DriverProcesses.Launcher.NONE);
        two =
                WorkerNode.start(
                        new WorkerNode.Setup(place, "two", "127.0.0.1", 2, 256L << 20, spill),
                        DriverProcesses.Launcher.NONE);
        q = Quiver.connect(scheduler.address(), Options.defaults().quiet());
    }

    @AfterAll
    void stop() {
        q.close();
        one.close();
        two.close();
        scheduler.close();
    }

    @Test
    void a_task_runs_and_its_result_comes_back() {
        int factor = 3;

        QFuture<Integer> six = q.submit(() -> 2 * factor);

        assertThat(six.result()).isEqualTo(6);
    }

    @Test
    void a_function_is_called_for_each_item() {
        List<QFuture<Integer>> squares =
                q.map(x -> x * x, IntStream.range(0, 1000).boxed().toList());

        List<Integer> results = q.gather(squares);

        assertThat(results).hasSize(1000).startsWith(0, 1, 4, 9).endsWith(999 * 999);
    }

    @Test
    void what_a_task_throws_is_thrown_by_its_result() {
        QFuture<Integer> bad =
                q.submit(() -> {
                    throw new IllegalArgumentException("no such day");
                });

        assertThatThrownBy(bad::result)
                .isInstanceOf(TaskFailed.class)
                .hasRootCauseMessage("no such day")
                .hasMessageContaining("threw IllegalArgumentException: no such day");
    }

    @Test
    void a_task_that_failed_runs_here_for_a_debugger_with_what_it_read() {
        QFuture<String> text = q.submit(() -> "seven");
        QFuture<Integer> bad = text.then(Integer::parseInt);

        assertThatThrownBy(bad::debugLocally)
                .isInstanceOf(TaskFailed.class)
                .hasMessageContaining("when it ran here")
                .rootCause()
                .hasMessage("For input string: \"seven\"")
                .satisfies(thrown ->
                        assertThat(thrown.getStackTrace())
                                .anyMatch(frame -> frame.getMethodName().contains("debugLocally")));
    }

    @Test
    void a_task_of_a_map_or_graph_that_failed_runs_here_once_more() {
        QFuture<Integer> ofMap = q.map(Integer::parseInt, List.of("1", "one")).getLast();
        Delayed<String> text = q.delayed(() -> "two");
        Delayed<Integer> parsed = text.then(Integer::parseInt);
        QFuture<Integer> ofGraph = parsed.with(parsed, Integer::sum).submit();

        assertThatThrownBy(ofMap::debugLocally)
                .isInstanceOf(TaskFailed.class)
                .rootCause()
                .hasMessage("For input string: \"one\"");
        assertThatThrownBy(ofGraph::debugLocally)
                .isInstanceOf(TaskFailed.class)
                .rootCause()
                .hasMessage("For input string: \"two\"");
    }

    @Test
    void a_graph_whose_tasks_read_each_other_across_workers_is_answered() {
        List<Delayed<Integer>> layer =
                IntStream.range(0, 40).mapToObj(i -> q.delayed(() -> i)).toList();
        for (int depth = 0; depth < 10; depth++) {
            List<Delayed<Integer>> below = layer;
            layer =
                    IntStream.range(0, 40)
                            .mapToObj(i -> below.get(i).with(below.get((i + 1) % 40), Integer::sum))
                            .toList();
        }

        List<Integer> results = Delayed.all(layer).compute();

        assertThat(results.stream().mapToInt(n -> n).sum()).isEqualTo((39 * 40 / 2) << 10);
    }

    /// Tells which thread asked what is in it.
    private static final class Noting extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String thrownBy = Thread.currentThread().getName();
        private String packedBy = "";

        private void writeObject(ObjectOutputStream out) throws IOException {
            packedBy = Thread.currentThread().getName();
            out.defaultWriteObject();
        }
    }

    @Test
    void what_a_task_throws_is_packed_in_its_own_thread() {
        QFuture<Integer> bad =
                q.submit(() -> {
                    throw new Noting();
                });

        assertThatThrownBy(bad::result)
                .rootCause()
                .isInstanceOfSatisfying(
                        Noting.class,
                        thrown ->
                                assertThat(thrown.packedBy)
                                        .isEqualTo(thrown.thrownBy)
                                        .isNotEmpty());
    }

    /// Can't even be asked for its message.
    private static final class Spiteful extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message either");
        }
    }

    @Test
    void an_exception_that_breaks_when_it_is_asked_fails_its_task_alone() {
        QFuture<Integer> bad =
                q.submit(() -> {
                    throw new Spiteful();
                });

        assertThatThrownBy(bad::result)
                .isInstanceOf(TaskFailed.class)
                .hasMessageContaining("Spiteful, whose message can't be had");
        assertThat(q.gather(q.map(x -> x + 1, List.of(1, 2, 3, 4)))).containsExactly(2, 3, 4, 5);
    }

    @Test
    void an_address_where_nobody_answers_is_an_error() {
        assertThatThrownBy(() -> Quiver.connect("quiver://127.0.0.1:9"))
                .isInstanceOfSatisfying(
                        QuiverException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                .hasMessageContaining("no scheduler answers at 127.0.0.1:9");
    }

    @Test
    void an_address_that_makes_no_sense_is_named() {
        assertThatThrownBy(() -> Quiver.connect("http://there"))
                .isInstanceOfSatisfying(
                        QuiverException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.ARGUMENT_INVALID))
                .hasMessageContaining("'http://there' is no address of a scheduler");
    }

    @Test
    void a_table_that_nobody_closed_is_freed_with_its_session() throws IOException {
        Session session = Quiver.connect(scheduler.address(), Options.defaults().quiet());
        Path file = directory.resolve("open.csv");
        Files.writeString(file, "a\n1\n2\n");

        Table table = session.read().csv(file.toString()).collect();
        assertThat(table.rowCount()).isEqualTo(2);

        session.close();
    }

    @Test
    void a_frame_that_reads_what_was_released_is_an_error() throws IOException {
        Path file = directory.resolve("kept.csv");
        Files.writeString(file, "a\n1\n2\n");
        DataFrame kept = q.read().csv(file.toString()).persist();
        DataFrame later = kept.filter(col("a").gt(1));
        kept.release();

        assertThatThrownBy(later::collect)
                .isInstanceOf(QuiverException.class)
                .hasMessageContaining("are gone: it was released or closed");
    }
}
