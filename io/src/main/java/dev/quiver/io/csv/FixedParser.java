package dev.quiver.io.csv;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.FixedValues;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.io.csv.kernel.Fields;
import dev.quiver.io.csv.kernel.FloatKernel;
import dev.quiver.io.csv.kernel.IntegerKernel;
import dev.quiver.io.csv.kernel.TemporalKernel;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Numbers, dates and times. In their columns quotes mean nothing: `"12"` is 12, and `""` is null
/// as the empty field is.
final class FixedParser implements ColumnParser {
    /// Which loop reads the column; GENERAL is none: every field goes the general way.
    private enum Kind {
        LONGS,
        INTS,
        DOUBLES,
        DECIMALS,
        DATES,
        TIMESTAMPS,
        GENERAL
    }

    private final Field field;
    private final DataType type;
    private final Kind kind;
    private final int width;
    private final Context context;
    private final boolean commas;
    private final boolean nullIsValue;
    private @Nullable Buffer values;
    private @Nullable Buffer validity;

    FixedParser(Field field, Context context) {
        this.field = field;
        this.type = field.type();
        this.kind = kind(type);
        this.width = FixedColumn.width(type);
        this.context = context;
        this.commas = context.text().decimalComma() && DecimalComma.isIn(type);
        this.nullIsValue = context.nulls().anyIs(type) || commas && !context.nulls().isEmpty();
    }

    private static Kind kind(DataType type) {
        if (type.equals(DataType.INT64)) return Kind.LONGS;
        if (type.equals(DataType.INT32)) return Kind.INTS;
        if (type.equals(DataType.FLOAT64)) return Kind.DOUBLES;
        if (type instanceof DataType.Date) return Kind.DATES;
        if (type instanceof DataType.Timestamp) return Kind.TIMESTAMPS;
        boolean narrow =
                type instanceof DataType.Decimal(var precision, _)
                        && precision <= DataType.Decimal.PRECISION_64_MAX;
        return narrow ? Kind.DECIMALS : Kind.GENERAL;
    }

    @Override
    public void begin(int capacity) {
        values = context.account().allocate((long) capacity * width);
        validity = ColumnParser.allValid(context.account(), capacity);
    }

    @Override
    public void parse(Fields fields) {
        MemorySegment to = buffer(values).segment();
        MemorySegment bits = buffer(validity).segment();
        if (commas) DecimalComma.swap(fields);
        int row = 0;
        while (true) {
            row = kernel(fields, row, to, bits);
            if (row == fields.rows()) break;
            general(fields, row, to, bits);
            row++;
        }
        if (commas) DecimalComma.swap(fields);
        if (nullIsValue) clearNulls(fields, to, bits);
    }

    private void clearNulls(Fields fields, MemorySegment to, MemorySegment bits) {
        for (int row = 0; row < fields.rows(); row++) {
            if (context.nulls().match(fields, row)) setNull(fields.firstRow() + row, to, bits);
        }
    }

    private void setNull(int chunkRow, MemorySegment to, MemorySegment bits) {
        Validity.set(bits, chunkRow, false);
        to.asSlice((long) chunkRow * width, width).fill((byte) 0);
    }

    private int kernel(Fields fields, int from, MemorySegment to, MemorySegment bits) {
        return switch (kind) {
            case LONGS -> IntegerKernel.longs(fields, from, to, bits);
            case INTS -> IntegerKernel.ints(fields, from, to, bits);
            case DOUBLES -> FloatKernel.doubles(fields, from, to, bits);
            case DATES -> TemporalKernel.dates(fields, from, to, bits);
            case DECIMALS -> {
                var decimal = (DataType.Decimal) type;
                yield IntegerKernel.decimals(
                        fields, from, decimal.precision(), decimal.scale(), to, bits);
            }
            case TIMESTAMPS -> {
                var timestamp = (DataType.Timestamp) type;
                yield TemporalKernel.timestamps(
                        fields,
                        from,
                        timestamp.unit().perSecond(),
                        timestamp.zone().isPresent(),
                        to,
                        bits);
            }
            case GENERAL -> from;
        };
    }

    private void general(Fields fields, int row, MemorySegment to, MemorySegment bits) {
        int chunkRow = fields.firstRow() + row;
        int start = fields.start(row);
        int end = fields.end(row);
        if (fields.isQuoted(row)) {
            start++;
            end--;
        }
        String text = CsvTrouble.text(fields.data(), start, end);
        if (commas) text = DecimalComma.swapped(text);
        if (text.isEmpty() || context.nulls().match(text)) {
            setNull(chunkRow, to, bits);
            return;
        }
        Object value = FieldText.value(type, commas ? DecimalComma.swapped(text) : text);
        if (value == null) {
            bad(chunkRow, start, text);
            return;
        }
        try {
            FixedValues.set(type, to, chunkRow, value);
        } catch (ArithmeticException e) {
            bad(chunkRow, start, text);
        }
    }

    /// The row goes another way, or all ends here.
    private void bad(int chunkRow, int start, String text) {
        if (!context.diversion().diverts())
            throw context.trouble().badValue(context.window().position(start), field, text);
        context.diversion().badValue(chunkRow, field.name());
    }

    @Override
    public Column finish(int rows) {
        Buffer whole = buffer(values);
        Buffer bits = buffer(validity);
        values = null;
        validity = null;
        Buffer fitted = ColumnParser.fitted(context.account(), whole, (long) rows * width);
        return new FixedColumn(
                type, rows, fitted, ColumnParser.validityOrNone(context.account(), bits, rows));
    }

    private static Buffer buffer(@Nullable Buffer buffer) {
        if (buffer == null) throw new IllegalStateException("no column was begun");
        return buffer;
    }

    @Override
    public void close() {
        if (values != null) values.close();
        if (validity != null) validity.close();
        values = null;
        validity = null;
    }
}
