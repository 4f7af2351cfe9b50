package dev.quiver.scheduler.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.scheduler.server.TaskStack.Frame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Of what a task's thread was found in, the operator and what that had called are told.
final class TaskStackTest {
    private static final Frame RUNNER = new Frame("dev.quiver.worker.exec.PipelineFlow", "run", 75);

    private static List<String> names(Frame... innermostFirst) {
        var frames = new ArrayList<>(List.of(innermostFirst));
        frames.add(RUNNER);
        frames.add(new Frame("java.lang.Thread", "run", 1));
        return TaskStack.of(frames).orElseThrow().names();
    }

    @Test
    void a_step_that_another_one_gave_rows_to_is_the_one_that_works() {
        assertThat(
                        names(
                                new Frame("dev.quiver.columnar.kernel.Sum", "add", 9),
                                new Frame("dev.quiver.worker.exec.AggregateSink", "accept", 63),
                                new Frame("dev.quiver.worker.exec.FilterStep", "accept", 43)))
                .containsExactly("aggregate", "AggregateSink.accept:63", "Sum.add:9");
    }

    @Test
    void reading_is_told_by_the_form_of_the_file() {
        assertThat(
                        names(
                                new Frame("java.util.zip.Inflater", "inflate", -1),
                                new Frame("dev.quiver.io.csv.GzipBytes", "read", 5),
                                new Frame("dev.quiver.io.csv.CsvReader", "next", 7)))
                .containsExactly(
                        "read csv", "CsvReader.next:7", "GzipBytes.read:5", "Inflater.inflate");
    }

    @Test
    void a_lambda_of_the_program_is_told_by_the_method_that_it_is_in_and_its_line() {
        assertThat(
                        names(
                                new Frame("my.app.Delays", "lambda$main$4f90f2c6$1", 14),
                                new Frame("my.app.Delays$$Lambda.0x0000000069", "apply", -1),
                                new Frame("dev.quiver.client.TaskFuture", "invoke", 3)))
                .containsExactly("tasks", "TaskFuture.invoke:3", "Delays.main lambda:14");
    }

    @Test
    void threads_that_run_no_task_are_left_out() {
        var frames = List.of(new Frame("my.app.Delays", "main", 14));

        assertThat(TaskStack.of(frames)).isEmpty();
    }
}
