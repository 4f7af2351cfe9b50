package dev.quiver.pipeline.shown;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.Gate;
import dev.quiver.error.GateFailed;
import dev.quiver.pipeline.Load;
import dev.quiver.pipeline.Pipeline;
import dev.quiver.pipeline.RunObserver;
import dev.quiver.pipeline.RunProgress;
import dev.quiver.pipeline.history.Json;
import dev.quiver.scheduler.server.PipelineBook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a dashboard is told of the pipelines of its process.
final class ShownPipelinesTest {
    private static Session q;

    @TempDir private Path directory;

    @BeforeAll
    static void open() {
        q = Quiver.local(Options.defaults().slots(2).quiet());
    }

    @AfterAll
    static void close() {
        q.close();
    }

    /// Of 2,003 customers one has no amount, and one is called by a text that isn't for all eyes.
    private Pipeline customers(String name, Gate gate) throws IOException {
        Path csv = directory.resolve("customers.csv");
        Files.writeString(
                csv,
                "id,name,amount\n1,Ada,10\n2,Grace\t,\n3,Mary,30\n" + "4,Eve,40\n".repeat(2_000));
        return Pipeline.named(name)
                .ledger(directory.resolve("ledger").toString())
                .extract(read -> read.chunkBytes("4KB").csv(csv.toString()))
                .gate(gate.quarantine(directory.resolve("bad").toString()))
                .load(Load.parquet(directory.resolve("out").toString()).overwrite());
    }

    private static Map<String, Object> told(String pipeline) throws IOException {
        return Json.object(
                PipelineBook.ofProcess().orElseThrow().one(pipeline).orElseThrow().json());
    }

    @Test
    void a_run_is_told_with_steps_units_and_the_rows_that_were_turned_away() throws IOException {
        Pipeline pipeline = customers("told", Gate.rules().notNull("amount").named("paid"));

        pipeline.run(q);

        Map<String, Object> told = told("told");
        assertThat(told)
                .containsEntry("state", "done")
                .containsEntry("rows", 2_002L)
                .containsEntry("quarantined", 1L)
                .containsEntry("rules", List.of(Map.of("rule", "paid", "rows", 1L)))
                .containsKey("kept");
        assertThat((Long) told.get("units")).isGreaterThan(1).isEqualTo(told.get("unitsDone"));
        assertThat(told.get("badRows").toString())
                .contains("raw=2,Grace ,", "row=3", "customers.csv");
        assertThat(told.get("steps").toString())
                .contains("step=extract", "step=load parquet", "step=publish", "rowsRead=2003");
        assertThat((List<?>) told.get("history")).hasSize(1);
        assertThat(PipelineBook.ofProcess().orElseThrow().all())
                .extracting(PipelineBook.Told::pipeline)
                .contains("told");
    }

    @Test
    void columns_that_a_gate_hides_are_hidden_in_the_rows_that_are_shown() throws IOException {
        Gate gate = Gate.rules().notNull("amount").named("paid").mask("name").personal("id");

        customers("hidden", gate).run(q);

        assertThat(told("hidden").get("badRows").toString())
                .contains("rule=paid", "***")
                .doesNotContain("Grace");
    }

    @Test
    void rows_that_stopped_a_run_are_shown_with_the_error() throws IOException {
        Pipeline pipeline =
                customers(
                        "stopped",
                        Gate.rules().atMost("amount", 35).named("cheap").atMostShare(0.5));

        assertThatThrownBy(() -> pipeline.run(q)).isInstanceOf(GateFailed.class);

        Map<String, Object> told = told("stopped");
        assertThat(told).containsEntry("state", "failed");
        assertThat(told.get("failure").toString()).contains("GATE");
        assertThat(told.get("rules").toString()).contains("rule=cheap", "rows=2000");
        assertThat((List<?>) told.get("badRows")).hasSize(3);
        assertThat(told.get("badRows").toString()).contains("4,Eve,40");
    }

    @Test
    void an_observer_hears_how_far_a_run_is_behind_each_unit() throws IOException {
        var heard = new ArrayList<RunProgress>();
        RunObserver observer =
                new RunObserver() {
                    @Override
                    public void progressed(RunProgress run) {
                        heard.add(run);
                    }
                };

        customers("heard", Gate.rules().notNull("amount")).observer(observer).run(q);

        int units = heard.getLast().units();
        assertThat(heard.stream().map(RunProgress::unitsDone).distinct().toList())
                .hasSize(units + 1);
        assertThat(heard.getFirst().step().orElseThrow().name()).isEqualTo("extract");
        assertThat(heard.getLast().rows().loaded()).isEqualTo(2_002);
    }

    @Test
    void a_pipeline_that_never_ran_is_not_known() {
        assertThat(PipelineBook.ofProcess().orElseThrow().one("never")).isEmpty();
    }
}
