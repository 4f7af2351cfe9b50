package dev.quiver.io.csv;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.DictionaryValues;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.ListColumn;
import dev.quiver.columnar.StructColumn;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.io.TextOutput;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.Objects;

/// The fields of some rows of one column as text, each with the sign behind it.
///
/// A loop over one column is what the compiler makes fast; rows are then put together of what the
/// columns' loops have left.
final class CellTexts implements AutoCloseable {
    /// Rows at once: the texts of some columns stay in a core's cache.
    static final int ROWS_MAX = 256;

    private static final int BYTES_FIRST = 8 << 10;

    /// More are given back when the next rows come.
    private static final int BYTES_KEPT_MAX = 1 << 20;

    private final CsvSigns signs;
    private final byte sign;
    private final MemoryAccount account;
    private final int bytesFirst;
    private final int[] ends = new int[ROWS_MAX];
    private byte[] bytes = new byte[0];

    /// The codes of texts that need no quotes, as far as they came.
    private final IdentityHashMap<Dictionary, BitSet> plainTexts = new IdentityHashMap<>();

    /// Puts the value of a row.
    private interface Cell {
        /// @return the position behind it
        int put(byte[] to, int at, int row);
    }

    /// @param sign the delimiter or the line's end
    CellTexts(CsvSigns signs, byte sign, MemoryAccount account) {
        this.signs = signs;
        this.sign = sign;
        this.account = account;
        this.bytesFirst = BYTES_FIRST + signs.nullBytes();
        resize(bytesFirst);
    }

    private void resize(int size) {
        account.reserve(size);
        account.release(bytes.length);
        bytes = new byte[size];
    }

    /// The fields end to end.
    byte[] bytes() {
        return bytes;
    }

    /// Where each ends.
    int[] ends() {
        return ends;
    }

    /// Takes the fields of some rows in the place of those before.
    ///
    /// @param count up to [#ROWS_MAX]
    /// @return of how many; of fewer where texts are long, but of one at least
    int fill(Column column, int from, int count) {
        if (bytes.length > Math.max(BYTES_KEPT_MAX, bytesFirst)) resize(bytesFirst);
        return switch (column) {
            case BoolColumn bools ->
                    cells(column, from, count, (to, at, row) -> bool(to, at, bools.get(row)));
            case VariableColumn binary when binary.type() instanceof DataType.Binary ->
                    binaries(binary, from, count);
            case VariableColumn texts -> texts(texts, from, count);
            case DictionaryColumn coded -> texts(coded, from, count);
            case FixedColumn fixed -> {
                DataType type = fixed.type();
                if (type.equals(DataType.INT64)) yield longs(fixed, from, count);
                if (type.equals(DataType.INT32)) yield ints(fixed, from, count);
                if (type.equals(DataType.FLOAT64)) yield doubles(fixed, from, count);
                yield cells(fixed, from, count, cell(fixed));
            }
            case ListColumn _, StructColumn _ ->
                    throw new IllegalArgumentException(column.type().toString());
        };
    }

    private static int bool(byte[] to, int at, boolean value) {
        return NumberText.put(to, at, value ? "true" : "false");
    }

    private static Cell cell(FixedColumn column) {
        MemorySegment values = column.values();
        return switch (column.type()) {
            case DataType.FloatingPoint(var bits) when bits == Float.SIZE ->
                    (to, at, row) ->
                            NumberText.putFloat(to, at, values.get(Layouts.FLOAT, row * 4L));
            case DataType.Decimal(_, var scale) when column.width() == Long.BYTES ->
                    (to, at, row) ->
                            NumberText.putDecimal(
                                    to, at, values.get(Layouts.LONG, row * 8L), scale);
            case DataType.Date _ ->
                    (to, at, row) -> NumberText.putDate(to, at, values.get(Layouts.INT, row * 4L));
            case DataType.Timestamp(var unit, var zone) -> {
                boolean zoned = zone.isPresent();
                long perSecond = unit.perSecond();
                yield (to, at, row) -> {
                    long units = values.get(Layouts.LONG, row * 8L);
                    int behind = NumberText.putTimestamp(to, at, units, perSecond);
                    if (zoned) to[behind++] = 'Z';
                    return behind;
                };
            }
            case DataType.Time(var unit) -> {
                long perSecond = unit.perSecond();
                yield (to, at, row) -> {
                    long units = values.get(Layouts.LONG, row * 8L);
                    return NumberText.putTime(
                            to, at, units / perSecond, units % perSecond, perSecond);
                };
            }
            default ->
                    (to, at, row) -> {
                        Object value = Objects.requireNonNull(ColumnValues.get(column, row));
                        boolean decimal = value instanceof BigDecimal;
                        return NumberText.put(
                                to,
                                at,
                                decimal ? ((BigDecimal) value).toPlainString() : value.toString());
                    };
        };
    }

    /// Where the last field may begin that is no text.
    private int lastStart() {
        return bytes.length - Math.max(TextOutput.VALUE_BYTES_MAX, signs.nullBytes() + 1);
    }

    private int cells(Column column, int from, int count, Cell cell) {
        boolean nulls = column.nullCount() > 0;
        int last = lastStart();
        byte[] to = bytes;
        int at = 0;
        for (int i = 0; i < count; i++) {
            if (at > last) return i;
            int row = from + i;
            at = nulls && column.isNull(row) ? signs.putNull(to, at) : cell.put(to, at, row);
            to[at++] = sign;
            ends[i] = at;
        }
        return count;
    }

    private int longs(FixedColumn column, int from, int count) {
        MemorySegment values = column.values();
        boolean nulls = column.nullCount() > 0;
        int last = lastStart();
        byte[] to = bytes;
        int at = 0;
        for (int i = 0; i < count; i++) {
            if (at > last) return i;
            int row = from + i;
            at =
                    nulls && column.isNull(row)
                            ? signs.putNull(to, at)
                            : NumberText.putLong(to, at, values.get(Layouts.LONG, row * 8L));
            to[at++] = sign;
            ends[i] = at;
        }
        return count;
    }

    private int ints(FixedColumn column, int from, int count) {
        MemorySegment values = column.values();
        boolean nulls = column.nullCount() > 0;
        int last = lastStart();
        byte[] to = bytes;
        int at = 0;
        for (int i = 0; i < count; i++) {
            if (at > last) return i;
            int row = from + i;
            at =
                    nulls && column.isNull(row)
                            ? signs.putNull(to, at)
                            : NumberText.putLong(to, at, values.get(Layouts.INT, row * 4L));
            to[at++] = sign;
            ends[i] = at;
        }
        return count;
    }

    private int doubles(FixedColumn column, int from, int count) {
        MemorySegment values = column.values();
        boolean nulls = column.nullCount() > 0;
        int last = lastStart();
        byte[] to = bytes;
        int at = 0;
        for (int i = 0; i < count; i++) {
            if (at > last) return i;
            int row = from + i;
            at =
                    nulls && column.isNull(row)
                            ? signs.putNull(to, at)
                            : NumberText.putDouble(to, at, values.get(Layouts.DOUBLE, row * 8L));
            to[at++] = sign;
            ends[i] = at;
        }
        return count;
    }

    /// Whether a field of up to so many bytes fits behind `at`; the first one always does.
    private boolean fits(int at, long room) {
        long needed = at + Math.max(room, signs.nullBytes()) + 1;
        if (needed <= bytes.length) return true;
        if (at > 0) return false;
        resize(Math.toIntExact(needed));
        return true;
    }

    private int texts(VariableColumn column, int from, int count) {
        MemorySegment data = column.data();
        boolean nulls = column.nullCount() > 0;
        int at = 0;
        for (int i = 0; i < count; i++) {
            int row = from + i;
            int start = column.start(row);
            int length = column.end(row) - start;
            if (!fits(at, CsvSigns.roomFor(length))) return i;
            at =
                    nulls && column.isNull(row)
                            ? signs.putNull(bytes, at)
                            : signs.putText(bytes, at, data, start, length);
            bytes[at++] = sign;
            ends[i] = at;
        }
        return count;
    }

    private int texts(DictionaryColumn column, int from, int count) {
        DictionaryValues values = column.values();
        MemorySegment data = values.data();
        BitSet plain = plainTexts.computeIfAbsent(column.dictionary(), _ -> new BitSet());
        boolean nulls = column.nullCount() > 0;
        int at = 0;
        for (int i = 0; i < count; i++) {
            int row = from + i;
            boolean isNull = nulls && column.isNull(row);
            int code = isNull ? 0 : column.code(row);
            int start = isNull ? 0 : values.start(code);
            int length = isNull ? 0 : values.end(code) - start;
            if (!fits(at, CsvSigns.roomFor(length))) return i;
            if (isNull) {
                at = signs.putNull(bytes, at);
            } else if (plain.get(code)) {
                at = signs.putPlain(bytes, at, data, start, length);
            } else {
                if (!signs.needQuotes(data, start, length)) plain.set(code);
                at = signs.putText(bytes, at, data, start, length);
            }
            bytes[at++] = sign;
            ends[i] = at;
        }
        return count;
    }

    private int binaries(VariableColumn column, int from, int count) {
        int at = 0;
        for (int i = 0; i < count; i++) {
            int row = from + i;
            if (!fits(at, CsvSigns.roomFor(column.length(row)))) return i;
            if (column.isNull(row)) {
                at = signs.putNull(bytes, at);
            } else {
                byte[] text = Base64.getEncoder().encode(column.get(row));
                if (text.length == 0) at = signs.putEmpty(bytes, at);
                System.arraycopy(text, 0, bytes, at, text.length);
                at += text.length;
            }
            bytes[at++] = sign;
            ends[i] = at;
        }
        return count;
    }

    @Override
    public void close() {
        account.release(bytes.length);
        bytes = new byte[0];
    }
}
