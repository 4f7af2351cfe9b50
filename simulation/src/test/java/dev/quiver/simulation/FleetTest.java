package dev.quiver.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FleetTest {
    private static final int WORKERS = 1_000;
    private static final int TASKS = 40_000;
    private static final long TASK_NANOS = 10_000_000;
    private static final long CLOCK_STEP = 1;

    /// How much longer than with slots that are never idle: starts, ends and losses are uneven.
    private static final double LONGER_MAX = 1.6;

    @ParameterizedTest
    @EnumSource
    void a_thousand_workers_are_busy_to_the_end_although_some_are_lost(FleetJob.Kind kind) {
        var job = new FleetJob(kind, TASKS, WORKERS, 10, TASK_NANOS);

        FleetJob.Result result = job.run(() -> CLOCK_STEP, FleetJob.Gauge.NONE);

        long again = result.executions() - result.tasks();
        double ideal = (double) result.executions() * TASK_NANOS / WORKERS / 2;
        assertThat(result.madeUpNanos() / ideal).as("longer than needed").isLessThan(LONGER_MAX);
        assertThat(again).as("run again for 10 lost workers of 1,000").isBetween(0L, TASKS / 5L);
    }

    /// A scheduler that looks at all workers for each event takes hundreds of times as long.
    @ParameterizedTest
    @EnumSource
    void a_task_costs_about_the_same_whatever_the_number_of_workers(FleetJob.Kind kind) {
        double few = 0;
        double many = 0;
        for (int round = 0; round < 3; round++) {
            few = nanosATask(kind, 10);
            many = nanosATask(kind, WORKERS);
        }

        assertThat(many / few).isLessThan(20);
    }

    private static double nanosATask(FleetJob.Kind kind, int workers) {
        var job = new FleetJob(kind, TASKS / 2, workers, 0, TASK_NANOS);
        FleetJob.Result result = job.run(System::nanoTime, FleetJob.Gauge.NONE);
        return (double) result.schedulerNanos() / result.tasks();
    }
}
