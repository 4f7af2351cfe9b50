package dev.quiver.worker.exec;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.ColumnArrays;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.kernel.Take;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.dataframe.Batch;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TypeMismatch;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A batch over columns that a chunk or the call's scope owns.
public final class ColumnBatch implements Batch {
    private final Schema schema;
    private final List<Column> columns;
    private final int rows;
    private final BatchScope scope;

    /// @param columns one a field, owned by others for as long as the scope is open
    public ColumnBatch(Schema schema, List<Column> columns, int rows, BatchScope scope) {
        this.schema = schema;
        this.columns = List.copyOf(columns);
        this.rows = rows;
        this.scope = scope;
    }

    /// The call that this batch belongs to.
    public BatchScope scope() {
        scope.requireOpen();
        return scope;
    }

    boolean isOf(BatchScope other) {
        return scope == other;
    }

    /// A column, still owned by the chunk or the scope.
    public Column column(String name) {
        scope.requireOpen();
        return columns.get(schema.indexOf(name, "the batch"));
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public int rowCount() {
        return rows;
    }

    @Override
    public long[] longs(String name) {
        return whole(withoutNulls(name), name);
    }

    @Override
    public long[] longs(String name, long whereNull) {
        Column column = column(name);
        long[] values = whole(column, name);
        if (column.nullCount() > 0)
            for (int i = 0; i < rows; i++) if (column.isNull(i)) values[i] = whereNull;
        return values;
    }

    private static long[] whole(Column column, String name) {
        if (!(column instanceof FixedColumn fixed && ColumnArrays.isWhole(column.type())))
            throw refused(column, name, "longs");
        try {
            return ColumnArrays.longs(fixed);
        } catch (ArithmeticException e) {
            throw new QuiverException(
                    ErrorCode.OVERFLOW,
                    "column '%s': %s".formatted(name, e.getMessage()),
                    List.of(),
                    "use values(\"%s\")".formatted(name),
                    e);
        }
    }

    @Override
    public double[] doubles(String name) {
        return numbers(withoutNulls(name), name);
    }

    @Override
    public double[] doubles(String name, double whereNull) {
        Column column = column(name);
        double[] values = numbers(column, name);
        if (column.nullCount() > 0)
            for (int i = 0; i < rows; i++) if (column.isNull(i)) values[i] = whereNull;
        return values;
    }

    private static double[] numbers(Column column, String name) {
        if (column instanceof FixedColumn fixed && DataType.isNumeric(column.type()))
            return ColumnArrays.doubles(fixed);
        throw refused(column, name, "doubles");
    }

    @Override
    public boolean[] booleans(String name) {
        if (!(withoutNulls(name) instanceof BoolColumn bits))
            throw refused(column(name), name, "booleans");
        var values = new boolean[rows];
        for (int i = 0; i < rows; i++) values[i] = bits.get(i);
        return values;
    }

    private static TypeMismatch refused(Column column, String name, String verb) {
        DataType type = column.type();
        String fitting =
                DataType.isText(type)
                        ? "strings"
                        : type instanceof DataType.Bool
                                ? "booleans"
                                : ColumnArrays.isWhole(type)
                                        ? "longs"
                                        : DataType.isNumeric(type) ? "doubles" : "values";
        return new TypeMismatch(
                "%s(\"%s\"): the column is %s".formatted(verb, name, type),
                List.of(),
                "use %s(\"%s\")".formatted(fitting, name));
    }

    private Column withoutNulls(String name) {
        Column column = column(name);
        if (column.nullCount() == 0) return column;
        throw new QuiverException(
                ErrorCode.BAD_VALUE,
                "column '%s' is null in %,d of %,d rows".formatted(name, column.nullCount(), rows),
                List.of(),
                "say what to take instead, as in doubles(\"%s\", Double.NaN), or use values(\"%s\")"
                        .formatted(name, name));
    }

    @Override
    public List<@Nullable String> strings(String name) {
        Column column = column(name);
        if (!DataType.isText(column.type())) throw refused(column, name, "strings");
        var texts = new ArrayList<@Nullable String>(rows);
        for (int i = 0; i < rows; i++) texts.add((String) ColumnValues.get(column, i));
        return texts;
    }

    @Override
    public List<@Nullable Object> values(String name) {
        return ColumnValues.list(column(name));
    }

    @Override
    public boolean[] nulls(String name) {
        return ColumnArrays.nulls(column(name));
    }

    @Override
    public Batch with(String name, long[] values) {
        DataType type = scope().promised(name);
        if (!ColumnArrays.isWhole(type)) throw notMade(name, type, "whole numbers");
        return with(
                name,
                type,
                values.length,
                () -> ColumnArrays.column(type, values, scope.account()));
    }

    @Override
    public Batch with(String name, double[] values) {
        if (!(scope().promised(name) instanceof DataType.FloatingPoint type))
            throw notMade(name, scope.promised(name), "floating-point numbers");
        return with(
                name,
                type,
                values.length,
                () -> ColumnArrays.column(type, values, scope.account()));
    }

    @Override
    public Batch with(String name, boolean[] values) {
        DataType type = scope().promised(name);
        if (!(type instanceof DataType.Bool)) throw notMade(name, type, "truth values");
        return with(name, type, values.length, () -> ColumnArrays.column(values, scope.account()));
    }

    @Override
    public Batch with(String name, List<? extends @Nullable Object> values) {
        DataType type = scope().promised(name);
        for (int i = 0; i < values.size(); i++) {
            Object value = values.get(i);
            if (value != null && !BatchValues.isOf(type, value))
                throw new TypeMismatch(
                        "row %d of column '%s' is %s (%s), which is no %s"
                                .formatted(i, name, value, value.getClass().getSimpleName(), type),
                        List.of(),
                        "values of %s are %s".formatted(type, BatchValues.described(type)));
        }
        return with(name, type, values.size(), () -> scope.builder(type).appendAll(values).build());
    }

    private static TypeMismatch notMade(String name, DataType type, String given) {
        return new TypeMismatch(
                "column '%s' is to be %s, not %s".formatted(name, type, given),
                List.of(),
                "give %s, or another type to mapBatches".formatted(BatchValues.described(type)));
    }

    private Batch with(String name, DataType type, int count, Supplier<Column> maker) {
        if (count != rows)
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "%,d values for column '%s' of a batch of %,d rows"
                            .formatted(count, name, rows),
                    List.of(),
                    "give a value for each row, or begin with batch.ofRows(%d)".formatted(count));
        Column made = scope.own(made(name, maker));
        var others = new ArrayList<Column>(columns);
        if (schema.has(name)) {
            int index = schema.indexOf(name, "the batch");
            var fields = new ArrayList<Field>(schema.fields());
            fields.set(index, Field.of(name, type));
            others.set(index, made);
            return new ColumnBatch(new Schema(fields), others, rows, scope);
        }
        others.add(made);
        return new ColumnBatch(schema.with(Field.of(name, type)), others, rows, scope);
    }

    private static Column made(String name, Supplier<Column> maker) {
        try {
            return maker.get();
        } catch (ArithmeticException | ClassCastException e) {
            throw new QuiverException(
                    ErrorCode.BAD_VALUE,
                    "column '%s': %s".formatted(name, e.getMessage()),
                    List.of(),
                    "give values that fit the type which mapBatches was told",
                    e);
        }
    }

    @Override
    public Batch filter(boolean[] keep) {
        if (keep.length != rows)
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "filter by %,d values in a batch of %,d rows".formatted(keep.length, rows),
                    List.of(),
                    "give a value for each row");
        BatchScope open = scope();
        var kept = new ArrayList<Column>();
        int count = 0;
        try (Buffer indices = open.account().allocate(Math.max(1, rows) * 4L)) {
            for (int i = 0; i < rows; i++)
                if (keep[i]) indices.segment().set(Layouts.INT, count++ * 4L, i);
            for (Column column : columns)
                kept.add(
                        open.own(
                                Take.column(
                                        column,
                                        indices.segment(),
                                        0,
                                        count,
                                        false,
                                        open.account())));
        }
        return new ColumnBatch(schema, kept, count, open);
    }

    @Override
    public Batch ofRows(int count) {
        if (count < 0)
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "a batch of %d rows".formatted(count),
                    List.of(),
                    "give 0 or more");
        return new ColumnBatch(Schema.of(), List.of(), count, scope());
    }
}
