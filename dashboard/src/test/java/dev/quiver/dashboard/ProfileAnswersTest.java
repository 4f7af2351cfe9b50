package dev.quiver.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.protocol.TaskSamples;
import dev.quiver.scheduler.server.Dashboard;
import dev.quiver.scheduler.server.RunHistory;
import dev.quiver.scheduler.server.Watched;
import dev.quiver.scheduler.server.WorkerProfiles;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What tasks spend time on, in this process or on workers, over HTTP.
final class ProfileAnswersTest {
    private final HttpClient http = HttpClient.newHttpClient();
    private Optional<WorkerProfiles> profiles = Optional.empty();
    private final Dashboard.Shown shown =
            new LocalDashboard()
                    .show(
                            new Watched(
                                    "one",
                                    new PlayedCluster().scheduler(),
                                    List::of,
                                    Watched.StageFigures.NONE,
                                    new OfWorkers()),
                            new RunHistory(Path.of("target", "no-runs"), Duration.ofDays(1), 1));

    private final class OfWorkers extends Watched.Nobody {
        @Override
        public Optional<WorkerProfiles> profiles() {
            return profiles;
        }
    }

    @AfterEach
    void end() {
        shown.close();
        http.close();
    }

    private String body(String path) throws Exception {
        URI asked = shown.address().resolve(path);
        return http.send(
                        HttpRequest.newBuilder(asked).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void tasks_of_this_process_are_sampled_for_its_own_page_and_not_for_those_of_other_sites()
            throws Exception {
        URI asked = shown.address().resolve("/api/v1/boards/1/profile/all/methods");
        HttpRequest others =
                HttpRequest.newBuilder(asked).header("Sec-Fetch-Site", "cross-site").build();

        var refused = http.send(others, HttpResponse.BodyHandlers.ofString());
        String answered = body("/api/v1/boards/1/profile/0/lines/100/200");

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(answered).contains("\"remote\":false,\"there\":true", "\"samples\":0");
    }

    @Test
    void workers_of_other_processes_are_asked_what_their_tasks_do() throws Exception {
        var asked = new ArrayList<Integer>();
        var workers =
                new WorkerProfiles.Workers() {
                    @Override
                    public List<Integer> numbers() {
                        return List.of(0, 3);
                    }

                    @Override
                    public void sample(int worker) {
                        asked.add(worker);
                    }
                };
        profiles = Optional.of(new WorkerProfiles(workers, System::nanoTime));
        profiles.get().look(Optional.empty());
        long now = System.currentTimeMillis();
        var found = new TaskSamples.Found(now / 1000, 9, List.of(0, 1));
        profiles.get()
                .take(
                        3,
                        new TaskSamples(
                                now,
                                TaskSamples.Means.PROCESSOR_TIME,
                                8,
                                List.of("<sort>", "A.a:7"),
                                List.of(found)));

        String all = body("/api/v1/boards/1/profile/all/methods");
        String one = body("/api/v1/boards/1/profile/0/lines");
        String gone = body("/api/v1/boards/1/profile/7/lines");

        assertThat(asked).containsExactly(0, 3);
        assertThat(all)
                .contains("\"remote\":true,\"there\":true", "\"sampled\":2,\"workers\":2")
                .contains("\"calls\":[{\"n\":\"<sort>\",\"v\":9,\"c\":[{\"n\":\"A.a\",");
        assertThat(one).contains("\"sampled\":1,\"workers\":2", "\"samples\":0");
        assertThat(gone).contains("\"there\":false", "That worker isn’t there any more");
    }
}
