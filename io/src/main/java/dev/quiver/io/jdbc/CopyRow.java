package dev.quiver.io.jdbc;

import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.io.DictionaryEncoder;
import dev.quiver.io.rows.BoolAppender;
import dev.quiver.io.rows.ColumnAppender;
import dev.quiver.io.rows.FixedAppender;
import dev.quiver.io.rows.TextAppender;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.nio.ByteOrder;
import java.util.List;

/// A row in PostgreSQL's binary format on its way into a chunk: the count of fields in 16 bits,
/// then each field's length in 32 bits (-1 for null) and its bytes, big-endian.
final class CopyRow implements AutoCloseable {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /// Days and microseconds from 1970 to 2000, where PostgreSQL counts from.
    static final int EPOCH_DAYS = 10_957;

    static final long EPOCH_MICROS = EPOCH_DAYS * 86_400_000_000L;

    private enum Kind {
        BOOL,
        INTEGER,
        FLOAT,
        NUMERIC,
        DATE,
        TIMESTAMP,
        TIME,
        BYTES
    }

    private final ColumnAppender[] columns;
    private final Kind[] kinds;
    private final String label;
    private final MemoryAccount account;
    private Buffer scratch;

    /// @param types PostgreSQL's names of the columns' types
    CopyRow(List<ColumnAppender> columns, List<String> types, String label, MemoryAccount account) {
        this.columns = columns.toArray(ColumnAppender[]::new);
        this.kinds = types.stream().map(CopyRow::kind).toArray(Kind[]::new);
        this.label = label;
        this.account = account;
        this.scratch = account.allocate(4096);
    }

    private static Kind kind(String type) {
        return switch (type) {
            case "bool" -> Kind.BOOL;
            case "int2", "int4", "int8", "oid" -> Kind.INTEGER;
            case "float4", "float8" -> Kind.FLOAT;
            case "numeric" -> Kind.NUMERIC;
            case "date" -> Kind.DATE;
            case "timestamp", "timestamptz" -> Kind.TIMESTAMP;
            case "time" -> Kind.TIME;
            default -> Kind.BYTES;
        };
    }

    /// Takes a row in, but for its end; false for the mark behind the last row.
    boolean take(byte[] message, int from) {
        int length = message.length - from;
        scratch = account.grow(scratch, 0, length + (long) DictionaryEncoder.PADDING_BYTES);
        MemorySegment row = scratch.segment();
        MemorySegment.copy(message, from, row, Layouts.BYTE, 0, length);
        int fields = row.get(SHORT, 0);
        if (fields < 0) return false;
        long at = 2;
        for (int i = 0; i < fields; i++) {
            int size = row.get(INT, at);
            at += 4;
            // A query that needs no column still gives one.
            if (i >= columns.length) continue;
            if (size < 0) {
                columns[i].appendNull();
                continue;
            }
            field(i, row, at, size);
            at += size;
        }
        return true;
    }

    private void field(int i, MemorySegment row, long at, int size) {
        switch (kinds[i]) {
            case BOOL -> ((BoolAppender) columns[i]).append(row.get(Layouts.BYTE, at) != 0);
            case INTEGER -> number((FixedAppender) columns[i], integer(row, at, size));
            case FLOAT -> {
                var fixed = (FixedAppender) columns[i];
                double value =
                        size == 4
                                ? Float.intBitsToFloat(row.get(INT, at))
                                : Double.longBitsToDouble(row.get(LONG, at));
                if (fixed.field().type().equals(DataType.FLOAT64)) fixed.appendDouble(value);
                else fixed.append(value);
            }
            case NUMERIC -> numeric((FixedAppender) columns[i], row, at);
            case DATE -> {
                int days = row.get(INT, at);
                if (days == Integer.MAX_VALUE || days == Integer.MIN_VALUE) throw infinite(i);
                ((FixedAppender) columns[i]).appendUnits(days + (long) EPOCH_DAYS);
            }
            case TIMESTAMP -> {
                long micros = row.get(LONG, at);
                if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) throw infinite(i);
                ((FixedAppender) columns[i]).appendUnits(Math.addExact(micros, EPOCH_MICROS));
            }
            case TIME -> ((FixedAppender) columns[i]).appendUnits(row.get(LONG, at));
            case BYTES -> ((TextAppender) columns[i]).append(row, at, size);
        }
    }

    private RuntimeException infinite(int i) {
        return JdbcCell.bad(
                columns[i].field().name(), label, columns[i].field().type(), "infinity", null);
    }

    private static long integer(MemorySegment row, long at, int size) {
        return switch (size) {
            case 2 -> row.get(SHORT, at);
            case 4 -> row.get(INT, at);
            default -> row.get(LONG, at);
        };
    }

    private void number(FixedAppender column, long value) {
        if (column.appendLong(value)) return;
        number(column, BigDecimal.valueOf(value));
    }

    private void number(FixedAppender column, BigDecimal value) {
        DataType type = column.field().type();
        try {
            switch (type) {
                case DataType.Decimal decimal -> column.append(JdbcCell.exact(value, decimal));
                case DataType.FloatingPoint _ -> column.append(value.doubleValue());
                default -> {
                    if (!column.appendLong(value.longValueExact()))
                        throw new ArithmeticException("too large");
                }
            }
        } catch (ArithmeticException e) {
            throw JdbcCell.bad(
                    column.field().name(),
                    label,
                    type,
                    value.stripTrailingZeros().toPlainString(),
                    e);
        }
    }

    /// Digits of base 10,000: their count, the first one's exponent, a sign, the digits behind the
    /// point that are shown, then the digits, each in 16 bits.
    private void numeric(FixedAppender column, MemorySegment row, long at) {
        int digits = row.get(SHORT, at);
        int weight = row.get(SHORT, at + 2);
        int sign = row.get(SHORT, at + 4) & 0xFFFF;
        if (sign != 0 && sign != 0x4000) {
            special(column, sign);
            return;
        }
        int scale = (digits - 1 - weight) * 4;
        boolean inLong = digits <= 4 && column.field().type() instanceof DataType.Decimal;
        if (inLong) {
            long unscaled = 0;
            for (int i = 0; i < digits; i++)
                unscaled = unscaled * 10_000 + row.get(SHORT, at + 8 + i * 2L);
            number(column, BigDecimal.valueOf(sign == 0 ? unscaled : -unscaled, scale));
            return;
        }
        BigDecimal value = BigDecimal.ZERO;
        for (int i = 0; i < digits; i++)
            value =
                    value.scaleByPowerOfTen(4)
                            .add(BigDecimal.valueOf(row.get(SHORT, at + 8 + i * 2L)));
        value = value.scaleByPowerOfTen(-scale);
        number(column, sign == 0 ? value : value.negate());
    }

    private void special(FixedAppender column, int sign) {
        double value =
                switch (sign) {
                    case 0xD000 -> Double.POSITIVE_INFINITY;
                    case 0xF000 -> Double.NEGATIVE_INFINITY;
                    default -> Double.NaN;
                };
        DataType type = column.field().type();
        if (!(type instanceof DataType.FloatingPoint))
            throw JdbcCell.bad(column.field().name(), label, type, Double.toString(value), null);
        column.append(value);
    }

    @Override
    public void close() {
        scratch.close();
    }
}
