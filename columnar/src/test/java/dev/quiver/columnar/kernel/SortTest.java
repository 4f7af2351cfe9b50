package dev.quiver.columnar.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Checkpoint;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.error.Cancelled;
import dev.quiver.expression.Expression;
import dev.quiver.operator.OrderBy;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SortTest {
    private final MemoryPool pool = new MemoryPool(256 << 20);
    private final MemoryAccount account = pool.account(new Owner("test", "Sort", 0));

    @AfterEach
    void nothing_is_left() {
        pool.close();
    }

    @Test
    void random_runs_merge_into_the_stable_order() {
        long seed = RandomColumns.seed("SortTest");
        var random = new Random(seed);
        for (int round = 0; round < 100; round++) {
            try (var columns = new RandomColumns(random, account)) {
                check(random, columns, "round %d of seed %d".formatted(round, seed));
            }
        }
    }

    private void check(Random random, RandomColumns columns, String where) {
        var types = new ArrayList<DataType>();
        var order = new ArrayList<OrderBy>();
        var fields = new ArrayList<Field>();
        int keyCount = 1 + random.nextInt(3);
        for (int k = 0; k < keyCount; k++) {
            types.add(RandomColumns.TYPES.get(random.nextInt(RandomColumns.TYPES.size())));
            order.add(
                    new OrderBy(
                            new Expression.Column("k" + k),
                            random.nextBoolean(),
                            random.nextBoolean()));
            fields.add(Field.of("k" + k, types.get(k)));
        }
        // The payload numbers the rows, so that the order of equal ones shows.
        fields.add(Field.of("n", DataType.INT64));
        var schema = new Schema(fields);
        int domain = 1 + random.nextInt(random.nextBoolean() ? 4 : 500);
        List<List<@Nullable Object>> rows = new ArrayList<>();
        var runs = new ArrayList<SortedRun>();
        int runCount = 1 + random.nextInt(4);
        for (int r = 0; r < runCount; r++) {
            int count = random.nextInt(200);
            if (count == 0) continue;
            runs.add(run(random, columns, schema, order, count, domain, rows));
        }
        int parts = 1 + random.nextInt(5);
        List<List<@Nullable Object>> actual = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            for (Chunk chunk : SortedRun.merge(schema, runs, order, part, parts, account)) {
                for (int i = 0; i < chunk.rows(); i++) {
                    List<@Nullable Object> row = new ArrayList<>();
                    for (Column column : chunk.columns())
                        row.add(RandomColumns.comparable(ColumnValues.get(column, i)));
                    actual.add(row);
                }
                chunk.close();
            }
        }
        runs.forEach(SortedRun::close);
        rows.sort(comparator(types, order));
        List<List<@Nullable Object>> expected = new ArrayList<>();
        for (var row : rows) {
            List<@Nullable Object> values = new ArrayList<>();
            for (Object value : row) values.add(RandomColumns.comparable(value));
            expected.add(values);
        }

        assertThat(actual).as(where + " by " + order + " of " + types).isEqualTo(expected);
    }

    private SortedRun run(
            Random random,
            RandomColumns columns,
            Schema schema,
            List<OrderBy> order,
            int count,
            int domain,
            List<List<@Nullable Object>> rows) {
        var made = new ArrayList<Column>();
        List<List<@Nullable Object>> values = new ArrayList<>();
        for (int k = 0; k < order.size(); k++) {
            DataType type = schema.field(k).type();
            values.add(columns.values(type, count, domain, random.nextInt(3) == 0 ? 0 : 0.2));
            made.add(columns.column(type, values.getLast()));
        }
        List<@Nullable Object> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) numbers.add((long) rows.size() + i);
        values.add(numbers);
        made.add(ColumnBuilder.column(DataType.INT64, account, numbers));
        for (int i = 0; i < count; i++) {
            List<@Nullable Object> row = new ArrayList<>();
            for (var column : values) row.add(column.get(i));
            rows.add(row);
        }
        try (var chunk = new Chunk(schema, made, count)) {
            List<Column> keys = chunk.columns().subList(0, order.size());
            return SortedRun.of(chunk, keys, order, Integer.MAX_VALUE, account);
        }
    }

    private static Comparator<List<@Nullable Object>> comparator(
            List<DataType> types, List<OrderBy> order) {
        return (left, right) -> {
            for (int k = 0; k < types.size(); k++) {
                Object a = left.get(k);
                Object b = right.get(k);
                if (a == null && b == null) continue;
                if (a == null || b == null)
                    return (a == null) == order.get(k).nullsFirst() ? -1 : 1;
                int result = RandomColumns.compare(types.get(k), a, b);
                if (result != 0) return order.get(k).descending() ? -result : result;
            }
            return 0;
        };
    }

    @Test
    void texts_that_begin_alike_are_sorted_by_their_bytes() {
        long seed = RandomColumns.seed("SortTest");
        var random = new Random(seed);
        for (int longest : new int[] {0, 7, 8, 20, 32, 60}) {
            var texts = new ArrayList<String>();
            for (int row = 0; row < 2000; row++) {
                var text = new StringBuilder();
                for (int length = random.nextInt(longest + 1); length > 0; length--)
                    text.append(random.nextInt(12) > 0 ? 'a' : "\0bz".charAt(random.nextInt(3)));
                texts.add(text.toString());
            }
            var order = List.of(new OrderBy(new Expression.Column("k"), false, false));
            try (Column column = ColumnBuilder.column(DataType.UTF8, account, texts);
                    Buffer numbers = SortOrder.of(List.of(column), order, texts.size(), account)) {
                var actual = new ArrayList<Integer>();
                for (int place = 0; place < texts.size(); place++)
                    actual.add(numbers.segment().get(Layouts.INT, place * 4L));

                var expected = new ArrayList<Integer>();
                for (int row = 0; row < texts.size(); row++) expected.add(row);
                expected.sort(Comparator.comparing(texts::get));
                assertThat(actual).as("%d bytes, seed %d", longest, seed).isEqualTo(expected);
            }
        }
    }

    @Test
    void a_long_sort_ends_soon_when_it_is_cancelled() {
        int rows = 2_000_000;
        var checks = new int[1];
        Checkpoint stop =
                () -> {
                    if (++checks[0] == 10)
                        throw new Cancelled("cancelled", List.of(), "nothing to do");
                };
        Column column;
        try (var cells = new Cells(0, account)) {
            cells.grow(rows);
            for (int i = 0; i < rows; i++) cells.set(i, i * 0x9E3779B97F4A7C15L);
            column = Longs.column(DataType.INT64, cells.segment(), 0, rows, null, account);
        }
        var order = new OrderBy(new Expression.Column("x"), false, false);
        MemoryAccount stoppable = pool.attempt(new Owner("test", "Sort", 0), stop);
        try (column) {
            assertThatThrownBy(() ->
                            SortOrder.of(List.of(column), List.of(order), rows, stoppable).close())
                    .isInstanceOf(Cancelled.class);
        }
    }
}
