package dev.quiver.pipeline.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.error.QuiverException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// When cron expressions come, above all where clocks are changed.
final class CronTimesTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static List<String> times(String expression, String from, int count) {
        var cron = new CronTimes(expression, BERLIN);
        var times = new ArrayList<String>();
        Instant at = Instant.parse(from);
        for (int i = 0; i < count; i++) {
            at = cron.after(at).orElseThrow();
            times.add(at.toString());
        }
        return times;
    }

    @Test
    void a_time_of_day_stays_when_the_offset_changes() {
        assertThat(times("0 5 * * *", "2026-03-27T12:00:00Z", 3))
                .containsExactly(
                        "2026-03-28T04:00:00Z", "2026-03-29T03:00:00Z", "2026-03-30T03:00:00Z");
    }

    @Test
    void a_time_that_isnt_there_comes_when_clocks_go_forward() {
        assertThat(times("30 2 * * *", "2026-03-28T00:00:00Z", 3))
                .containsExactly(
                        "2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z");
        assertThat(times("0,30 2 * * *", "2026-03-29T00:00:00Z", 2))
                .containsExactly("2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z");
    }

    @Test
    void a_time_that_is_there_twice_comes_once() {
        assertThat(times("30 2 * * *", "2026-10-24T12:00:00Z", 2))
                .containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
        // Asked between the two.
        assertThat(times("30 2 * * *", "2026-10-25T01:10:00Z", 1))
                .containsExactly("2026-10-26T01:30:00Z");
    }

    @Test
    void what_has_a_star_for_the_hour_goes_on_as_time_does() {
        assertThat(times("30 * * * *", "2026-10-24T23:00:00Z", 4))
                .containsExactly(
                        "2026-10-24T23:30:00Z",
                        "2026-10-25T00:30:00Z",
                        "2026-10-25T01:30:00Z",
                        "2026-10-25T02:30:00Z");
        assertThat(times("0 * * * *", "2026-03-28T23:30:00Z", 3))
                .containsExactly(
                        "2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z");
    }

    @Test
    void days_of_weeks_and_months_are_those_of_crontab() {
        assertThat(times("0 0 29 2 *", "2026-01-01T00:00:00Z", 1))
                .containsExactly("2028-02-28T23:00:00Z");
        assertThat(times("0 12 * * SUN", "2026-11-21T12:00:00Z", 1))
                .isEqualTo(times("0 12 * * 7", "2026-11-21T12:00:00Z", 1))
                .containsExactly("2026-11-22T11:00:00Z");
        assertThat(times("0 0 13 * FRI", "2026-11-20T12:00:00Z", 3))
                .containsExactly(
                        "2026-11-26T23:00:00Z", "2026-12-03T23:00:00Z", "2026-12-10T23:00:00Z");
    }

    @Test
    void times_only_go_forward_and_match_their_expression_whatever_moment_is_asked() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed " + seed);
        var random = new Random(seed);
        for (String zone : List.of("Europe/Berlin", "America/New_York", "Australia/Lord_Howe")) {
            var cron = new CronTimes("*/20 * * * *", ZoneId.of(zone));
            for (int i = 0; i < 300; i++) {
                Instant at = Instant.ofEpochSecond(1_760_000_000L + random.nextInt(40_000_000));
                Instant next = cron.after(at).orElseThrow();
                assertThat(next).as("seed %d", seed).isAfter(at);
                assertThat(LocalDateTime.ofInstant(next, ZoneId.of(zone)).getMinute() % 20)
                        .as("seed %d: %s after %s", seed, next, at)
                        .isZero();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"60 * * * *", "5", "0 0 31 2 *", "@daily", "0 0 0 1 1 *", "a b c d e"})
    void what_isnt_an_expression_is_refused(String expression) {
        assertThatThrownBy(() -> Schedule.cron(expression))
                .isInstanceOf(QuiverException.class)
                .hasMessageContaining("cron '" + expression + "'")
                .hasMessageContaining("0 5 * * MON-FRI");
    }
}
