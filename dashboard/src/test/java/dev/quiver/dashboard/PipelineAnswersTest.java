package dev.quiver.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.scheduler.server.ClientPipelines;
import dev.quiver.scheduler.server.PipelineBook;
import dev.quiver.scheduler.server.PipelineNews;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Pipelines of this process, and those that clients of a scheduler tell of.
final class PipelineAnswersTest {
    private static final String RUNNING =
            """
            {"version":1,"pipeline":"forged","client":"root","state":"running","rows":7,"steps":[{"step":"load"}]}\
            """;

    private final ClientPipelines clients = new ClientPipelines();

    private void tell(int client, String pipeline, long began, String json) {
        clients.tell(client, "client " + client, new PipelineNews(pipeline, began, false, json));
    }

    private PipelineAnswers answers() {
        return new PipelineAnswers(Optional.empty(), clients.all());
    }

    private String all() {
        return new String(answers().all(), StandardCharsets.UTF_8);
    }

    private Optional<String> one(String pipeline) {
        return answers().one(pipeline).map(json -> new String(json, StandardCharsets.UTF_8));
    }

    @Test
    void what_a_client_tells_is_listed_in_a_line_and_shown_whole_under_its_own_name() {
        tell(3, "flights <b>", 1000, RUNNING);

        assertThat(all())
                .isEqualTo(
                        """
                        {"version":1,"pipelines":[{"pipeline":"flights <b>","client":"client 3",\
                        "version":1,"state":"running","rows":7}]}\
                        """);
        assertThat(one("flights <b>").orElseThrow())
                .contains("\"client\":\"client 3\"", "\"steps\":[{\"step\":\"load\"}]")
                .doesNotContain("forged", "root");
        assertThat(one("forged")).isEmpty();
    }

    @Test
    void a_run_was_killed_whose_client_went_before_it_told_of_the_end() {
        tell(3, "lost", 1000, RUNNING);
        clients.tell(3, "client 3", new PipelineNews("done", 1000, true, "{\"state\":\"done\"}"));
        tell(4, "others", 1000, RUNNING);

        clients.left(3);

        assertThat(one("lost").orElseThrow()).contains("\"state\":\"killed\"");
        assertThat(one("done").orElseThrow()).contains("\"state\":\"done\"");
        assertThat(one("others").orElseThrow()).contains("\"state\":\"running\"");
    }

    @Test
    void what_is_no_object_of_json_is_left_out() {
        List<String> bad = List.of("", "[]", "{\"a\":", "{}x", "{}{}", "nothing", "{\"a\":}");
        for (int i = 0; i < bad.size(); i++) tell(i, "bad " + i, i, bad.get(i));

        assertThat(all()).isEqualTo("{\"version\":1,\"pipelines\":[]}");
        assertThat(one("bad 1")).isEmpty();
    }

    @Test
    void of_two_of_a_name_the_one_counts_that_began_last() {
        tell(1, "twice", 2000, "{\"state\":\"done\"}");
        tell(1, "newest", 3000, "{}");
        PipelineBook here =
                new PipelineBook() {
                    @Override
                    public List<Told> all() {
                        return List.of(one("twice").orElseThrow());
                    }

                    @Override
                    public Optional<Told> one(String pipeline) {
                        return Optional.of(
                                new Told(pipeline, Instant.ofEpochMilli(1000), "{\"old\":1}"));
                    }
                };

        var answers = new PipelineAnswers(Optional.of(here), clients.all());

        assertThat(new String(answers.all(), StandardCharsets.UTF_8))
                .containsSubsequence("newest", "\"state\":\"done\"")
                .doesNotContain("old");
        assertThat(new String(answers.one("twice").orElseThrow(), StandardCharsets.UTF_8))
                .contains("done");
    }

    @Test
    void pipelines_of_which_nothing_was_told_for_longest_are_forgotten() {
        for (int i = 0; i < 250; i++) tell(1, "p" + i, i, "{}");
        tell(1, "p60", 1000, "{}");
        tell(2, "long", 1000, "{\"a\":\"%s\"}".formatted("x".repeat(1 << 19)));

        List<String> left = clients.all().stream().map(told -> told.news().pipeline()).toList();
        assertThat(left).hasSize(200).startsWith("p51").endsWith("p60", "long");
    }
}
