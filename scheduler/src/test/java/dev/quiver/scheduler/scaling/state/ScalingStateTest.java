package dev.quiver.scheduler.scaling.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.scheduler.scaling.state.ScalingView.Member;
import dev.quiver.scheduler.state.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Workers of one slot and 1,000 bytes, looked at each second; what waits is to be done in five.
class ScalingStateTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long MEMORY = 1000;

    private final ScalingState state = state(1, 4);
    private final TreeMap<Integer, Member> members = new TreeMap<>();
    private final List<String> started = new ArrayList<>();
    private long now;
    private int next;

    private static ScalingState state(int min, int max) {
        return new ScalingState(new ScalingLimits(min, max, 5 * SECOND, 1, MEMORY));
    }

    private static Workload tasks(long count, long seconds) {
        return new Workload(count, count * seconds * SECOND, 0);
    }

    private ScalingDecision look(ScalingState by, Workload workload) {
        now += SECOND;
        return by.on(new ScalingView(now, workload, 0, List.copyOf(members.values()), started));
    }

    private ScalingDecision look(Workload workload) {
        return look(state, workload);
    }

    /// Those that it wants come and go at once.
    private ScalingDecision obey(Workload workload) {
        ScalingDecision decision = look(workload);
        for (int i = 0; i < decision.start(); i++) join(0, 0);
        for (int number : decision.retire()) leave(number);
        return decision;
    }

    private void leave(int number) {
        Member gone = members.remove(number);
        started.remove(gone.name());
    }

    private void join(int busy, long bytes) {
        int number = next++;
        started.add("worker-" + number);
        set(number, busy, bytes, 0, false);
    }

    private void set(int number, int busy, long bytes, int programs, boolean retiring) {
        members.put(
                number,
                new Member(number, "worker-" + number, 1, busy, bytes, MEMORY, programs, retiring));
    }

    @Test
    void as_many_as_there_must_be_are_started_at_once() {
        ScalingDecision decision = look(state(2, 4), Workload.NONE);

        assertThat(decision).isEqualTo(new ScalingDecision(2, 2, List.of()));
    }

    @Test
    void more_are_started_when_what_waits_takes_longer_than_the_target() {
        join(1, 0);
        look(tasks(10, 1));

        ScalingDecision two = look(tasks(10, 1));
        ScalingDecision four = look(tasks(1000, 1));
        ScalingDecision again = look(tasks(1000, 1));

        assertThat(two).isEqualTo(new ScalingDecision(2, 1, List.of()));
        assertThat(four.wanted()).isEqualTo(4);
        assertThat(again).isEqualTo(new ScalingDecision(4, 3, List.of()));
    }

    @Test
    void none_is_started_for_what_was_there_for_a_moment_only() {
        join(1, 0);

        int first = look(tasks(1000, 1)).start();
        int second = look(tasks(1, 1)).start();
        int third = look(tasks(1000, 1)).start();

        assertThat(List.of(first, second, third)).containsOnly(0);
    }

    @Test
    void those_that_have_not_joined_yet_are_not_started_twice() {
        join(1, 0);
        started.add("worker-7");
        started.add("worker-8");
        started.add("worker-9");

        look(tasks(1000, 1));

        assertThat(look(tasks(1000, 1)).start()).isZero();
    }

    @Test
    void a_few_long_tasks_have_no_more_slots_than_there_are_tasks() {
        join(1, 0);
        look(tasks(2, 3600));

        assertThat(look(tasks(2, 3600))).isEqualTo(new ScalingDecision(2, 1, List.of()));
    }

    @Test
    void they_leave_once_nobody_needed_them_for_six_times_the_target() {
        join(1, 0);
        for (int i = 0; i < 40; i++) obey(tasks(1000, 1));

        int looks = 0;
        while (members.size() > 1 && looks < 100) {
            obey(Workload.NONE);
            looks++;
        }

        assertThat(looks).isEqualTo(31);
        assertThat(members.keySet()).containsExactly(0);
    }

    @Test
    void work_that_comes_and_goes_does_not_make_workers_come_and_go() {
        join(1, 0);
        int started = 0;
        int retired = 0;
        for (int i = 0; i < 600; i++) {
            ScalingDecision decision = obey(i / 10 % 2 == 0 ? tasks(100, 1) : Workload.NONE);
            started += decision.start();
            retired += decision.retire().size();
        }

        assertThat(started).isEqualTo(3);
        assertThat(retired).isZero();
    }

    @Test
    void who_does_least_and_holds_least_leaves_first_and_nobody_who_runs_a_program() {
        for (int i = 0; i < 4; i++) join(0, 0);
        set(0, 0, 0, 1, false);
        set(1, 1, 0, 0, false);
        set(2, 0, 300, 0, false);
        for (int i = 0; i < 30; i++) look(tasks(1, 1));

        assertThat(look(tasks(1, 1)).retire()).containsExactly(3, 2, 1);
    }

    @Test
    void one_that_is_to_leave_already_is_not_told_again_and_makes_room_for_another() {
        for (int i = 0; i < 2; i++) join(0, 0);
        for (int i = 0; i < 30; i++) look(Workload.NONE);

        ScalingDecision told = look(Workload.NONE);
        set(1, 0, 0, 0, true);
        ScalingDecision later = look(Workload.NONE);
        look(tasks(1000, 1));
        ScalingDecision more = look(tasks(1000, 1));

        assertThat(told.retire()).containsExactly(1);
        assertThat(later.retire()).isEmpty();
        assertThat(more.start()).isEqualTo(3);
    }

    @Test
    void one_that_was_told_to_leave_and_stays_counts_again() {
        for (int i = 0; i < 2; i++) join(0, 0);
        for (int i = 0; i < 31; i++) look(Workload.NONE);

        var told = new ArrayList<Integer>();
        for (int i = 0; i < 32; i++) told.addAll(look(Workload.NONE).retire());

        assertThat(told).containsExactly(1);
    }

    @Test
    void what_is_held_has_room_in_those_that_stay() {
        for (int i = 0; i < 4; i++) join(0, 300);

        for (int i = 0; i < 40; i++) obey(Workload.NONE);

        assertThat(members).hasSize(2);
    }

    @Test
    void there_are_more_when_memory_is_full() {
        join(0, 700);
        look(Workload.NONE);

        assertThat(look(Workload.NONE).start()).isEqualTo(1);
    }

    @Test
    void without_a_minimum_there_is_none_until_something_is_to_be_done_or_kept() {
        ScalingState none = state(0, 4);
        int before = look(none, Workload.NONE).start();
        look(none, tasks(1, 1));

        assertThat(before).isZero();
        assertThat(look(none, tasks(1, 1)).start()).isEqualTo(1);
        assertThat(look(none, new Workload(0, 0, 1)).wanted()).isEqualTo(1);
    }

    @Test
    void workers_that_somebody_else_has_started_do_their_part() {
        members.put(7, new Member(7, "guest", 2, 0, 0, MEMORY, 0, false));
        join(0, 0);
        look(tasks(15, 1));

        assertThat(look(tasks(15, 1)).wanted()).isEqualTo(1);
    }

    @Test
    void after_a_time_in_which_it_could_not_look_it_waits_anew() {
        for (int i = 0; i < 4; i++) join(0, 0);
        for (int i = 0; i < 20; i++) look(tasks(1000, 1));

        now += 3600 * SECOND;

        assertThat(look(Workload.NONE).retire()).isEmpty();
    }
}
