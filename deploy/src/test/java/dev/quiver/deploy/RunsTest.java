package dev.quiver.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.Gate;
import dev.quiver.pipeline.Load;
import dev.quiver.pipeline.Pipeline;
import dev.quiver.pipeline.history.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `quiver runs` shows of pipelines that ran.
final class RunsTest {
    @TempDir private static Path directory;
    private static String ledgers;

    @BeforeAll
    static void run() throws IOException {
        ledgers = directory.resolve("ledgers").toString();
        Path csv = directory.resolve("orders.csv");
        Files.writeString(csv, "id,amount\n1,10\n2,\n3,30\n");
        try (Session q = Quiver.local(Options.defaults().slots(1).quiet())) {
            pipeline("orders", csv).parameter("day", "monday").run(q);
            pipeline("orders", csv).run(q);
            Path seen = directory.resolve("seen.csv");
            Files.writeString(seen, "id,amount\n1,10\n1,20\n2,\n3,5\n");
            events(seen).run(q);
            Files.writeString(seen, "id,amount\n3,5\n4,4000\n5,5000\n");
            events(seen).run(q);
            Pipeline broken = pipeline("airlines", directory.resolve("nope.csv"));
            assertThatThrownBy(() -> broken.run(q)).hasMessageContaining("nope.csv");
        }
    }

    private static Pipeline pipeline(String name, Path csv) {
        return Pipeline.named(name)
                .ledger(ledgers + "/" + name)
                .extract(read -> read.csv(csv.toString()))
                .gate(
                        Gate.rules()
                                .notNull("amount")
                                .quarantine(directory.resolve("bad-" + name).toString()))
                .load(Load.parquet(directory.resolve(name).toString()).overwrite());
    }

    private static Pipeline events(Path csv) {
        return Pipeline.named("events")
                .ledger(ledgers + "/events")
                .extract(read -> read.csv(csv.toString()))
                .load(Load.parquet(directory.resolve("events").toString()).append().dropSeen("id"))
                .drift();
    }

    private static Spoken runs(String... words) {
        var all = new java.util.ArrayList<>(List.of("runs", "--ledger", ledgers));
        all.addAll(List.of(words));
        Spoken spoken = Spoken.by(all.toArray(String[]::new));
        System.out.println(spoken.out() + spoken.err());
        return spoken;
    }

    @Test
    void runs_are_listed_the_newest_first_and_why_they_failed_in_80_columns() {
        List<String> lines = runs().out().lines().toList();

        assertThat(lines.getFirst()).startsWith("run         began");
        assertThat(lines.get(1)).startsWith("airlines-1").contains("failed");
        assertThat(lines.get(2)).startsWith("  stopped in extract: no file");
        assertThat(lines.get(3)).startsWith("events-2").contains("done", "2", "0");
        assertThat(lines.get(4)).isEqualTo("  dropped: 1");
        assertThat(lines.get(5)).matches("  drift \\(\\d findings\\): .*");
        assertThat(lines.subList(6, 8)).element(1).isEqualTo("  dropped: 1");
        assertThat(lines.get(8)).startsWith("orders-2").contains("done", "2", "1");
        assertThat(lines.get(9)).startsWith("orders-1");
        assertThat(lines).hasSize(10).allMatch(line -> line.length() <= 80);
    }

    @Test
    void a_name_and_options_choose_among_them() {
        assertThat(runs("orders").out().lines()).hasSize(3);
        assertThat(runs("--failed").out()).contains("airlines-1").doesNotContain("orders");
        assertThat(runs("--limit", "1").out().lines()).hasSize(3);
        assertThat(runs("orders", "--failed").out()).isEqualTo("no run failed\n");
    }

    @Test
    void one_run_is_shown_with_its_steps_or_what_to_do() {
        String done = runs("orders-1").out();
        String failed = runs("airlines-1").out();

        assertThat(done)
                .contains("run       orders-1: done", "by hand", "day = monday")
                .contains("loaded    2 rows, 1 of 1 units", "bad       1 rows (33.33 %)")
                .containsPattern("load parquet .* +3 +2 +1 ");
        assertThat(done.lines())
                .filteredOn(line -> !line.startsWith("ledger"))
                .allMatch(line -> line.length() <= 80);
        assertThat(failed).contains("stopped in extract", "(FILE_NOT_FOUND)", "  fix: ");
    }

    @Test
    void what_was_dropped_and_how_it_drifted_is_shown_with_a_run() throws IOException {
        String text = runs("events-2").out();
        Map<String, Object> line = Json.object(runs("events-2", "--format", "jsonl").out().strip());

        assertThat(text)
                .contains("loaded    2 rows, 1 of 1 units\ndropped   1 rows (33.33 %)\n")
                .contains("what it loaded differs from what was loaded before:\n  ");
        assertThat(line).containsEntry("dropped", 1L).containsEntry("unchanged", 0L);
        assertThat((List<?>) line.get("drift")).isNotEmpty();
    }

    @Test
    void programs_get_json_lines() throws IOException {
        List<String> lines = runs("--format", "jsonl").out().lines().toList();

        assertThat(lines).hasSize(5);
        assertThat(Json.object(lines.get(3)))
                .containsEntry("run", "orders-2")
                .containsEntry("state", "done")
                .containsEntry("rows", 2L)
                .containsEntry("quarantined", 1L);
    }

    @Test
    void what_isnt_there_gets_a_hint() {
        assertThat(runs("ordesr").err())
                .contains("no pipeline or run 'ordesr'", "did you mean 'orders'?");
        assertThat(Spoken.by("runs", "--ledger", directory + "/none").err())
                .contains("no history in", "(FILE_NOT_FOUND)", "fix: ");
        CommandTest.assertUsage(List.of("runs", "--limit=0"), "--limit is 0", "at least 1");
    }
}
