package dev.quiver.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskGraph;
import dev.quiver.operator.Closures;
import dev.quiver.operator.Program;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.scheduler.scaling.state.ScalingDecision;
import dev.quiver.scheduler.scaling.state.ScalingLimits;
import dev.quiver.scheduler.scaling.state.ScalingState;
import dev.quiver.scheduler.scaling.state.ScalingView;
import dev.quiver.scheduler.state.SchedulerSettings;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// A scheduler whose workers come and go as the work does, in made-up time.
class ScalingTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int SLOTS = 2;
    private static final int MAX = 20;
    private static final Program PROGRAM = new Closures(p -> inputs -> List.of());

    private final Fleet fleet =
            new Fleet(
                    SchedulerSettings.LOCAL,
                    new Fleet.Shape(1, SLOTS, SECOND / 5, 1_000),
                    7,
                    () -> 1,
                    _ -> {});
    private final ScalingState scaling =
            new ScalingState(new ScalingLimits(1, MAX, 5 * SECOND, SLOTS, 1L << 30));
    private long now;
    private int starts;

    private int look() {
        now += SECOND;
        fleet.runTo(now);
        List<ScalingView.Member> members =
                fleet.members().stream()
                        .map(member ->
                                new ScalingView.Member(
                                        member.number(),
                                        "worker-" + member.number(),
                                        SLOTS,
                                        member.slotsBusy(),
                                        0,
                                        1L << 30,
                                        0,
                                        member.retiring()))
                        .toList();
        ScalingDecision decision =
                scaling.on(
                        new ScalingView(
                                now,
                                fleet.scheduler().workload(),
                                0,
                                members,
                                members.stream().map(ScalingView.Member::name).toList()));
        for (int i = 0; i < decision.start(); i++) fleet.join();
        starts += decision.start();
        decision.retire().forEach(fleet::retire);
        return members.size();
    }

    private void submit(int stage, int tasks) {
        Stage all = Stage.builder(stage, "tasks", PROGRAM).partitions(tasks).wanted().build();
        fleet.say(new ClientMessage.GraphSubmitted(stage, TaskGraph.of(all), true));
    }

    @Test
    void workers_come_and_leave_with_the_work_and_nothing_runs_twice() {
        submit(1, 3_000); // ten minutes' work
        int most = 0;
        for (int i = 0; i < 60; i++) most = Math.max(most, look());
        int least = most;
        for (int i = 0; i < 60; i++) least = Math.min(least, look());
        submit(2, 100);
        for (int i = 0; i < 60; i++) look();

        assertThat(most).isEqualTo(MAX);
        assertThat(least).isEqualTo(1);
        assertThat(fleet.finished()).isEqualTo(3_100);
        assertThat(fleet.scheduler().outputCount()).isEqualTo(3_100);
        assertThat(starts).isBetween(MAX - 1, MAX + 2);
        fleet.scheduler().checkInvariants();
    }
}
