package dev.quiver.columnar.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ScatterTest {
    private final MemoryPool pool = new MemoryPool(256 << 20);
    private final MemoryAccount account = pool.account(new Owner("test", "Exchange", 0));

    @AfterEach
    void nothing_is_left() {
        pool.close();
    }

    @Test
    void rows_of_every_type_keep_their_order_inside_a_bucket() {
        long seed = RandomColumns.seed("ScatterTest");
        var random = new Random(seed);
        for (DataType type : RandomColumns.TYPES) {
            for (double nulls : new double[] {0, 0.3}) {
                try (var columns = new RandomColumns(random, account)) {
                    check(random, columns, type, nulls, 1 + random.nextInt(400));
                }
            }
        }
    }

    private void check(
            Random random, RandomColumns columns, DataType type, double nulls, int rows) {
        List<@Nullable Object> values = columns.values(type, rows, 50, nulls);
        var schema = Schema.of(Field.of("x", type));
        int count = 1 + random.nextInt(5);
        List<List<@Nullable Object>> expected = new ArrayList<>();
        List<List<Chunk>> buckets = new ArrayList<>();
        for (int b = 0; b < count; b++) {
            expected.add(new ArrayList<>());
            buckets.add(new ArrayList<>());
        }
        try (var chunk = new Chunk(schema, List.of(columns.column(type, values)), rows);
                Buffer numbers = account.allocate(rows * 4L)) {
            for (int i = 0; i < rows; i++) {
                int bucket = random.nextInt(count);
                numbers.segment().set(Layouts.INT, i * 4L, bucket);
                expected.get(bucket).add(RandomColumns.comparable(values.get(i)));
            }
            Scatter.rows(chunk, numbers.segment(), buckets, account);
        }
        for (int b = 0; b < count; b++) {
            List<@Nullable Object> actual = new ArrayList<>();
            for (Chunk chunk : buckets.get(b)) {
                for (Object value : ColumnValues.list(chunk.column(0)))
                    actual.add(RandomColumns.comparable(value));
                chunk.close();
            }
            assertThat(actual).as(type.toString()).isEqualTo(expected.get(b));
        }
    }

    @Test
    void columns_end_to_end_are_one_column_whatever_their_encoding() {
        long seed = RandomColumns.seed("ScatterTest");
        var random = new Random(seed);
        for (DataType type : RandomColumns.TYPES) {
            try (var columns = new RandomColumns(random, account)) {
                List<@Nullable Object> expected = new ArrayList<>();
                var spans = new ArrayList<Concat.Span>();
                for (int i = 0; i < 4; i++) {
                    int rows = 1 + random.nextInt(100);
                    List<@Nullable Object> values =
                            columns.values(type, rows, 30, i % 2 == 0 ? 0 : 0.3);
                    int from = random.nextInt(rows);
                    int count = random.nextInt(rows - from + 1);
                    expected.addAll(values.subList(from, from + count));
                    spans.add(new Concat.Span(columns.column(type, values), from, count));
                }
                try (Column all = Concat.column(type, spans, account)) {
                    assertThat(comparable(ColumnValues.list(all)))
                            .as("%s of seed %d", type, seed)
                            .isEqualTo(comparable(expected));
                }
                spans.forEach(span -> span.column().close());
            }
        }
    }

    @Test
    void lists_and_structs_are_gathered_and_joined() {
        var list = new DataType.ListOf(Field.of("e", DataType.UTF8));
        var struct =
                new DataType.Struct(
                        List.of(Field.of("a", DataType.INT32), Field.of("b", DataType.BOOL)));
        check(list, Arrays.asList(List.of("x", "yy"), null, List.of(), List.of("z")));
        check(
                struct,
                Arrays.asList(
                        List.of(1L, true), null, Arrays.asList(null, false), List.of(4L, true)));
    }

    private void check(DataType type, List<? extends @Nullable Object> values) {
        try (Column column = ColumnBuilder.column(type, account, values);
                Buffer order = account.allocate(8)) {
            order.segment().set(Layouts.INT, 0, 3);
            order.segment().set(Layouts.INT, 4, -1);
            try (Column taken = Take.column(column, order.segment(), 0, 2, true, account);
                    Column twice =
                            Concat.column(
                                    type,
                                    List.of(
                                            new Concat.Span(column, 1, 3),
                                            new Concat.Span(column, 0, 2)),
                                    account)) {
                assertThat(ColumnValues.list(taken)).isEqualTo(Arrays.asList(values.get(3), null));
                assertThat(ColumnValues.list(twice))
                        .isEqualTo(
                                Arrays.asList(
                                        values.get(1),
                                        values.get(2),
                                        values.get(3),
                                        values.get(0),
                                        values.get(1)));
            }
        }
    }

    private static List<@Nullable Object> comparable(List<@Nullable Object> values) {
        List<@Nullable Object> made = new ArrayList<>();
        for (Object value : values) made.add(RandomColumns.comparable(value));
        return made;
    }
}
