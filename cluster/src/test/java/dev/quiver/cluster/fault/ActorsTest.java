package dev.quiver.cluster.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Actor;
import dev.quiver.client.Quiver;
import dev.quiver.client.Restorable;
import dev.quiver.client.Session;
import dev.quiver.dataframe.QFuture;
import dev.quiver.error.Unavailable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Objects that go on elsewhere when their worker is killed or leaves, and tasks that call them.
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ActorsTest {
    @TempDir private static Path directory;

    private TestCluster cluster;
    private Session q;

    /// Counts how often it was given each number.
    interface Register {
        CompletableFuture<Integer> add(int number);

        Map<Integer, Integer> numbers();

        long pid();

        CompletableFuture<Integer> hang(int number);
    }

    static final class Numbers implements Register, Restorable<Map<Integer, Integer>> {
        private final Map<Integer, Integer> times = new HashMap<>();

        @Override
        public CompletableFuture<Integer> add(int number) {
            times.merge(number, 1, Integer::sum);
            return CompletableFuture.completedFuture(number);
        }

        @Override
        public Map<Integer, Integer> numbers() {
            return times;
        }

        @Override
        public long pid() {
            return ProcessHandle.current().pid();
        }

        @Override
        public CompletableFuture<Integer> hang(int number) {
            times.merge(number, 1, Integer::sum);
            Quiver.current().event("hangs").set();
            return new CompletableFuture<>();
        }

        @Override
        public Map<Integer, Integer> snapshot() {
            return times;
        }

        @Override
        public void restore(Map<Integer, Integer> state) {
            times.putAll(state);
        }
    }

    @BeforeAll
    void start() {
        cluster = TestCluster.start(directory, 3);
        q = cluster.connect();
    }

    @AfterAll
    void stop() {
        q.close();
        cluster.close();
    }

    @Scenario
    void one_whose_worker_is_killed_goes_on_elsewhere_with_all_that_was_answered()
            throws Exception {
        try (Actor<Register> actor = q.actor(Register.class, Numbers::new)) {
            long home = actor.get().pid();
            var calls = new ArrayList<CompletableFuture<Integer>>();
            for (int i = 0; i < 100; i++) calls.add(actor.get().add(i));
            CompletableFuture<Integer> underWay = actor.get().hang(-1);
            for (int i = 100; i < 200; i++) calls.add(actor.get().add(i));
            q.event("hangs").await();

            ProcessHandle.of(home).orElseThrow().destroyForcibly();

            for (CompletableFuture<Integer> call : calls) assertThat(call.get()).isNotNegative();
            assertThatThrownBy(underWay::get)
                    .hasCauseInstanceOf(Unavailable.class)
                    .hasMessageContaining("the worker of the actor Register was lost before")
                    .hasMessageContaining("fix: call again, unless");
            assertThat(actor.get().numbers()).isEqualTo(once(200));
            assertThat(actor.get().pid()).isNotEqualTo(home);
        }
    }

    private static Map<Integer, Integer> once(int numbers) {
        return IntStream.range(0, numbers).boxed().collect(Collectors.toMap(i -> i, _ -> 1));
    }

    @Test
    void one_moves_when_its_worker_leaves_and_loses_no_call() throws Exception {
        try (Actor<Register> actor = q.actor(Register.class, Numbers::new)) {
            int home = indexOf(actor.get().pid());
            var calls = new ArrayList<CompletableFuture<Integer>>();
            for (int i = 0; i < 100; i++) calls.add(actor.get().add(i));

            cluster.retire(home);
            for (int i = 100; i < 200; i++) calls.add(actor.get().add(i));

            assertThat(cluster.worker(home).waitFor()).as(cluster::logs).isZero();
            for (CompletableFuture<Integer> call : calls) assertThat(call.get()).isNotNegative();
            assertThat(actor.get().numbers()).isEqualTo(once(200));
            assertThat(indexOf(actor.get().pid())).isNotEqualTo(home);
        }
    }

    private int indexOf(long pid) {
        int index = 0;
        while (cluster.worker(index).pid() != pid) index++;
        return index;
    }

    @Test
    void tasks_call_one_that_came_with_their_code_and_their_tasks_do() {
        try (Actor<Register> actor = q.actor(Register.class, Numbers::new)) {
            Register register = actor.get();
            List<QFuture<Integer>> direct =
                    q.map(n -> register.add(n).get(), IntStream.range(0, 20).boxed().toList());
            QFuture<Integer> nested =
                    q.submit(() ->
                            Quiver.current().submit(() -> actor.get().numbers().size()).result());

            assertThat(q.gather(direct)).hasSize(20);
            assertThat(nested.result()).isBetween(0, 20);
            assertThat(register.numbers()).hasSize(20);
        }
    }

    @Test
    void a_task_that_calls_one_that_was_closed_is_told() {
        Actor<Register> actor = q.actor(Register.class, Numbers::new);
        assertThat(q.submit(() -> actor.get().add(1).get()).result()).isEqualTo(1);

        actor.close();

        QFuture<Long> late = q.submit(() -> actor.get().pid());
        assertThatThrownBy(late::result).rootCause().hasMessageContaining("Register was closed");
    }
}
