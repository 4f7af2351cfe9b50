package dev.quiver.io.csv;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.io.csv.kernel.BoolKernel;
import dev.quiver.io.csv.kernel.Fields;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Truth values. As in all columns but text, quotes mean nothing.
final class BoolParser implements ColumnParser {
    private final Field field;
    private final Context context;
    private final boolean nullIsValue;
    private @Nullable Buffer values;
    private @Nullable Buffer validity;

    BoolParser(Field field, Context context) {
        this.field = field;
        this.context = context;
        this.nullIsValue = context.nulls().anyIs(DataType.BOOL);
    }

    @Override
    public void begin(int capacity) {
        values = context.account().allocateZeroed(Validity.bytes(capacity));
        validity = ColumnParser.allValid(context.account(), capacity);
    }

    @Override
    public void parse(Fields fields) {
        MemorySegment to = buffer(values).segment();
        MemorySegment bits = buffer(validity).segment();
        int row = 0;
        while (true) {
            row = BoolKernel.bits(fields, row, to, bits);
            if (row == fields.rows()) break;
            general(fields, row, to, bits);
            row++;
        }
        if (!nullIsValue) return;
        for (int i = 0; i < fields.rows(); i++) {
            if (context.nulls().match(fields, i)) Validity.set(bits, fields.firstRow() + i, false);
        }
    }

    private void general(Fields fields, int row, MemorySegment to, MemorySegment bits) {
        int chunkRow = fields.firstRow() + row;
        int quoteBytes = fields.isQuoted(row) ? 1 : 0;
        int start = fields.start(row) + quoteBytes;
        int end = fields.end(row) - quoteBytes;
        if (context.nulls().match(fields.data(), start, end)) {
            Validity.set(bits, chunkRow, false);
            return;
        }
        String text = CsvTrouble.text(fields.data(), start, end);
        Object value = FieldText.value(DataType.BOOL, text);
        if (value == null) {
            if (!context.diversion().diverts())
                throw context.trouble().badValue(context.window().position(start), field, text);
            context.diversion().badValue(chunkRow, field.name());
            return;
        }
        Validity.set(to, chunkRow, (Boolean) value);
    }

    @Override
    public Column finish(int rows) {
        Buffer whole = buffer(values);
        Buffer bits = buffer(validity);
        values = null;
        validity = null;
        Buffer fitted = ColumnParser.fitted(context.account(), whole, Validity.bytes(rows));
        return new BoolColumn(
                rows, fitted, ColumnParser.validityOrNone(context.account(), bits, rows));
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
