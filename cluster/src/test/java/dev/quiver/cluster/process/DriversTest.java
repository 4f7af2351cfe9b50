package dev.quiver.cluster.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.cluster.control.DriverAnswer;
import dev.quiver.cluster.control.DriverOrder;
import dev.quiver.cluster.control.DriverPlan;
import dev.quiver.cluster.control.DriverQuestion;
import dev.quiver.cluster.control.DriverStatus;
import dev.quiver.cluster.control.DriverStatus.State;
import dev.quiver.cluster.control.PrintedLine;
import dev.quiver.cluster.security.Caller;
import dev.quiver.operator.Bytes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DriversTest {
    @TempDir private Path directory;

    private final List<String> told = new ArrayList<>();
    private Drivers drivers;

    @BeforeEach
    void open() {
        drivers = new Drivers(directory, new Told());
    }

    @AfterEach
    void close() {
        drivers.close();
    }

    private final class Told implements Drivers.Surroundings {
        private int number;

        @Override
        public void tell(int worker, DriverOrder order) {
            told.add(text(worker, order));
        }

        @Override
        public int newNumber() {
            return ++number;
        }
    }

    private static String text(int worker, DriverOrder order) {
        return switch (order) {
            case DriverOrder.Start(var name, int attempt, _, _, _) ->
                    "%d: start %s attempt %d".formatted(worker, name, attempt);
            case DriverOrder.Stop(var name, int attempt) ->
                    "%d: stop %s attempt %d".formatted(worker, name, attempt);
        };
    }

    private DriverAnswer ask(DriverQuestion question) {
        return drivers.answer(question, Caller.ANYBODY);
    }

    private String submit(String file, int restarts) {
        var plan = new DriverPlan(file, "/", List.of(), restarts);
        var answer = ask(new DriverQuestion.Submit(plan, Bytes.of(new byte[] {1})));
        return ((DriverAnswer.Submitted) answer).driver();
    }

    private DriverStatus status(String name) {
        var all = (DriverAnswer.All) ask(new DriverQuestion.All());
        return all.drivers().stream().filter(d -> d.name().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void a_program_waits_for_a_worker_and_goes_to_the_one_that_runs_the_fewest() {
        String first = submit("folder/My Job.java", 0);
        assertThat(status(first).state()).isEqualTo(State.WAITING);

        drivers.joined(4);
        drivers.joined(5);
        submit("b.jar", 0);

        assertThat(told).containsExactly("4: start my-job-1 attempt 1", "5: start b-2 attempt 1");
        assertThat(status(first).state()).isEqualTo(State.RUNNING);
    }

    @Test
    void what_is_told_of_another_attempt_counts_for_nothing() {
        drivers.joined(1);
        String name = submit("a.jar", 1);
        drivers.joined(2);
        drivers.lost(1);

        assertThatThrownBy(() -> ask(new DriverQuestion.Ended(name, 1, 0, "")))
                .hasMessageContaining("attempt 1 of 'a-1' doesn't count any more");
        ask(new DriverQuestion.Ended(name, 2, 0, ""));

        assertThat(told).containsExactly("1: start a-1 attempt 1", "2: start a-1 attempt 2");
        assertThat(status(name).state()).isEqualTo(State.DONE);
    }

    @Test
    void it_is_started_again_as_often_as_allowed_and_then_has_failed() {
        drivers.joined(1);
        String name = submit("a.jar", 1);

        ask(new DriverQuestion.Ended(name, 1, 3, "exit status 3"));
        assertThat(status(name).state()).isEqualTo(State.RUNNING);
        drivers.lost(1);

        assertThat(status(name).state()).isEqualTo(State.FAILED);
        assertThat(status(name).why()).isEqualTo("worker 1 was lost");
    }

    @Test
    void what_a_scheduler_before_gave_to_a_worker_goes_on_and_is_started_again_when_that_is_lost() {
        drivers.joined(3);
        var plan = new DriverPlan("a.jar", "/", List.of(), 1);
        var runs = new DriverQuestion.Runs(3, "a-7", 1, plan, "ada", 5, Bytes.of(new byte[] {1}));

        ask(runs);
        ask(runs);
        ask(new DriverQuestion.Printed("a-7", 1, List.of(new PrintedLine(false, "on"))));
        drivers.lost(3);
        drivers.joined(4);

        assertThat(told).containsExactly("4: start a-7 attempt 2");
        assertThatThrownBy(() -> ask(runs)).hasMessageContaining("doesn't count any more");
    }

    @Test
    void a_cancelled_program_is_stopped_and_stays_so() {
        drivers.joined(1);
        String name = submit("a.jar", 5);

        ask(new DriverQuestion.Cancel(name));
        drivers.lost(1);

        assertThat(told).containsExactly("1: start a-1 attempt 1", "1: stop a-1 attempt 1");
        assertThat(status(name).state()).isEqualTo(State.CANCELLED);
    }

    @Test
    void what_it_prints_is_read_in_parts_to_the_last_line() {
        drivers.joined(1);
        String name = submit("a.jar", 0);
        var printed = new ArrayList<PrintedLine>();
        for (int i = 0; i < 5_000; i++)
            printed.add(
                    new PrintedLine(i % 3 == 0, "line %d, ü — %s".formatted(i, "x".repeat(40))));
        printed.add(new PrintedLine(false, ""));
        ask(new DriverQuestion.Printed(name, 1, printed));

        var read = new ArrayList<PrintedLine>();
        long next = 0;
        while (true) {
            var part = (DriverAnswer.Output) ask(new DriverQuestion.Output(name, next));
            if (part.lines().isEmpty()) break;
            read.addAll(part.lines());
            next = part.next();
        }

        assertThat(read).isEqualTo(printed);
    }

    @Test
    void a_line_too_long_for_a_part_comes_in_pieces() {
        drivers.joined(1);
        String name = submit("a.jar", 0);
        String longLine = "äöü".repeat(60_000);
        ask(new DriverQuestion.Printed(name, 1, List.of(new PrintedLine(false, longLine))));

        var text = new StringBuilder();
        long next = 0;
        for (int i = 0; i < 100; i++) {
            var part = (DriverAnswer.Output) ask(new DriverQuestion.Output(name, next));
            part.lines().forEach(line -> text.append(line.text()));
            next = part.next();
        }

        assertThat(text.toString()).isEqualTo(longLine);
    }

    @Test
    void a_misspelt_name_is_told_the_nearest() {
        submit("late.java", 0);

        assertThatThrownBy(() -> ask(new DriverQuestion.Cancel("lat-1")))
                .hasMessageContaining("did you mean 'late-1'?");
    }
}
