package dev.quiver.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Gate;
import dev.quiver.pipeline.Load;
import dev.quiver.pipeline.Pipeline;
import dev.quiver.pipeline.PipelineRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Runs fail where a test says, and go on.
final class FaultsTest {
    private static final int ROWS = 20_000;

    @RegisterExtension final PipelineTest test = new PipelineTest();

    private Pipeline numbers() {
        String rows =
                IntStream.range(0, ROWS)
                        .mapToObj(i -> i % 1000 == 7 ? "" + i + "," : i + "," + i)
                        .collect(Collectors.joining("\n"));
        String file = test.csv("numbers.csv", "a,b\n" + rows + "\n");
        return Pipeline.named("numbers")
                .extract(read -> read.chunkBytes("64KB").csv(file))
                .gate(Gate.rules().notNull("b").quarantine(test.path("bad")))
                .load(Load.parquet(test.path("out")));
    }

    @Test
    void a_unit_that_fails_twice_is_loaded_at_the_third_try() {
        PipelineRun run =
                test.run(numbers().retry(3, Duration.ofHours(1)), Faults.failing("load", 2, 2));

        assertThat(run.steps()).anyMatch(step -> step.retries() == 2);
        FrameAssert.assertThat(test.parquet("out")).hasRowCount(ROWS - 20);
        FrameAssert.assertThat(test.parquet("bad")).hasRowCount(20);
    }

    @Test
    void a_step_that_fails_too_often_ends_the_run_with_its_place() {
        Pipeline pipeline = numbers().retry(2, Duration.ofHours(1));

        assertThatThrownBy(() -> test.run(pipeline, Faults.failing("publish", 0, 2)))
                .hasMessageContaining("stopped in publish: the test lets publish fail")
                .hasMessageContaining("tried: 2 times");
        FrameAssert.assertThat(loaded(test.run(pipeline))).hasRowCount(ROWS - 20);
    }

    private DataFrame loaded(PipelineRun run) {
        assertThat(run.id()).isEqualTo("numbers-1");
        return test.parquet("out");
    }

    @Test
    void runs_that_are_aborted_anywhere_go_on_and_load_every_row_once() {
        Pipeline pipeline = numbers();
        for (Faults faults :
                List.of(
                        Faults.aborting("extract", 0),
                        Faults.aborting("load", 2),
                        Faults.aborting("publish", 0),
                        Faults.aborting("clear", 0))) {
            test.abort(pipeline, faults);
        }

        FrameAssert.assertThat(loaded(test.run(pipeline))).hasRowCount(ROWS - 20);
        FrameAssert.assertThat(test.parquet("out").distinct()).hasRowCount(ROWS - 20);
        FrameAssert.assertThat(test.parquet("bad")).hasRowCount(20);
    }

    @Test
    void a_run_that_isnt_aborted_is_told_with_the_places_it_came_by() {
        assertThatThrownBy(() -> test.abort(numbers(), Faults.aborting("load", 99)))
                .hasMessageStartingWith("the run wasn't aborted; it came by\n  extract\n")
                .hasMessageContaining("out, unit 1\n")
                .hasMessageContaining("\n  publish\n");
    }

    record City(long id, String name) {}

    @Test
    void records_are_rows_and_each_test_has_a_directory_of_its_own() {
        FrameAssert.assertThat(test.records(City.class, List.of(new City(1, "Oslo"))))
                .hasRows("id | name\n1 | Oslo");
        assertThat(test.directory()).isEmptyDirectory();
        assertThat(Path.of(test.path("x")).getParent()).isEqualTo(test.directory());
    }
}
