package dev.quiver.columnar.kernel;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Checkpoint;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.expression.AggregateFunction;
import dev.quiver.operator.NamedAggregate;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Groups rows and aggregates them, chunk by chunk: first the number of each row's group, then one
/// loop an aggregate over values and numbers. Groups come out in the order of first appearance.
///
/// Source: Lamb et al., "Aggregating Millions of Groups Fast", 2023.
///
/// For one thread. All memory is the account's; what doesn't fit is refused in its owner's name,
/// after which the aggregation can only be closed.
public final class Aggregation implements AutoCloseable {
    private final MemoryAccount account;
    private final List<DataType> keyTypes;
    private final List<NamedAggregate> aggregates;
    private final GroupTable table;
    private final List<Accumulator> accumulators = new ArrayList<>();
    private final Batch batch = new Batch();
    private int[] groups = new int[0];

    private Aggregation(
            List<DataType> keyTypes, List<NamedAggregate> aggregates, MemoryAccount account) {
        this.account = account;
        this.keyTypes = List.copyOf(keyTypes);
        this.aggregates = List.copyOf(aggregates);
        this.table = new GroupTable(keyTypes, true, account);
    }

    /// An aggregation of rows.
    ///
    /// @param inputTypes one an aggregate; null where it counts rows
    public static Aggregation ofRows(
            List<DataType> keyTypes,
            List<NamedAggregate> aggregates,
            List<@Nullable DataType> inputTypes,
            MemoryAccount account) {
        var aggregation = new Aggregation(keyTypes, aggregates, account);
        return aggregation.withAccumulators(
                i -> rowAccumulator(aggregates.get(i), inputTypes.get(i), account));
    }

    /// An aggregation of the chunks that [#states] made.
    ///
    /// @param partial the schema of those chunks
    public static Aggregation ofStates(
            int keyCount, List<NamedAggregate> aggregates, Schema partial, MemoryAccount account) {
        var types = partial.fields().stream().map(Field::type).toList();
        var aggregation = new Aggregation(types.subList(0, keyCount), aggregates, account);
        int[] at = {keyCount};
        return aggregation.withAccumulators(i -> {
            NamedAggregate aggregate = aggregates.get(i);
            DataType first = types.get(at[0]);
            at[0] += stateCount(aggregate.aggregate().function());
            return stateAccumulator(aggregate, first, account);
        });
    }

    private interface Factory {
        Accumulator make(int aggregate);
    }

    private Aggregation withAccumulators(Factory factory) {
        try {
            for (int i = 0; i < aggregates.size(); i++) accumulators.add(factory.make(i));
            return this;
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private static int stateCount(AggregateFunction function) {
        return switch (function) {
            case MEAN -> 2;
            case VARIANCE, STANDARD_DEVIATION -> 3;
            case COUNT, SUM, MIN, MAX, COUNT_DISTINCT, FIRST, LAST -> 1;
        };
    }

    private static Accumulator rowAccumulator(
            NamedAggregate aggregate, @Nullable DataType input, MemoryAccount account) {
        if (input == null) return new CountAccumulator(account);
        if (aggregate.aggregate().function() == AggregateFunction.COUNT_DISTINCT)
            return new DistinctAccumulator(input, account);
        return stateAccumulator(
                aggregate,
                aggregate.aggregate().function() == AggregateFunction.MEAN
                        ? meanState(input)
                        : input,
                account);
    }

    private static DataType meanState(DataType input) {
        if (input instanceof DataType.Decimal(_, var scale))
            return DataType.decimal(DataType.Decimal.PRECISION_MAX, scale);
        return Longs.isFloat(input)
                ? DataType.FLOAT64
                : DataType.decimal(DataType.Decimal.PRECISION_MAX, 0);
    }

    /// @param state the type of the first state, or of the input where that is the same
    private static Accumulator stateAccumulator(
            NamedAggregate aggregate, DataType state, MemoryAccount account) {
        DataType type = aggregate.type();
        AggregateFunction function = aggregate.aggregate().function();
        return switch (function) {
            case COUNT -> new CountAccumulator(account);
            case SUM -> sum(type, state, aggregate.name(), account);
            case MEAN -> {
                Accumulator sum =
                        state instanceof DataType.Decimal(_, var scale)
                                ? new WideSumAccumulator(state, scale, aggregate.name(), account)
                                : new SumAccumulator(DataType.FLOAT64, aggregate.name(), account);
                yield new MeanAccumulator(type, sum, account);
            }
            case VARIANCE, STANDARD_DEVIATION -> new VarianceAccumulator(function, account);
            case MIN, MAX ->
                    Longs.fits(state)
                            ? new ExtremeAccumulator(
                                    state, function == AggregateFunction.MAX, account)
                            : new TextExtremeAccumulator(
                                    state, function == AggregateFunction.MAX, account);
            case FIRST, LAST ->
                    new EdgeAccumulator(state, function == AggregateFunction.LAST, account);
            case COUNT_DISTINCT -> throw new IllegalStateException("distinct values in two phases");
        };
    }

    private static Accumulator sum(
            DataType type, DataType state, String name, MemoryAccount account) {
        if (state instanceof DataType.Decimal(_, var scale))
            return new WideSumAccumulator(type, scale, name, account);
        if (state.equals(DataType.UINT64)) return new WideSumAccumulator(type, 0, name, account);
        return new SumAccumulator(type, name, account);
    }

    public int groupCount() {
        return table.groupCount();
    }

    /// Takes in a chunk's rows. The columns stay the caller's.
    ///
    /// @param inputs one an aggregate; null where it counts rows
    /// @param filters one an aggregate; null where it takes every row
    public void update(
            List<Column> keys,
            List<@Nullable Column> inputs,
            List<@Nullable BoolColumn> filters,
            int rows) {
        assign(keys, rows);
        for (int i = 0; i < accumulators.size(); i++) {
            Accumulator accumulator = accumulators.get(i);
            accumulator.grow(table.groupCount());
            batch.select(inputs.get(i), filters.get(i), groups, rows);
            accumulator.update(batch);
        }
    }

    private void assign(List<Column> keys, int rows) {
        if (groups.length < rows) groups = new int[rows];
        table.assign(keys, rows, groups);
    }

    /// Takes in a chunk that [#states] made, which stays the caller's.
    public void merge(Chunk partial) {
        assign(partial.columns().subList(0, keyTypes.size()), partial.rows());
        int at = keyTypes.size();
        for (int i = 0; i < accumulators.size(); i++) {
            int width = stateCount(aggregates.get(i).aggregate().function());
            accumulators.get(i).grow(table.groupCount());
            accumulators
                    .get(i)
                    .merge(partial.columns().subList(at, at + width), groups, partial.rows());
            at += width;
        }
    }

    /// The schema of the chunks that [#states] makes.
    public Schema stateSchema() {
        var fields = new ArrayList<Field>();
        for (int k = 0; k < keyTypes.size(); k++) fields.add(Field.of("key" + k, keyTypes.get(k)));
        for (int i = 0; i < accumulators.size(); i++) {
            List<DataType> types = accumulators.get(i).stateTypes();
            for (int s = 0; s < types.size(); s++)
                fields.add(Field.of("state" + i + "_" + s, types.get(s)));
        }
        return new Schema(fields);
    }

    /// The groups' keys and states, cut in buckets by the hash of the keys. The caller owns the
    /// chunks.
    public List<List<Chunk>> states(int buckets) {
        return slices(stateSchema(), true, buckets);
    }

    /// The groups' keys and results, cut in buckets by the hash of the keys. The caller owns the
    /// chunks. Without keys there is one row, even of no rows.
    ///
    /// @param schema keys, then aggregates
    public List<List<Chunk>> results(Schema schema, int buckets) {
        return slices(schema, false, buckets);
    }

    private List<List<Chunk>> slices(Schema schema, boolean states, int buckets) {
        int count = table.groupCount();
        if (count == 0 && keyTypes.isEmpty() && !states)
            return List.of(List.of(ofNothing(schema, aggregates, account)));
        for (Accumulator accumulator : accumulators) accumulator.grow(count);
        var slices = new ArrayList<List<Chunk>>();
        for (int b = 0; b < buckets; b++) slices.add(new ArrayList<>());
        try {
            if (buckets > 1) {
                spread(schema, states, slices, count);
            } else {
                for (int from = 0; from < count; from += Chunk.ROWS) {
                    int rows = Math.min(Chunk.ROWS, count - from);
                    slices.getFirst().add(range(schema, states, from, rows));
                }
            }
            return slices;
        } catch (RuntimeException | Error e) {
            for (var slice : slices) slice.forEach(Chunk::close);
            throw e;
        }
    }

    private Chunk range(Schema schema, boolean states, int from, int rows) {
        var columns = new ArrayList<Column>();
        try {
            for (int k = 0; k < keyTypes.size(); k++) columns.add(table.key(k, from, rows));
            for (Accumulator accumulator : accumulators) {
                if (states) columns.addAll(accumulator.states(from, rows));
                else columns.add(accumulator.result(from, rows));
            }
            return new Chunk(schema, columns, rows);
        } catch (RuntimeException | Error e) {
            columns.forEach(Column::close);
            throw e;
        }
    }

    private void spread(Schema schema, boolean states, List<List<Chunk>> slices, int count) {
        if (count == 0) return;
        try (Chunk all = range(schema, states, 0, count);
                Buffer numbers = account.allocate(count * 4L)) {
            for (int group = 0; group < count; group++) {
                if (group % Checkpoint.ROWS == 0) account.checkpoint();
                int bucket = RowHash.bucket(table.hash(group), slices.size());
                numbers.segment().set(Layouts.INT, group * 4L, bucket);
            }
            Scatter.rows(all, numbers.segment(), slices, account);
        }
    }

    /// The one row of an aggregation without keys over no rows at all. The caller owns it.
    public static Chunk ofNothing(
            Schema schema, List<NamedAggregate> aggregates, MemoryAccount account) {
        var columns = new ArrayList<Column>();
        for (NamedAggregate aggregate : aggregates) {
            AggregateFunction function = aggregate.aggregate().function();
            boolean counts =
                    function == AggregateFunction.COUNT
                            || function == AggregateFunction.COUNT_DISTINCT;
            if (!counts) {
                columns.add(Nulls.column(aggregate.type(), 1, account));
                continue;
            }
            try (var zero = new Cells(0, account)) {
                zero.grow(1);
                columns.add(Longs.column(aggregate.type(), zero.segment(), 0, 1, null, account));
            }
        }
        return new Chunk(schema, columns, 1);
    }

    @Override
    public void close() {
        table.close();
        accumulators.forEach(Accumulator::close);
        accumulators.clear();
    }
}
