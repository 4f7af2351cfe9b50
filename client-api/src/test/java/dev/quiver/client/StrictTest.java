package dev.quiver.client;

import static dev.quiver.dataframe.Functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.quiver.dataframe.Call;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class StrictTest {
    record Trade(String sym, double price, List<Long> lots) {}

    enum Side {
        BUY,
        SELL
    }

    static final class Counter implements Serializable {
        private static final long serialVersionUID = 1L;
        private final ArrayList<String> seen = new ArrayList<>();
        private transient int ignored = 7;
    }

    static final class Handle {
        private final int descriptor = 3;

        int descriptor() {
            return descriptor;
        }
    }

    private final Session q = Quiver.local(Options.defaults().slots(2).strict().quiet());
    private int field = 5;

    @AfterEach
    void close() {
        q.close();
    }

    @Test
    void values_of_many_kinds_travel_and_are_equal() {
        List<Object> values =
                List.of(
                        1,
                        2L,
                        "text",
                        new BigDecimal("1.20"),
                        LocalDate.of(2026, 1, 2),
                        Instant.ofEpochSecond(5),
                        UUID.fromString("00000000-0000-0001-0000-000000000002"),
                        Optional.of("x"),
                        new Trade("A", 1.5, List.of(1L, 2L)),
                        Side.SELL,
                        Map.of("a", 1),
                        Set.of(3),
                        new EnumMap<>(Map.of(Side.BUY, 1)),
                        Collections.unmodifiableList(new ArrayList<>(List.of(1, 2))),
                        new ArrayList<>(List.of(1, 2, 3)).subList(1, 3),
                        TimeUnit.DAYS);
        for (Object value : values)
            assertThat(q.submit(() -> List.of(value)).result().getFirst())
                    .as("%s", value.getClass())
                    .isEqualTo(value);
        assertThat(q.submit(() -> new long[] {1, 2}).result()).containsExactly(1, 2);
    }

    @Test
    void changes_to_a_captured_object_are_not_seen_by_the_task_nor_its_changes_here() {
        var counter = new Counter();
        var future =
                q.submit(() -> {
                    Thread.sleep(20);
                    counter.seen.add("task");
                    return List.copyOf(counter.seen);
                });
        counter.seen.add("here");
        assertThat(future.result()).containsExactly("task");
        assertThat(counter.seen).containsExactly("here");
        assertThat(future.result()).isNotSameAs(future.result());
        assertThat(counter.ignored).isEqualTo(7);
    }

    @Test
    void arguments_inputs_and_results_travel() {
        var futures = q.map((Trade t) -> t.price() * 2, List.of(new Trade("A", 2, List.of())));
        assertThat(q.gather(futures)).containsExactly(4.0);
        assertThat(futures.getFirst().then(x -> x + 1).result()).isEqualTo(5.0);
        var sum = q.delayed(() -> List.of(1)).with(q.delayed(() -> 2), (a, b) -> a.get(0) + b);
        assertThat(Delayed.all(List.of(sum, sum)).compute()).containsExactly(3, 3);
    }

    @Test
    void closures_that_are_not_lambdas_travel() {
        int captured = 4;
        Call<Integer> anonymous =
                new Call<>() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public Integer call() {
                        return Fixed.TWICE * captured;
                    }
                };
        assertThatThrownBy(() -> q.submit(anonymous))
                .hasMessageContaining("StrictTest is not Serializable");
        assertThat(q.submit(new Fixed(4)).result()).isEqualTo(8);
    }

    record Fixed(int n) implements Call<Integer> {
        static final int TWICE = 2;

        @Override
        public Integer call() {
            return TWICE * n;
        }
    }

    @Test
    void a_captured_variable_that_can_not_travel_is_named_at_the_call() {
        var handle = new Handle();
        var failure =
                catchThrowableOfType(
                        QuiverException.class, () -> q.submit(() -> handle.descriptor() + 1));
        assertThat(failure.code()).isEqualTo(ErrorCode.NOT_SERIALIZABLE);
        assertThat(failure)
                .hasMessageContaining("variable 'handle'")
                .hasMessageContaining("StrictTest$Handle is not Serializable");
    }

    @Test
    void the_object_around_a_lambda_is_named_this() {
        assertThatThrownBy(() -> q.submit(() -> field + 1)).hasMessageContaining("'this'");
        field++;
    }

    @Test
    void a_field_deep_inside_is_shown_with_the_way_to_it() {
        var deep = new ArrayList<Object>(List.of(new Holder(new Handle())));
        assertThatThrownBy(() -> q.submit(() -> deep.size()))
                .hasMessageContaining("variable 'deep'")
                .hasMessageContaining("Handle is not Serializable")
                .hasMessageContaining("by way of: handle");
    }

    record Holder(Handle handle) {}

    @Test
    void a_result_that_can_not_travel_fails_the_task() {
        var future = q.submit(Handle::new);
        assertThatThrownBy(future::result)
                .hasMessageContaining("the result of the task")
                .hasMessageContaining("Handle is not Serializable");
    }

    @Test
    void a_nested_lambda_travels_with_what_it_captures() {
        int three = 3;
        Call<Integer> inner = () -> three + 1;
        assertThat(q.submit(() -> inner.call() * 2).result()).isEqualTo(8);
    }

    @Test
    void functions_of_frames_travel_too() {
        var frame = q.of(Point.class, List.of(new Point(1), new Point(2)));
        int floor = 1;
        assertThat(frame.as(Point.class).filter(p -> p.x() > floor).toList())
                .containsExactly(new Point(2));
        var handle = new Handle();
        var refused = frame.as(Point.class).filter(p -> p.x() > handle.descriptor());
        assertThatThrownBy(refused::toList)
                .hasMessageContaining("variable 'handle'")
                .hasMessageContaining("NOT_SERIALIZABLE");
    }

    @Test
    void functions_of_expressions_are_called_as_copies() {
        var frame = q.of(Point.class, List.of(new Point(1), new Point(2)));
        var counter = new Counter();
        var seen =
                col("x").map(
                                Long.class,
                                Long.class,
                                x -> {
                                    counter.seen.add("x");
                                    return x + counter.seen.size();
                                });
        assertThat(frame.select(seen.as("y")).count()).isEqualTo(2);
        assertThat(counter.seen).isEmpty();
        var handle = new Handle();
        var refused = col("x").map(Long.class, Long.class, x -> x + handle.descriptor());
        assertThatThrownBy(() -> frame.agg(refused.sum().as("all")).collect())
                .hasMessageContaining("variable 'handle'")
                .hasMessageContaining("NOT_SERIALIZABLE");
    }

    @Test
    void a_gathered_list_is_a_copy_each_time() {
        Delayed<List<Counter>> all = Delayed.all(List.of(q.delayed(Counter::new)));
        var future = all.submit();
        assertThat(future.result().getFirst()).isNotSameAs(future.result().getFirst());
    }

    record Point(long x) {}

    @Test
    void without_strict_objects_are_shared() {
        try (var loose = Quiver.local(Options.defaults().slots(1).quiet())) {
            var shared = new AtomicInteger();
            loose.run(shared::incrementAndGet).result();
            assertThat(shared).hasValue(1);
        }
    }
}
