package dev.quiver.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.protocol.ResourceUsage;
import dev.quiver.scheduler.server.Watched.WorkerUsage;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TrafficPaceTest {
    private static final long SECOND = 1_000_000;

    private final TrafficPace pace = new TrafficPace();

    private void note(long micros, long sent, long read) {
        var resources = new ResourceUsage(0, 0, 0, sent, 0, 0, read);
        pace.note(List.of(new WorkerUsage(3, "w", "", 1, 0, 0, 0, 0, resources)), micros);
    }

    @Test
    void what_was_moved_in_the_last_seconds_counts() {
        note(0, 0, 1_000);
        for (int i = 100; i <= 103; i++) note(i * SECOND, (i - 100) * 500L, 1_000);

        assertThat(pace.of(3)).isEqualTo(new TrafficPace.Speed(500, 0, 0, 0));
    }

    @Test
    void one_that_counts_from_zero_again_moved_nothing() {
        note(0, 1_000, 0);
        note(SECOND, 10, 0);

        assertThat(pace.of(3)).isEqualTo(TrafficPace.Speed.NOTHING);
    }

    @Test
    void a_worker_that_has_gone_is_forgotten() {
        note(0, 0, 0);
        note(SECOND, 10, 0);
        pace.note(List.of(), 2 * SECOND);

        assertThat(pace.of(3)).isEqualTo(TrafficPace.Speed.NOTHING);
    }
}
