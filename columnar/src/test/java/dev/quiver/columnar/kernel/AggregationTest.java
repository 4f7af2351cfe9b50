package dev.quiver.columnar.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.error.MemoryRefused;
import dev.quiver.expression.AggregateFunction;
import dev.quiver.expression.Expression;
import dev.quiver.operator.NamedAggregate;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AggregationTest {
    private final MemoryPool pool = new MemoryPool(256 << 20);
    private final MemoryAccount account = pool.account(new Owner("test", "GroupBy", 0));

    @AfterEach
    void nothing_is_left() {
        pool.close();
    }

    @Test
    void random_groupings_agree_with_the_twin_in_one_phase_and_in_two() {
        long seed = RandomColumns.seed("AggregationTest");
        var random = new Random(seed);
        for (int round = 0; round < 150; round++) {
            try (var columns = new RandomColumns(random, account)) {
                check(random, columns, "round %d of seed %d".formatted(round, seed));
            }
        }
    }

    private void check(Random random, RandomColumns columns, String where) {
        List<DataType> keyTypes = new ArrayList<>();
        int keyCount = random.nextInt(4);
        for (int k = 0; k < keyCount; k++) keyTypes.add(type(random));
        List<DataType> inputTypes = new ArrayList<>();
        List<NamedAggregate> aggregates = new ArrayList<>();
        boolean twoPhases = random.nextBoolean();
        for (int a = 0; a < 4; a++) {
            DataType input = type(random);
            inputTypes.add(input);
            aggregates.add(aggregate(random, "a" + a, input, twoPhases));
        }
        int domain =
                switch (random.nextInt(4)) {
                    case 0 -> 1;
                    case 1 -> 5;
                    case 2 -> 100;
                    default -> 20_000;
                };
        double nulls =
                switch (random.nextInt(3)) {
                    case 0 -> 0;
                    case 1 -> 0.2;
                    default -> random.nextInt(5) == 0 ? 1 : 0.5;
                };
        var twin = new AggregationTwin(keyTypes, inputTypes, aggregates);
        var partials = new ArrayList<List<List<Chunk>>>();
        int parts = twoPhases ? 1 + random.nextInt(4) : 1;
        int buckets = twoPhases ? 1 + random.nextInt(5) : 1;
        Schema schema = schema(keyTypes, aggregates);
        var results = new ArrayList<Chunk>();
        for (int part = 0; part < parts; part++) {
            try (var aggregation = Aggregation.ofRows(keyTypes, aggregates, inputTypes, account)) {
                int chunks = random.nextInt(4);
                for (int c = 0; c < chunks; c++) {
                    int rows = 1 + random.nextInt(random.nextInt(3) == 0 ? 2000 : 100);
                    feed(random, columns, twin, aggregation, rows, domain, nulls);
                }
                if (twoPhases) partials.add(aggregation.states(buckets));
                else results.addAll(aggregation.results(schema, 1).getFirst());
            }
        }
        if (twoPhases) merge(keyTypes, aggregates, schema, partials, buckets, results);
        compare(twin, schema, keyTypes, results, twoPhases, where);
        results.forEach(Chunk::close);
    }

    private static DataType type(Random random) {
        return RandomColumns.TYPES.get(random.nextInt(RandomColumns.TYPES.size()));
    }

    private static Schema schema(List<DataType> keyTypes, List<NamedAggregate> aggregates) {
        var fields = new ArrayList<Field>();
        for (int k = 0; k < keyTypes.size(); k++) fields.add(Field.of("k" + k, keyTypes.get(k)));
        for (NamedAggregate a : aggregates) fields.add(Field.of(a.name(), a.type()));
        return new Schema(fields);
    }

    private static NamedAggregate aggregate(
            Random random, String name, DataType input, boolean twoPhases) {
        var functions = new ArrayList<>(List.of(AggregateFunction.values()));
        if (twoPhases) functions.remove(AggregateFunction.COUNT_DISTINCT);
        boolean number = DataType.isNumeric(input);
        if (!number)
            functions.removeAll(
                    List.of(
                            AggregateFunction.SUM,
                            AggregateFunction.MEAN,
                            AggregateFunction.VARIANCE,
                            AggregateFunction.STANDARD_DEVIATION));
        if (input.equals(DataType.UINT64)) functions.remove(AggregateFunction.SUM);
        AggregateFunction function = functions.get(random.nextInt(functions.size()));
        DataType type =
                switch (function) {
                    case COUNT, COUNT_DISTINCT -> DataType.INT64;
                    case SUM ->
                            switch (input) {
                                case DataType.FloatingPoint _ -> DataType.FLOAT64;
                                case DataType.Decimal(_, var scale) -> DataType.decimal(38, scale);
                                default -> DataType.INT64;
                            };
                    case MEAN, VARIANCE, STANDARD_DEVIATION -> DataType.FLOAT64;
                    case MIN, MAX, FIRST, LAST -> input;
                };
        Optional<Expression> filter =
                random.nextInt(3) == 0 ? Optional.of(new Expression.Column("f")) : Optional.empty();
        return new NamedAggregate(
                name,
                new Expression.Aggregate(function, Optional.of(new Expression.Column("x")), filter),
                type);
    }

    private void feed(
            Random random,
            RandomColumns columns,
            AggregationTwin twin,
            Aggregation aggregation,
            int rows,
            int domain,
            double nulls) {
        var owned = new ArrayList<Column>();
        List<List<@Nullable Object>> keyValues = new ArrayList<>();
        List<Column> keys = new ArrayList<>();
        for (DataType type : twin.keyTypes()) {
            keyValues.add(columns.values(type, rows, domain, nulls / 2));
            keys.add(columns.column(type, keyValues.getLast()));
        }
        List<List<@Nullable Object>> inputValues = new ArrayList<>();
        List<List<@Nullable Object>> filterValues = new ArrayList<>();
        List<@Nullable Column> inputs = new ArrayList<>();
        List<@Nullable BoolColumn> filters = new ArrayList<>();
        for (int a = 0; a < twin.aggregates().size(); a++) {
            DataType type = twin.inputTypes().get(a);
            inputValues.add(columns.values(type, rows, domain, nulls));
            Column input = columns.column(type, inputValues.getLast());
            inputs.add(input);
            owned.add(input);
            boolean filtered = twin.aggregates().get(a).aggregate().filter().isPresent();
            filterValues.add(columns.values(DataType.BOOL, rows, 2, filtered ? 0.1 : 1));
            BoolColumn filter =
                    filtered
                            ? (BoolColumn) columns.column(DataType.BOOL, filterValues.getLast())
                            : null;
            filters.add(filter);
            if (filter != null) owned.add(filter);
        }
        aggregation.update(keys, inputs, filters, rows);
        twin.update(keyValues, inputValues, filterValues, rows);
        keys.forEach(Column::close);
        owned.forEach(Column::close);
        assertThat(random).isNotNull();
    }

    private void merge(
            List<DataType> keyTypes,
            List<NamedAggregate> aggregates,
            Schema schema,
            List<List<List<Chunk>>> partials,
            int buckets,
            List<Chunk> results) {
        for (int b = 0; b < buckets; b++) {
            Aggregation merging = null;
            for (List<List<Chunk>> partial : partials) {
                for (Chunk chunk : partial.get(b)) {
                    if (merging == null)
                        merging =
                                Aggregation.ofStates(
                                        keyTypes.size(), aggregates, chunk.schema(), account);
                    merging.merge(chunk);
                    chunk.close();
                }
            }
            if (merging == null) continue;
            try (Aggregation open = merging) {
                results.addAll(open.results(schema, 1).getFirst());
            }
        }
        if (results.isEmpty() && keyTypes.isEmpty())
            results.add(Aggregation.ofNothing(schema, aggregates, account));
    }

    private static void compare(
            AggregationTwin twin,
            Schema schema,
            List<DataType> keyTypes,
            List<Chunk> results,
            boolean anyOrder,
            String where) {
        List<List<@Nullable Object>> actual = new ArrayList<>();
        for (Chunk chunk : results) {
            for (int row = 0; row < chunk.rows(); row++) {
                List<@Nullable Object> values = new ArrayList<>();
                for (Column column : chunk.columns()) values.add(ColumnValues.get(column, row));
                actual.add(values);
            }
        }
        List<List<@Nullable Object>> expected = twin.rows();
        List<double[]> doubts = twin.doubts();
        assertThat(actual).as(where).hasSameSizeAs(expected);
        if (anyOrder) {
            var byKey = new java.util.HashMap<Object, List<@Nullable Object>>();
            for (var row : actual) byKey.put(AggregationTwin.key(row, keyTypes.size()), row);
            actual = new ArrayList<>();
            for (var row : expected) {
                var found = byKey.get(AggregationTwin.key(row, keyTypes.size()));
                assertThat(found).as(where + " has a group of " + row).isNotNull();
                actual.add(java.util.Objects.requireNonNull(found));
            }
        }
        for (int i = 0; i < expected.size(); i++)
            for (int c = 0; c < schema.size(); c++)
                same(
                        actual.get(i).get(c),
                        expected.get(i).get(c),
                        c < keyTypes.size() ? 0 : doubts.get(i)[c - keyTypes.size()],
                        "%s, row %d, %s".formatted(where, i, schema.field(c)));
    }

    private static void same(
            @Nullable Object actual, @Nullable Object expected, double doubt, String where) {
        if (actual instanceof Double a
                && expected instanceof Double e
                && !e.isNaN()
                && !e.isInfinite()) {
            double scale = Math.max(1, Math.abs(e));
            assertThat(a).as(where).isCloseTo(e, within(scale * 1e-9 + doubt));
            return;
        }
        assertThat(RandomColumns.comparable(actual))
                .as(where)
                .isEqualTo(RandomColumns.comparable(expected));
    }

    @Test
    void groups_come_out_in_the_order_of_first_appearance_across_forms_of_the_table() {
        // From a dense range over a wide one to keys that need 64 bits.
        long[] values =
                LongStream.concat(
                                LongStream.range(0, 3000),
                                LongStream.of(5, 1L << 40, -7, Long.MIN_VALUE, Long.MAX_VALUE, 5))
                        .toArray();
        List<Long> distinct = new ArrayList<>();
        try (var table = new GroupTable(List.of(DataType.INT64), true, account)) {
            for (int from = 0; from < values.length; from += 1000) {
                int rows = Math.min(1000, values.length - from);
                var part = new ArrayList<Long>();
                for (int i = 0; i < rows; i++) part.add(values[from + i]);
                for (Long value : part) if (!distinct.contains(value)) distinct.add(value);
                var groups = new int[rows];
                try (Column keys = ColumnBuilder.column(DataType.INT64, account, part)) {
                    table.assign(List.of(keys), rows, groups);
                }
                for (int i = 0; i < rows; i++)
                    assertThat(groups[i]).isEqualTo(distinct.indexOf(part.get(i)));
            }
            try (Column keys = table.key(0, 0, table.groupCount())) {
                assertThat(ColumnValues.list(keys)).isEqualTo(distinct);
            }
        }
    }

    @Test
    void a_sum_that_leaves_64_bits_is_an_error() {
        var sum =
                new NamedAggregate(
                        "total",
                        new Expression.Aggregate(
                                AggregateFunction.SUM,
                                Optional.of(new Expression.Column("x")),
                                Optional.empty()),
                        DataType.INT64);
        try (var aggregation =
                        Aggregation.ofRows(
                                List.of(), List.of(sum), List.of(DataType.INT64), account);
                Column column =
                        ColumnBuilder.column(
                                DataType.INT64, account, List.of(Long.MAX_VALUE, 1L))) {
            List<@Nullable BoolColumn> noFilter = new ArrayList<>();
            noFilter.add(null);

            assertThatThrownBy(() -> aggregation.update(List.of(), List.of(column), noFilter, 2))
                    .hasMessageContaining("the sum 'total' leaves the range of int64   (OVERFLOW)");
        }
    }

    @Test
    void a_table_that_outgrows_the_budget_is_refused_by_name() {
        var small = new MemoryPool(1 << 19);
        var owner = small.account(new Owner("q1", "GroupBy[id]", 3));
        try (var table = new GroupTable(List.of(DataType.INT64), true, owner)) {
            var keys = new ArrayList<Long>();
            for (long i = 0; i < 16_000; i++) keys.add(i * 1_000_003);
            try (Column column = ColumnBuilder.column(DataType.INT64, account, keys)) {
                assertThatThrownBy(() -> table.assign(List.of(column), 16_000, new int[16_000]))
                        .isInstanceOf(MemoryRefused.class)
                        .hasMessageContaining("GroupBy[id] of q1, partition 3 asked for");
            }
        }
        small.close();
    }

    @Test
    void sums_of_decimals_are_exact_in_128_bits() {
        BigDecimal large = new BigDecimal("49999999999999999999999999999999999.999");
        List<BigDecimal> values =
                Arrays.asList(large, large, large.negate(), BigDecimal.ZERO.setScale(3));
        var sum = new WideSumAccumulator(DataType.decimal(38, 3), 3, "s", account);
        var batch = new Batch();
        try (sum;
                Column column = ColumnBuilder.column(DataType.decimal(38, 3), account, values)) {
            sum.grow(1);
            batch.select(column, null, new int[4], 4);
            sum.update(batch);

            assertThat(new BigDecimal(sum.sum(0), 3)).isEqualTo(large);
            assertThat(sum.sum(0)).isNotEqualTo(BigInteger.ZERO);
        }
    }
}
