package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.FixedValues;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One value in every row of a column.
final class Constants {
    private Constants() {}

    /// A column of these values, of any type; categories get a dictionary of the column's own. The
    /// caller owns the column.
    static Column column(
            List<? extends @Nullable Object> values, DataType type, MemoryAccount account) {
        if (!(type instanceof DataType.Categorical) && !(type instanceof DataType.Enumeration))
            return ColumnBuilder.column(type, account, values);
        // The column pins the dictionary's values and so outlives it.
        try (var dictionary = new Dictionary(account)) {
            return ColumnBuilder.encodedColumn(type, account, dictionary, values);
        }
    }

    /// The caller owns the column.
    static Column column(@Nullable Object value, DataType type, Input in) {
        Buffer validity = value == null ? NullBits.none(in) : null;
        try {
            return column(value, type, in, validity);
        } catch (RuntimeException | Error e) {
            ArithmeticKernels.close(validity);
            throw e;
        }
    }

    private static Column column(
            @Nullable Object value, DataType type, Input in, @Nullable Buffer validity) {
        int rows = in.rows();
        return switch (type) {
            case DataType.Bool _ -> {
                Buffer bits = in.account().allocate(Validity.bytes(rows));
                bits.segment().fill((byte) (Boolean.TRUE.equals(value) ? -1 : 0));
                yield new BoolColumn(rows, bits, validity);
            }
            case DataType.Utf8 _, DataType.Categorical _, DataType.Enumeration _ ->
                    text(value, type, in, validity);
            case DataType.Binary _, DataType.ListOf _, DataType.Struct _ -> {
                Column column = column(Collections.nCopies(rows, value), type, in.account());
                ArithmeticKernels.close(validity);
                yield column;
            }
            case DataType.Int _,
                    DataType.FloatingPoint _,
                    DataType.Decimal _,
                    DataType.Date _,
                    DataType.Timestamp _,
                    DataType.Time _,
                    DataType.Duration _ ->
                    fixed(value, type, in, validity);
        };
    }

    private static Column fixed(
            @Nullable Object value, DataType type, Input in, @Nullable Buffer validity) {
        int width = FixedColumn.width(type);
        Buffer values = in.account().allocateZeroed((long) in.rows() * width);
        if (value != null && in.rows() > 0) {
            if (width == 16) wide(value, type, values.segment(), in.rows());
            else fill(Physical.bits(type, value), width, values.segment(), in.rows());
        }
        return new FixedColumn(type, in.rows(), values, validity);
    }

    private static void wide(Object value, DataType type, MemorySegment to, int rows) {
        FixedValues.set(type, to, 0, value);
        for (int row = 1; row < rows; row++) MemorySegment.copy(to, 0, to, row * 16L, 16);
    }

    static void fill(long bits, int width, MemorySegment to, int rows) {
        switch (width) {
            case 1 -> {
                for (int i = 0; i < rows; i++) to.set(Layouts.BYTE, i, (byte) bits);
            }
            case 2 -> {
                for (int i = 0; i < rows; i++) to.set(Layouts.SHORT, (long) i << 1, (short) bits);
            }
            case 4 -> {
                for (int i = 0; i < rows; i++) to.set(Layouts.INT, (long) i << 2, (int) bits);
            }
            default -> {
                for (int i = 0; i < rows; i++) to.set(Layouts.LONG, (long) i << 3, bits);
            }
        }
    }

    private static Column text(
            @Nullable Object value, DataType type, Input in, @Nullable Buffer validity) {
        try (var dictionary = new Dictionary(in.account())) {
            dictionary.add(value == null ? "" : (String) value);
            Buffer codes = in.account().allocateZeroed(in.rows() * 4L);
            return new DictionaryColumn(
                    type, in.rows(), codes, dictionary, dictionary.pin(), validity);
        }
    }
}
