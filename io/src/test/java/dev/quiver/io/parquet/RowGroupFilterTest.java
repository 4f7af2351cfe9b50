package dev.quiver.io.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Expression.Call;
import dev.quiver.expression.Expression.Column;
import dev.quiver.expression.Expression.In;
import dev.quiver.expression.Expression.Literal;
import dev.quiver.expression.Function;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Row groups are left out only when no row of theirs can match.
class RowGroupFilterTest {
    private static final Schema SCHEMA =
            Schema.of(
                    Field.of("n", DataType.INT64),
                    Field.of("x", DataType.FLOAT64),
                    Field.of("t", DataType.UTF8));

    @TempDir Path directory;

    @Test
    void comparisons_outside_the_bounds_match_nothing() {
        var group = group(stats(10L, 20L, 0), stats(1.0, 2.0, 0), stats("b", "d", 0));

        assertThat(may(call(Function.EQUAL, "n", 9L), group)).isFalse();
        assertThat(may(call(Function.EQUAL, "n", 10L), group)).isTrue();
        assertThat(may(call(Function.EQUAL, "n", 21L), group)).isFalse();
        assertThat(may(call(Function.LESS, "n", 10L), group)).isFalse();
        assertThat(may(call(Function.LESS_EQUAL, "n", 10L), group)).isTrue();
        assertThat(may(call(Function.GREATER, "n", 20L), group)).isFalse();
        assertThat(may(call(Function.GREATER_EQUAL, "n", 20L), group)).isTrue();
        assertThat(may(call(Function.NOT_EQUAL, "n", 10L), group)).isTrue();
        assertThat(may(call(Function.EQUAL, "t", "a"), group)).isFalse();
        assertThat(may(call(Function.EQUAL, "t", "c"), group)).isTrue();
        assertThat(may(new Call(Function.LESS, List.of(literal(20L), new Column("n"))), group))
                .isFalse();
    }

    @Test
    void nan_is_greater_than_every_bound_and_in_none() {
        var group = group(stats(1L, 1L, 0), stats(1.0, 2.0, 0), stats("b", "d", 0));

        assertThat(may(call(Function.GREATER, "x", 5.0), group)).isTrue();
        assertThat(may(call(Function.GREATER_EQUAL, "x", 5.0), group)).isTrue();
        assertThat(may(call(Function.NOT_EQUAL, "x", 1.0), group)).isTrue();
        assertThat(may(call(Function.LESS, "x", 1.0), group)).isFalse();
        assertThat(may(call(Function.EQUAL, "x", 5.0), group)).isFalse();
        assertThat(may(call(Function.EQUAL, "x", Double.NaN), group)).isTrue();
        assertThat(may(call(Function.LESS, "x", Double.NaN), group)).isTrue();
    }

    @Test
    void missing_statistics_match_everything() {
        var unknown = ColumnStatistics.UNKNOWN;
        var group = group(unknown, unknown, unknown);

        for (Function function :
                List.of(
                        Function.EQUAL,
                        Function.NOT_EQUAL,
                        Function.LESS,
                        Function.GREATER_EQUAL)) {
            assertThat(may(call(function, "n", 5L), group)).isTrue();
            assertThat(may(call(function, "n", 5.0), group)).isTrue();
            assertThat(may(call(function, "gone", 5L), group)).isTrue();
        }
        assertThat(may(isNull("n"), group)).isTrue();
    }

    @Test
    void null_counts_decide_about_nulls() {
        var group = group(stats(1L, 2L, 0), nulls(100), stats("a", "b", 3));

        assertThat(may(isNull("n"), group)).isFalse();
        assertThat(may(isNull("t"), group)).isTrue();
        assertThat(may(new Call(Function.IS_NOT_NULL, List.of(new Column("x"))), group)).isFalse();
        assertThat(may(call(Function.GREATER, "x", 0.0), group)).isFalse();
        assertThat(may(call(Function.EQUAL, "n", null), group)).isFalse();
    }

    @Test
    void and_or_and_in_combine() {
        var group = group(stats(10L, 20L, 0), nulls(0), stats("b", "d", 0));
        Expression no = call(Function.LESS, "n", 5L);
        Expression yes = call(Function.LESS, "n", 15L);

        assertThat(may(new Call(Function.AND, List.of(yes, no)), group)).isFalse();
        assertThat(may(new Call(Function.OR, List.of(yes, no)), group)).isTrue();
        assertThat(may(new Call(Function.OR, List.of(no, no)), group)).isFalse();
        assertThat(may(new Call(Function.NOT, List.of(yes)), group)).isTrue();
        assertThat(may(new In(new Column("n"), List.of(literal(1L), literal(30L))), group))
                .isFalse();
        assertThat(may(new In(new Column("n"), List.of(literal(1L), literal(12L))), group))
                .isTrue();
    }

    @Test
    void the_bounds_that_the_writer_writes_hold_and_prune() {
        Path file = directory.resolve("bounds.parquet");
        String longText = "\u00e9".repeat(100);
        List<List<@Nullable Object>> columns =
                List.of(
                        Arrays.asList(3L, null, -7L),
                        Arrays.asList(Double.NaN, 0.0, null),
                        Arrays.asList("b", longText, null));
        try (var pool = new MemoryPool(1 << 26);
                var account = pool.account(new Owner("test", "write", 0))) {
            RandomFrames.write(file, SCHEMA, columns, 10, "snappy", false, account);
        }

        List<ColumnStatistics> statistics = ParquetFooter.read(file).groups().getFirst().columns();

        assertThat(statistics.get(0)).isEqualTo(stats(-7L, 3L, 1));
        assertThat(statistics.get(1)).isEqualTo(stats(-0.0, 0.0, 1));
        assertThat(statistics.get(2).min()).contains("b");
        assertThat(statistics.get(2).max()).isEmpty();
        assertThat(
                        ParquetFrame.read(
                                        file, SCHEMA, Optional.of(call(Function.GREATER, "n", 3L)))
                                .rows())
                .isEmpty();
        assertThat(
                        ParquetFrame.read(
                                        file, SCHEMA, Optional.of(call(Function.GREATER, "x", 3.0)))
                                .rows())
                .hasSize(3);
    }

    private static boolean may(Expression condition, ParquetFooter.Group group) {
        return RowGroupFilter.mayMatch(condition, SCHEMA, group);
    }

    private static Expression call(Function function, String column, @Nullable Object value) {
        return new Call(function, List.of(new Column(column), literal(value)));
    }

    private static Expression isNull(String column) {
        return new Call(Function.IS_NULL, List.of(new Column(column)));
    }

    private static Literal literal(@Nullable Object value) {
        DataType type =
                value instanceof Double
                        ? DataType.FLOAT64
                        : value instanceof String ? DataType.UTF8 : DataType.INT64;
        return new Literal(value, type);
    }

    private static ColumnStatistics stats(Object min, Object max, long nulls) {
        return new ColumnStatistics(Optional.of(min), Optional.of(max), OptionalLong.of(nulls));
    }

    private static ColumnStatistics nulls(long nulls) {
        return new ColumnStatistics(Optional.empty(), Optional.empty(), OptionalLong.of(nulls));
    }

    private static ParquetFooter.Group group(ColumnStatistics... columns) {
        return new ParquetFooter.Group(100, 1000, 500, List.of(columns));
    }
}
