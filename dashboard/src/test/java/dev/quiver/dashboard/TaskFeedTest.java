package dev.quiver.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.protocol.Failure;
import dev.quiver.protocol.ResourceUsage;
import dev.quiver.protocol.TaskDelays;
import dev.quiver.protocol.WorkerMessage;
import dev.quiver.scheduler.server.Watched;
import dev.quiver.scheduler.server.Watched.WorkerUsage;
import dev.quiver.scheduler.state.SchedulerEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class TaskFeedTest {
    private long nowMicros;
    private final TaskFeed feed =
            new TaskFeed(
                    () -> nowMicros,
                    List.of(new WorkerUsage(3, "worker-3", "", 2, 0, 0, 0, 0, ResourceUsage.NONE)),
                    Watched.StageFigures.NONE);

    private static WorkerMessage finished(int partition, long micros) {
        return new WorkerMessage.Finished(1, partition, 1, 10, 100, micros * 1000);
    }

    private void said(WorkerMessage... messages) {
        feed.note(new SchedulerEvent.WorkerSaid(3, List.of(messages)), List.of());
    }

    private List<TaskRing.Ended> all() {
        var all = new ArrayList<TaskRing.Ended>();
        for (long i = feed.ring().oldest(); i < feed.ring().head(); i++)
            all.add(feed.ring().get(i));
        return all;
    }

    @Test
    void tasks_of_the_same_time_are_in_two_lanes_and_end_now() {
        nowMicros = 1_000;
        said(finished(0, 900));
        nowMicros = 1_010;
        said(finished(1, 905));

        assertThat(all()).extracting(TaskRing.Ended::lane).doesNotHaveDuplicates();
        assertThat(all()).extracting(TaskRing.Ended::startMicros).containsExactly(100L, 105L);
    }

    @Test
    void tasks_that_are_told_of_together_follow_each_other() {
        nowMicros = 1_000;

        said(finished(0, 100), finished(1, 100), finished(2, 100), finished(3, 100));

        assertThat(all())
                .extracting(TaskRing.Ended::startMicros)
                .containsExactlyInAnyOrder(900L, 900L, 800L, 800L);
    }

    @Test
    void a_task_that_waited_for_memory_is_drawn_where_a_slot_was_free_meanwhile() {
        nowMicros = 1_000;
        said(finished(0, 900));
        nowMicros = 1_900;

        said(new WorkerMessage.Finished(1, 1, 1, 10, 100, 900_000, new TaskDelays(0, 900, 0)));

        assertThat(all()).extracting(TaskRing.Ended::lane).containsExactly(0, 1);
        assertThat(all()).extracting(TaskRing.Ended::startMicros).containsExactly(100L, 1_000L);
    }

    @Test
    void whatever_workers_say_tasks_of_one_report_do_not_overlap_and_end_before_it() {
        long seed = Long.getLong("seed", new Random().nextInt());
        System.out.println("TaskFeedTest -Dseed=" + seed);
        var random = new Random(seed);
        for (int batch = 0; batch < 300; batch++) {
            nowMicros += random.nextInt(2_000);
            var messages = new WorkerMessage[random.nextInt(5)];
            for (int i = 0; i < messages.length; i++)
                messages[i] = finished(i, 1 + random.nextInt(1_000));
            long before = feed.ring().head();

            said(messages);

            for (int lane = 0; lane < 2; lane++) {
                long free = nowMicros;
                for (long i = before; i < feed.ring().head(); i++) {
                    TaskRing.Ended task = feed.ring().get(i);
                    if (task.lane() != lane) continue;
                    assertThat(task.startMicros() + task.durationMicros()).isEqualTo(free);
                    free = task.startMicros();
                }
            }
        }
    }

    @Test
    void a_failure_is_counted_and_told_with_its_reason() {
        nowMicros = 50;

        said(new WorkerMessage.Failed(1, 7, 2, new Failure(Failure.Kind.USER_ERROR, "bad row 7")));

        assertThat(feed.failed()).isOne();
        assertThat(feed.next())
                .isEqualTo(new TaskFeed.News.Failed(1, 7, 2, 3, "bad row 7", -1, nowMicros));
        assertThat(feed.next()).isNull();
        assertThat(all()).allMatch(TaskRing.Ended::failed);
    }

    @Test
    void where_nobody_looks_the_latest_news_are_kept() {
        for (int i = 0; i < TaskFeed.NEWS_MAX + 5; i++)
            said(
                    new WorkerMessage.Failed(
                            1, i, 1, new Failure(Failure.Kind.USER_ERROR, "bad row")));

        TaskFeed.News first = feed.next();

        assertThat(first)
                .isInstanceOfSatisfying(
                        TaskFeed.News.Failed.class,
                        failed -> assertThat(failed.partition()).isEqualTo(5));
    }

    @Test
    void of_more_tasks_than_there_is_room_for_the_last_are_known() {
        nowMicros = 1;
        for (int i = 0; i < TaskRing.CAPACITY + 10; i++) said(finished(i, 0));

        assertThat(feed.ended()).isEqualTo(TaskRing.CAPACITY + 10);
        assertThat(feed.ring().get(feed.ring().head() - 1).partition())
                .isEqualTo(TaskRing.CAPACITY + 9);
        assertThat(feed.ring().get(feed.ring().oldest()).partition())
                .isEqualTo((int) feed.ring().oldest());
    }
}
