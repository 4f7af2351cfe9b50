package dev.quiver.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.dataframe.QFuture;
import dev.quiver.dataframe.Status;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TaskFailed;
import dev.quiver.error.Unavailable;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Values of the client's that tasks read.
final class ScatterTest {
    private Session q = Quiver.local(Options.defaults().slots(2).quiet());

    @AfterEach
    void close() {
        q.close();
    }

    private void open(boolean strict) {
        q.close();
        Options options = Options.defaults().slots(2).quiet();
        q = Quiver.local(strict ? options.strict() : options);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tasks_are_called_with_a_scattered_value(boolean strict) {
        open(strict);

        Scattered<List<Integer>> numbers = q.scatter(List.of(1, 2, 3));

        assertThat(q.submit(list -> list.get(1), numbers).result()).isEqualTo(2);
        assertThat(numbers.then(List::size).result()).isEqualTo(3);
        assertThat(numbers.result()).containsExactly(1, 2, 3);
        assertThat(numbers.status()).isEqualTo(Status.FINISHED);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void each_item_meets_the_value_that_all_share(boolean strict) {
        open(strict);

        Scattered<Integer> base = q.broadcast(40);
        List<QFuture<Integer>> sums = q.map((n, b) -> n + b, List.of(1, 2, 3), base);

        assertThat(q.gather(sums)).containsExactly(41, 42, 43);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_function_of_two_takes_a_task_s_result_and_a_value(boolean strict) {
        open(strict);
        QFuture<Integer> slow =
                q.submit(() -> {
                    Thread.sleep(50);
                    return 2;
                });

        QFuture<String> both = q.submit((n, text) -> text.repeat(n), slow, q.scatter("ab"));
        QFuture<String> later = q.submit((text, n) -> text + n, both, slow);

        assertThat(later.result()).isEqualTo("abab2");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothing_can_be_scattered_too(boolean strict) {
        open(strict);

        Scattered<String> nothing = q.scatter(null);

        assertThat(q.submit(value -> "it is " + value, nothing).result()).isEqualTo("it is null");
    }

    @Test
    void in_this_process_tasks_are_given_the_object_itself() {
        var list = new ArrayList<>(List.of(1));

        q.submit(given -> given.add(2), q.scatter(list)).result();

        assertThat(list).containsExactly(1, 2);
    }

    @Test
    void a_strict_session_gives_each_task_a_copy() {
        open(true);
        var list = new ArrayList<>(List.of(1));
        Scattered<ArrayList<Integer>> scattered = q.scatter(list);

        q.submit(given -> given.add(2), scattered).result();

        assertThat(q.submit(List::size, scattered).result()).isEqualTo(1);
        assertThat(list).containsExactly(1);
    }

    @Test
    void what_can_t_travel_is_refused_at_the_call() {
        open(true);

        assertThatThrownBy(() -> q.scatter(new Object()))
                .isInstanceOf(QuiverException.class)
                .hasMessageContaining("NOT_SERIALIZABLE");
    }

    @Test
    void a_closed_value_isn_t_given_to_new_tasks() {
        Scattered<Integer> six = q.scatter(6);
        QFuture<Integer> before = q.submit(n -> n + 1, six);

        six.close();

        assertThat(before.result()).isEqualTo(7);
        assertThatThrownBy(() -> q.submit(n -> n + 1, six)).isInstanceOf(Unavailable.class);
    }

    @Test
    void a_failed_input_fails_what_is_called_with_it() {
        QFuture<Integer> broken = q.submit(() -> Integer.parseInt("seven"));

        QFuture<Integer> sum = q.submit((a, b) -> a + b, broken, q.scatter(1));

        assertThatThrownBy(sum::result).isInstanceOf(TaskFailed.class);
    }

    @Test
    void values_of_other_sessions_are_refused() {
        try (Session other = Quiver.local(Options.defaults().slots(1).quiet())) {
            Scattered<Integer> theirs = other.scatter(1);

            assertThatThrownBy(() -> q.submit(n -> n, theirs))
                    .hasMessageContaining("another session");
        }
    }

    @Test
    void it_counts_in_the_session_s_memory_until_it_is_closed() {
        long before = q.usage().memoryBytes();

        try (Scattered<byte[]> megabyte = q.scatter(new byte[1 << 20])) {
            assertThat(q.usage().memoryBytes()).isGreaterThanOrEqualTo(before + (1 << 20));
            assertThat(megabyte.result()).hasSize(1 << 20);
        }

        assertThat(q.usage().memoryBytes()).isLessThan(before + (1 << 20));
    }
}
