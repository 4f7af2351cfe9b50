package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// What a function makes of each entry of a dictionary, computed when the entry is first seen in a
/// wanted row.
final class DictionaryMemo implements AutoCloseable {
    private static final byte UNKNOWN = 0;
    private static final byte KNOWN = 1;
    private static final byte NULL = 2;

    private final DataType type;
    private final Dictionary source;
    private byte[] states = new byte[0];

    /// By code: the value's bits, or its code in `results`.
    private long[] bits = new long[0];

    /// The distinct results, where they are text.
    private @Nullable Dictionary results;

    private boolean anyNull;

    DictionaryMemo(DataType type, Dictionary source) {
        this.type = type;
        this.source = source;
    }

    static boolean canHold(DataType type) {
        return switch (type) {
            case DataType.Binary _, DataType.ListOf _, DataType.Struct _ -> false;
            case DataType.Decimal(int precision, _) ->
                    precision <= DataType.Decimal.PRECISION_64_MAX;
            default -> true;
        };
    }

    boolean isOf(DictionaryColumn column) {
        return column.dictionary() == source;
    }

    /// The function of every wanted row.
    ///
    /// @param valueOfRow the function, asked for one row of each entry that is new
    /// @return the caller's column
    Column apply(
            DictionaryColumn column,
            Input in,
            Mask mask,
            IntFunction<@Nullable Object> valueOfRow) {
        int size = column.values().size();
        if (states.length < size) {
            int room = Math.max(size, states.length * 2);
            states = Arrays.copyOf(states, room);
            bits = Arrays.copyOf(bits, room);
        }
        boolean text = DataType.isText(type);
        if (text && results == null) results = new Dictionary(in.account());
        learn(column, in, mask, valueOfRow);
        Buffer validity = validity(column, in);
        try {
            if (text && results != null) {
                Buffer codes = in.account().allocate(in.rows() * 4L);
                scatter(column.codes(), 4, codes.segment(), in.rows());
                return new DictionaryColumn(
                        type, in.rows(), codes, results, results.pin(), validity);
            }
            if (type instanceof DataType.Bool) {
                Buffer values = in.account().allocate(Validity.bytes(in.rows()));
                scatterBits(column.codes(), values.segment(), in.rows());
                return new BoolColumn(in.rows(), values, validity);
            }
            int width = FixedColumn.width(type);
            Buffer values = in.account().allocate((long) in.rows() * width);
            scatter(column.codes(), width, values.segment(), in.rows());
            return new FixedColumn(type, in.rows(), values, validity);
        } catch (RuntimeException | Error e) {
            if (validity != null) validity.close();
            throw e;
        }
    }

    private void learn(
            DictionaryColumn column,
            Input in,
            Mask mask,
            IntFunction<@Nullable Object> valueOfRow) {
        for (int row = 0; row < in.rows(); row++) {
            int code = column.code(row);
            if (code >= states.length || states[code] != UNKNOWN) continue;
            if (!mask.get(row) || column.isNull(row)) continue;
            Object value = valueOfRow.apply(row);
            if (value == null) {
                states[code] = NULL;
                anyNull = true;
            } else {
                bits[code] =
                        switch (value) {
                            case Boolean truth -> truth ? 1 : 0;
                            case String text when results != null -> results.add(text);
                            default -> Physical.bits(type, value);
                        };
                states[code] = KNOWN;
            }
        }
    }

    private @Nullable Buffer validity(DictionaryColumn column, Input in) {
        Buffer valid = column.validity();
        if (!anyNull) return valid == null ? null : valid.retain();
        Buffer both = in.account().allocate(Validity.bytes(in.rows()));
        for (int base = 0; base < in.rows(); base += 64) {
            long word = valid == null ? -1L : Validity.word(valid.segment(), base >> 6, in.rows());
            int count = Math.min(64, in.rows() - base);
            for (int i = 0; i < count; i++) {
                int code = column.code(base + i);
                if (code < states.length && states[code] == NULL) word &= ~(1L << i);
            }
            both.segment().set(Layouts.LONG, base >> 3, word);
        }
        return both;
    }

    private void scatter(MemorySegment codes, int width, MemorySegment to, int rows) {
        long[] values = bits;
        if (values.length == 0) {
            to.fill((byte) 0);
            return;
        }
        switch (width) {
            case 1 -> {
                for (int i = 0; i < rows; i++)
                    to.set(Layouts.BYTE, i, (byte) values[codes.get(Layouts.INT, (long) i << 2)]);
            }
            case 2 -> {
                for (int i = 0; i < rows; i++)
                    to.set(
                            Layouts.SHORT,
                            (long) i << 1,
                            (short) values[codes.get(Layouts.INT, (long) i << 2)]);
            }
            case 4 -> {
                for (int i = 0; i < rows; i++)
                    to.set(
                            Layouts.INT,
                            (long) i << 2,
                            (int) values[codes.get(Layouts.INT, (long) i << 2)]);
            }
            default -> {
                for (int i = 0; i < rows; i++)
                    to.set(
                            Layouts.LONG,
                            (long) i << 3,
                            values[codes.get(Layouts.INT, (long) i << 2)]);
            }
        }
    }

    private void scatterBits(MemorySegment codes, MemorySegment to, int rows) {
        long[] values = bits;
        if (values.length == 0) {
            to.fill((byte) 0);
            return;
        }
        for (int base = 0; base < rows; base += 64) {
            long word = 0;
            int count = Math.min(64, rows - base);
            for (int i = 0; i < count; i++)
                word |= values[codes.get(Layouts.INT, (long) (base + i) << 2)] << i;
            to.set(Layouts.LONG, base >> 3, word);
        }
    }

    @Override
    public void close() {
        if (results != null) results.close();
        results = null;
    }
}
