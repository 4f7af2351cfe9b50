package dev.quiver.columnar;

import dev.quiver.columnar.memory.Layouts;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Single values of columns as Java objects, of the classes that [Values] lists. For rows that
/// people look at, and for tests; kernels read the memory.
public final class ColumnValues {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long SECONDS_PER_DAY = 86_400;

    private ColumnValues() {}

    /// The value of a row; null when the row is null.
    public static @Nullable Object get(Column column, int row) {
        if (column.isNull(row)) return null;
        return switch (column) {
            case FixedColumn fixed -> fixed(fixed, row);
            case BoolColumn bool -> bool.get(row);
            case VariableColumn variable ->
                    variable.type() instanceof DataType.Binary
                            ? variable.get(row)
                            : new String(variable.get(row), StandardCharsets.UTF_8);
            case DictionaryColumn coded -> coded.values().get(coded.code(row));
            case ListColumn list -> {
                var elements = new ArrayList<@Nullable Object>();
                for (int i = list.start(row); i < list.end(row); i++)
                    elements.add(get(list.elements(), i));
                yield Collections.unmodifiableList(elements);
            }
            case StructColumn struct -> {
                var fields = new ArrayList<@Nullable Object>();
                for (Column field : struct.fields()) fields.add(get(field, row));
                yield Collections.unmodifiableList(fields);
            }
        };
    }

    /// All values of a column.
    public static List<@Nullable Object> list(Column column) {
        var values = new ArrayList<@Nullable Object>(column.rows());
        for (int row = 0; row < column.rows(); row++) values.add(get(column, row));
        return values;
    }

    private static Object fixed(FixedColumn column, int row) {
        return switch (column.type()) {
            case DataType.Int(var bits, var signed) -> integer(column, row, bits, signed);
            case DataType.FloatingPoint(var bits) -> floating(column, row, bits);
            case DataType.Decimal(var precision, var scale) ->
                    precision <= DataType.Decimal.PRECISION_64_MAX
                            ? BigDecimal.valueOf(units(column, row), scale)
                            : new BigDecimal(wide(column.values(), row * 16L), scale);
            case DataType.Date _ ->
                    LocalDate.ofEpochDay(column.values().get(Layouts.INT, row * 4L));
            case DataType.Timestamp(var unit, var zone) -> {
                Instant instant = instant(units(column, row), unit);
                yield zone.isPresent() ? instant : local(instant);
            }
            case DataType.Time(var unit) -> time(units(column, row), unit);
            case DataType.Duration(var unit) -> duration(units(column, row), unit);
            case DataType.Bool _,
                    DataType.Utf8 _,
                    DataType.Binary _,
                    DataType.Categorical _,
                    DataType.Enumeration _,
                    DataType.ListOf _,
                    DataType.Struct _ ->
                    throw new IllegalStateException(column.type() + " in a fixed column");
        };
    }

    private static Object integer(FixedColumn column, int row, int bits, boolean signed) {
        MemorySegment values = column.values();
        long value =
                switch (bits) {
                    case 8 -> values.get(Layouts.BYTE, row);
                    case 16 -> values.get(Layouts.SHORT, row * 2L);
                    case 32 -> values.get(Layouts.INT, row * 4L);
                    default -> values.get(Layouts.LONG, row * 8L);
                };
        if (signed) return value;
        if (bits == 64) return new BigInteger(Long.toUnsignedString(value));
        return value & (1L << bits) - 1;
    }

    private static double floating(FixedColumn column, int row, int bits) {
        MemorySegment values = column.values();
        return switch (bits) {
            case 16 -> Float.float16ToFloat(values.get(Layouts.SHORT, row * 2L));
            case 32 -> values.get(Layouts.FLOAT, row * 4L);
            default -> values.get(Layouts.DOUBLE, row * 8L);
        };
    }

    private static long units(FixedColumn column, int row) {
        return column.values().get(Layouts.LONG, row * 8L);
    }

    /// The 128-bit integer at `offset`.
    public static BigInteger wide(MemorySegment segment, long offset) {
        long low = segment.get(Layouts.LONG, offset);
        long high = segment.get(Layouts.LONG, offset + 8);
        return BigInteger.valueOf(high)
                .shiftLeft(64)
                .or(new BigInteger(Long.toUnsignedString(low)));
    }

    private static LocalTime time(long units, DataType.TimeUnit unit) {
        long perSecond = unit.perSecond();
        if (units < 0 || units >= SECONDS_PER_DAY * perSecond)
            throw outside("a time of %d / %d s is outside a day".formatted(units, perSecond), null);
        return LocalTime.ofNanoOfDay(units * (NANOS_PER_SECOND / perSecond));
    }

    private static Instant instant(long units, DataType.TimeUnit unit) {
        long perSecond = unit.perSecond();
        try {
            return Instant.ofEpochSecond(
                    Math.floorDiv(units, perSecond),
                    Math.floorMod(units, perSecond) * (NANOS_PER_SECOND / perSecond));
        } catch (DateTimeException e) {
            throw outside("a timestamp %d s from 1970 has no date".formatted(units), e);
        }
    }

    private static LocalDateTime local(Instant instant) {
        try {
            return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw outside("a timestamp of %s has no date".formatted(instant), e);
        }
    }

    /// Files may hold what their types don't.
    private static QuiverException outside(String what, @Nullable DateTimeException cause) {
        return new QuiverException(
                ErrorCode.BAD_VALUE,
                what,
                List.of(),
                "look at what wrote it, and leave the column out until then: drop(…)",
                cause);
    }

    private static Duration duration(long units, DataType.TimeUnit unit) {
        long perSecond = unit.perSecond();
        return Duration.ofSeconds(
                Math.floorDiv(units, perSecond),
                Math.floorMod(units, perSecond) * (NANOS_PER_SECOND / perSecond));
    }
}
