package dev.quiver.pipeline.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// When a pipeline runs, by what the clock and the directory say.
final class CourseTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final Schedule HOURLY = Schedule.cron("0 * * * *", ZoneId.of("UTC"));

    private static Course course(Schedule schedule) {
        return new Course(schedule, List.of(), Memo.NONE);
    }

    /// As a server does that is killed and started again.
    private static Course reopened(Schedule schedule, Course course) {
        return new Course(schedule, List.of(), Memo.of(course.memo().object()));
    }

    private static List<String> run(Course course) {
        var due = new ArrayList<String>();
        while (course.next().isPresent()) {
            due.add(course.next().get().due().toString().substring(11, 16));
            course.begin(0);
            course.end(Optional.of(NOON), false);
        }
        return due;
    }

    @Test
    void each_time_comes_once() {
        Course course = course(HOURLY);
        course.look(NOON.plusSeconds(10));
        assertThat(run(course)).isEmpty();

        course.look(NOON.plusSeconds(3600));
        assertThat(run(course)).containsExactly("13:00");
        course.look(NOON.plusSeconds(3601));
        assertThat(run(course)).isEmpty();
    }

    @Test
    void a_clock_that_goes_back_runs_nothing_twice() {
        Course course = course(HOURLY);
        course.look(NOON.minusSeconds(10));
        course.look(NOON);
        assertThat(run(course)).containsExactly("12:00");

        course.look(NOON.minusSeconds(1800));
        course.look(NOON.plusSeconds(1));
        assertThat(run(course)).isEmpty();
        course.look(NOON.plusSeconds(3600));
        assertThat(run(course)).containsExactly("13:00");
    }

    @Test
    void a_clock_that_was_years_ahead_is_corrected() {
        Course course = course(HOURLY);
        course.look(Instant.parse("2036-01-01T00:30:00Z"));

        course.look(NOON.minusSeconds(60));
        course.look(NOON);

        assertThat(run(course)).containsExactly("12:00");
    }

    @Test
    void an_interval_goes_on_when_the_clock_goes_back() {
        Course course = course(Schedule.every(Duration.ofSeconds(10)));
        course.look(NOON);
        assertThat(run(course)).containsExactly("12:00");

        course.look(NOON.minusSeconds(600));
        assertThat(run(course)).isEmpty();
        course.look(NOON.minusSeconds(590));
        assertThat(run(course)).containsExactly("11:50");
    }

    @Test
    void what_was_missed_is_left_out_made_up_for_once_or_for_each() {
        for (Missed policy : Missed.values()) {
            Schedule schedule = HOURLY.missed(policy);
            Course course = course(schedule);
            course.look(NOON.plusSeconds(600));

            Course later = reopened(schedule, course);
            later.look(NOON.plusSeconds(5 * 3600 + 600));

            assertThat(run(later))
                    .as("%s", policy)
                    .containsExactlyElementsOf(
                            switch (policy) {
                                case SKIP -> List.of();
                                case ONCE -> List.of("17:00");
                                case ALL -> List.of("13:00", "14:00", "15:00", "16:00", "17:00");
                            });
        }
    }

    @Test
    void years_of_missed_minutes_cost_no_time() {
        Schedule minutes = Schedule.cron("* * * * *", ZoneId.of("UTC"));
        Schedule seconds = Schedule.every(Duration.ofSeconds(1));
        for (Schedule schedule : List.of(minutes, seconds)) {
            Course course = course(schedule);
            course.look(NOON);
            run(course);

            course.look(NOON.plus(Duration.ofDays(3650)));

            assertThat(run(course)).hasSize(1);
        }
    }

    @Test
    void a_firing_that_comes_while_it_runs_is_left_out_or_waits() {
        for (Overlap policy : Overlap.values()) {
            Course course = course(Schedule.every(Duration.ofSeconds(10)).overlap(policy));
            course.look(NOON);
            course.begin(0);
            for (int i = 1; i <= 3; i++) course.look(NOON.plusSeconds(10 * i));
            course.end(Optional.of(NOON), false);

            assertThat(run(course)).as("%s", policy).hasSize(policy == Overlap.QUEUE ? 1 : 0);
            course.look(NOON.plusSeconds(40));
            assertThat(run(course)).hasSize(1);
        }
    }

    @Test
    void what_ran_when_the_server_was_killed_goes_on() {
        Course course = course(HOURLY);
        course.look(NOON.minusSeconds(10));
        course.look(NOON);
        course.begin(6);

        Course later = reopened(HOURLY, course);

        assertThat(later.next().orElseThrow()).isEqualTo(new Firing(NOON, "0 * * * * UTC", 6));
    }

    @Test
    void a_run_with_parameters_that_failed_goes_on_before_the_next_one() {
        Course course = course(HOURLY);
        course.look(NOON.minusSeconds(10));
        course.look(NOON);
        course.begin(0);
        course.end(Optional.empty(), true);
        assertThat(course.next()).isEmpty();

        course.look(NOON.plusSeconds(3600));
        assertThat(run(course)).containsExactly("12:00", "13:00");
    }

    @Test
    void files_are_whole_when_two_looks_find_them_the_same() {
        Course course = course(Schedule.onArrival("in/*.csv", Duration.ofSeconds(10)));
        assertThat(course.isTimeToLook(NOON)).isTrue();
        assertThat(arrived(course, 0, "a.csv", "5 1")).isFalse();
        assertThat(course.isTimeToLook(NOON.plusSeconds(5))).isFalse();
        assertThat(arrived(course, 10, "a.csv", "9 2")).isFalse();

        assertThat(arrived(course, 20, "a.csv", "9 2")).isTrue();
        assertThat(course.next().orElseThrow().trigger()).isEqualTo("1 file came");
        assertThat(run(course)).hasSize(1);
        assertThat(arrived(course, 30, "a.csv", "9 2")).isFalse();
        arrived(course, 40, "a.csv", "9 2", "b.csv", "1 1", "c.csv", "1 1");
        assertThat(arrived(course, 50, "a.csv", "9 2", "b.csv", "1 1", "c.csv", "2 1")).isFalse();
        assertThat(arrived(course, 60, "a.csv", "9 2", "b.csv", "1 1", "c.csv", "2 1")).isTrue();
        assertThat(course.next().orElseThrow().trigger()).isEqualTo("2 files came");
    }

    private static boolean arrived(Course course, int second, String... files) {
        var found = new TreeMap<String, String>();
        for (int i = 0; i < files.length; i += 2) found.put(files[i], files[i + 1]);
        return course.arrived(NOON.plusSeconds(second), found);
    }

    @Test
    void files_that_came_before_a_restart_arent_new() {
        Schedule schedule = Schedule.onArrival("in/", Duration.ofSeconds(1));
        Course course = course(schedule);
        arrived(course, 0, "a.csv", "5 1");
        arrived(course, 1, "a.csv", "5 1");
        run(course);

        Course later = reopened(schedule, course);
        arrived(later, 2, "a.csv", "5 1");

        assertThat(arrived(later, 3, "a.csv", "5 1")).isFalse();
        assertThat(later.memo().seen()).isEqualTo(Map.of("a.csv", "5 1"));
    }

    @Test
    void one_behind_others_runs_when_all_have_ended() {
        var course = new Course(Schedule.behind(), List.of("a", "b"), Memo.NONE);

        course.heard("a", NOON);
        course.heard("a", NOON);
        course.heard("z", NOON);
        assertThat(course.next()).isEmpty();
        course.heard("b", NOON);

        assertThat(course.next().orElseThrow().trigger()).isEqualTo("after a, b");
        course.begin(0);
        course.heard("a", NOON);
        course.heard("b", NOON);
        course.end(Optional.of(NOON), false);
        assertThat(run(course)).hasSize(1);
    }
}
