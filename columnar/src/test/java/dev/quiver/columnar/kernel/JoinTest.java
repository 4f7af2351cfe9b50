package dev.quiver.columnar.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.operator.JoinKind;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class JoinTest {
    private final MemoryPool pool = new MemoryPool(256 << 20);
    private final MemoryAccount account = pool.account(new Owner("test", "Join", 0));

    @AfterEach
    void nothing_is_left() {
        pool.close();
    }

    private record Side(Chunk chunk, List<List<@Nullable Object>> rows) {}

    @Test
    void random_joins_agree_with_nested_loops() {
        long seed = RandomColumns.seed("JoinTest");
        var random = new Random(seed);
        for (int round = 0; round < 120; round++) {
            try (var columns = new RandomColumns(random, account)) {
                check(random, columns, "round %d of seed %d".formatted(round, seed));
            }
        }
    }

    private void check(Random random, RandomColumns columns, String where) {
        int keyCount = 1 + random.nextInt(3);
        List<DataType> types = new ArrayList<>();
        for (int k = 0; k < keyCount; k++)
            types.add(RandomColumns.TYPES.get(random.nextInt(RandomColumns.TYPES.size())));
        DataType payload = RandomColumns.TYPES.get(random.nextInt(RandomColumns.TYPES.size()));
        int domain = 1 + random.nextInt(random.nextBoolean() ? 5 : 300);
        double nulls = random.nextInt(3) == 0 ? 0 : 0.15;
        JoinKind kind = List.of(JoinKind.values()).get(random.nextInt(4));

        Side build = side(columns, "b", types, payload, random.nextInt(150), domain, nulls);
        Side probe = side(columns, "p", types, payload, 1 + random.nextInt(150), domain, nulls);
        List<String> take =
                kind == JoinKind.INNER || kind == JoinKind.LEFT ? List.of("bx", "b0") : List.of();
        var fields = new ArrayList<>(probe.chunk.schema().fields());
        for (String name : take) fields.add(build.chunk.schema().field(name));
        List<List<@Nullable Object>> actual = new ArrayList<>();
        List<Column> buildKeys = build.chunk.columns().subList(1, keyCount + 1);
        List<Column> probeKeys = probe.chunk.columns().subList(1, keyCount + 1);
        try (JoinTable table = JoinTable.build(build.chunk, buildKeys, account);
                var joined = new JoinProbe(table, kind, take, new Schema(fields), account)) {
            joined.probe(
                    probe.chunk,
                    probeKeys,
                    made -> {
                        for (int i = 0; i < made.rows(); i++) actual.add(row(made, i));
                        made.close();
                    });
        }
        probe.chunk.close();

        assertThat(comparable(actual))
                .as(where + " " + kind + " on " + types)
                .isEqualTo(comparable(nestedLoops(kind, keyCount, probe.rows, build.rows)));
    }

    private Side side(
            RandomColumns columns,
            String prefix,
            List<DataType> types,
            DataType payload,
            int rows,
            int domain,
            double nulls) {
        var fields = new ArrayList<Field>();
        var made = new ArrayList<Column>();
        List<List<@Nullable Object>> values = new ArrayList<>();
        values.add(columns.values(payload, rows, 1000, nulls));
        fields.add(Field.of(prefix + "x", payload));
        made.add(columns.column(payload, values.getFirst()));
        for (int k = 0; k < types.size(); k++) {
            values.add(columns.values(types.get(k), rows, domain, nulls));
            fields.add(Field.of(prefix + k, types.get(k)));
            made.add(columns.column(types.get(k), values.getLast()));
        }
        List<List<@Nullable Object>> byRow = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            List<@Nullable Object> row = new ArrayList<>();
            for (var column : values) row.add(column.get(i));
            byRow.add(row);
        }
        return new Side(new Chunk(new Schema(fields), made, rows), byRow);
    }

    private static List<@Nullable Object> row(Chunk chunk, int index) {
        List<@Nullable Object> row = new ArrayList<>();
        for (Column column : chunk.columns()) row.add(ColumnValues.get(column, index));
        return row;
    }

    private static List<List<@Nullable Object>> nestedLoops(
            JoinKind kind,
            int keyCount,
            List<List<@Nullable Object>> probe,
            List<List<@Nullable Object>> build) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (var left : probe) {
            int matches = 0;
            for (var right : build) {
                if (!matches(keyCount, left, right)) continue;
                matches++;
                if (kind == JoinKind.INNER || kind == JoinKind.LEFT)
                    rows.add(with(left, right.get(0), right.get(1)));
            }
            boolean kept =
                    switch (kind) {
                        case INNER -> false;
                        case LEFT, ANTI -> matches == 0;
                        case SEMI -> matches > 0;
                    };
            if (kept) rows.add(kind == JoinKind.LEFT ? with(left, null, null) : left);
        }
        return rows;
    }

    private static List<@Nullable Object> with(
            List<@Nullable Object> left, @Nullable Object first, @Nullable Object second) {
        List<@Nullable Object> row = new ArrayList<>(left);
        row.add(first);
        row.add(second);
        return row;
    }

    private static boolean matches(
            int keyCount, List<@Nullable Object> left, List<@Nullable Object> right) {
        for (int k = 1; k <= keyCount; k++) {
            Object a = RandomColumns.comparable(left.get(k));
            if (a == null || !a.equals(RandomColumns.comparable(right.get(k)))) return false;
        }
        return true;
    }

    private static List<List<@Nullable Object>> comparable(List<List<@Nullable Object>> rows) {
        List<List<@Nullable Object>> copy = new ArrayList<>();
        for (var row : rows) {
            List<@Nullable Object> values = new ArrayList<>();
            for (Object value : row) values.add(RandomColumns.comparable(value));
            copy.add(values);
        }
        return copy;
    }

    @Test
    void one_row_with_more_matches_than_a_chunk_has_rows_makes_several_chunks() {
        var schema = Schema.of(Field.of("k", DataType.INT64));
        List<Long> ones = java.util.Collections.nCopies(Chunk.ROWS + 5, 1L);
        Column keys = ColumnBuilder.column(DataType.INT64, account, ones);
        var build = new Chunk(schema, List.of(keys), ones.size());
        Column probed = ColumnBuilder.column(DataType.INT64, account, List.of(1L, 2L, 1L));
        var probe = new Chunk(schema, List.of(probed), 3);
        var sizes = new ArrayList<Integer>();
        try (probe;
                JoinTable table = JoinTable.build(build, List.of(keys), account);
                var join = new JoinProbe(table, JoinKind.INNER, List.of(), schema, account)) {
            join.probe(
                    probe,
                    List.of(probed),
                    made -> {
                        sizes.add(made.rows());
                        made.close();
                    });
        }

        assertThat(sizes).containsExactly(Chunk.ROWS, Chunk.ROWS, 10);
    }
}
