package dev.quiver.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.scheduler.server.RunHistory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Sampling begins when somebody asks for it, and ends when nobody does.
final class TaskProfilerTest {
    @Test
    void sampling_ends_a_while_after_the_last_ask() throws InterruptedException {
        try (var profiler = new TaskProfiler(Duration.ofMillis(200))) {
            boolean before = profiler.isOn();
            boolean isThere = profiler.look().isPresent();
            boolean after = profiler.isOn();
            long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (profiler.isOn() && System.nanoTime() < until) Thread.sleep(20);

            assertThat(before).isFalse();
            assertThat(isThere).isTrue();
            assertThat(after).isTrue();
            assertThat(profiler.isOn()).isFalse();
        }
    }

    @Test
    void pages_of_other_sites_cannot_have_it_begun_and_where_no_task_runs_it_says_so()
            throws Exception {
        var history = new RunHistory(Path.of("target", "no-runs"), Duration.ofDays(1), 1);
        try (var served = new LocalDashboard().browse(history);
                var http = HttpClient.newHttpClient()) {
            URI asked = served.address().resolve("/api/v1/profile/methods");
            HttpRequest own = HttpRequest.newBuilder(asked).build();
            HttpRequest others =
                    HttpRequest.newBuilder(asked).header("Sec-Fetch-Site", "cross-site").build();

            var answered = http.send(own, HttpResponse.BodyHandlers.ofString());
            var refused = http.send(others, HttpResponse.BodyHandlers.ofString());

            assertThat(answered.body()).contains("\"there\":false", "No session runs its tasks");
            assertThat(refused.statusCode()).isEqualTo(403);
        }
    }
}
