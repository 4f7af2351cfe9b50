package dev.quiver.scheduler.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.quiver.graph.TaskGraph;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.SchedulerMessage.TasksAssigned;
import dev.quiver.protocol.SchedulerMessage.TasksStolen;
import dev.quiver.protocol.WorkerMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Clients have stages of their own numbers, whose tasks take as long as is said here.
class SharesTest {
    private static final long MILLI = 1_000_000;
    private static final int WORKERS = 2;
    private static final int SLOTS = 2;

    private final Desk desk = new Desk(SchedulerSettings.LOCAL);
    private final Map<Integer, Long> taskNanos = new TreeMap<>();

    /// How long tasks of each client had slots.
    private final Map<Integer, Long> had = new TreeMap<>();

    private final Map<Integer, Long> lastEnd = new TreeMap<>();
    private final List<ArrayDeque<Task>> queues = new ArrayList<>();
    private final int[] free = new int[WORKERS];
    private final PriorityQueue<End> ends =
            new PriorityQueue<>(
                    Comparator.comparingLong(End::nanos)
                            .thenComparingInt(e -> e.task.stage)
                            .thenComparingInt(e -> e.task.partition));
    private long now;

    private record Task(int worker, int stage, int partition, int attempt) {}

    private record End(long nanos, Task task) {}

    SharesTest() {
        for (int w = 0; w < WORKERS; w++) {
            queues.add(new ArrayDeque<>());
            free[w] = SLOTS;
            desk.join(w, SLOTS);
        }
    }

    private void submit(int client, int tasks, long nanos) {
        taskNanos.put(client, nanos);
        obey(
                desk.on(
                        new SchedulerEvent.ClientSaid(
                                client,
                                0,
                                new ClientMessage.GraphSubmitted(
                                        client, TaskGraph.of(Desk.wanted(client, tasks)), false))));
    }

    private void weigh(int client, int weight) {
        desk.on(new SchedulerEvent.ClientSaid(client, 0, new ClientMessage.ShareWanted(weight)));
    }

    private void obey(List<SchedulerCommand> commands) {
        for (SchedulerCommand command : commands) {
            if (command instanceof SchedulerCommand.Tell(int worker, TasksAssigned m)) {
                for (int p = m.from(); p < m.to(); p++) {
                    queues.get(worker).add(new Task(worker, m.stage(), p, m.attempt()));
                }
            }
            if (command instanceof SchedulerCommand.Tell(int worker, TasksStolen _)) {
                obey(desk.report(worker, new WorkerMessage.StealAnswered()));
            }
        }
        for (int w = 0; w < WORKERS; w++) {
            while (free[w] > 0 && !queues.get(w).isEmpty()) {
                Task task = queues.get(w).remove();
                free[w]--;
                ends.add(new End(now + taskNanos.getOrDefault(task.stage, 0L), task));
            }
        }
    }

    private void runUntil(long nanos) {
        while (!ends.isEmpty() && ends.element().nanos <= nanos) {
            End end = ends.remove();
            desk.tick(end.nanos - now);
            now = end.nanos;
            Task task = end.task;
            long took = taskNanos.getOrDefault(task.stage, 0L);
            had.merge(task.stage, took, Long::sum);
            lastEnd.put(task.stage, now);
            free[task.worker]++;
            obey(
                    desk.report(
                            task.worker,
                            new WorkerMessage.Finished(
                                    task.stage, task.partition, task.attempt, 1, 1, took)));
        }
    }

    @Test
    void two_clients_have_slots_for_equal_times_however_long_their_tasks_are() {
        submit(1, 4000, 10 * MILLI);
        submit(2, 4000, 40 * MILLI);

        runUntil(4000 * MILLI);

        assertThat(had.get(2)).isCloseTo(had.get(1), withPercentage(5));
    }

    @Test
    void a_client_of_three_times_the_weight_has_three_times_the_time() {
        weigh(2, 3);
        submit(1, 4000, 10 * MILLI);
        submit(2, 4000, 10 * MILLI);

        runUntil(4000 * MILLI);

        assertThat(had.get(2)).isCloseTo(3 * had.get(1), withPercentage(5));
    }

    @Test
    void a_few_tasks_do_not_wait_for_the_many_of_another_client() {
        submit(1, 100_000, 10 * MILLI);
        runUntil(1000 * MILLI);

        submit(2, 8, 10 * MILLI);
        runUntil(2000 * MILLI);

        assertThat(lastEnd.get(2)).isLessThan(1200 * MILLI);
    }

    @Test
    void who_had_nothing_to_do_has_no_more_than_its_share_afterwards() {
        submit(1, 4000, 10 * MILLI);
        submit(2, 4, 10 * MILLI);
        runUntil(2000 * MILLI);
        had.clear();

        submit(3, 4000, 10 * MILLI);
        runUntil(4000 * MILLI);

        assertThat(had.get(3)).isCloseTo(had.get(1), withPercentage(10));
    }

    @Test
    void a_client_alone_has_all_slots() {
        submit(1, 4, 10 * MILLI);
        submit(2, 4000, 10 * MILLI);

        runUntil(4000 * MILLI);

        assertThat(had.get(2)).isCloseTo(WORKERS * SLOTS * 4000 * MILLI, withPercentage(2));
    }
}
