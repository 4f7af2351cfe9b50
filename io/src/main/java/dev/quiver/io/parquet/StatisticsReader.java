package dev.quiver.io.parquet;

import dev.quiver.schema.DataType;
import dev.quiver.schema.DataType.TimeUnit;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.parquet.format.Statistics;
import org.jspecify.annotations.Nullable;

/// Reads bounds out of a column chunk's metadata, and drops those that mean nothing.
final class StatisticsReader {
    private static final int DECIMAL_BYTES_MAX = 16;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long NANOS_PER_DAY = 86_400 * NANOS_PER_SECOND;

    private StatisticsReader() {}

    static ColumnStatistics read(FileColumn column, @Nullable Statistics statistics, long rows) {
        if (statistics == null) return ColumnStatistics.UNKNOWN;
        boolean known =
                statistics.isSetNull_count()
                        && statistics.null_count >= 0
                        && statistics.null_count <= rows;
        OptionalLong nulls = known ? OptionalLong.of(statistics.null_count) : OptionalLong.empty();
        Optional<Object> min = value(column, statistics.min_value);
        Optional<Object> max = value(column, statistics.max_value);
        if (statistics.min_value == null && statistics.max_value == null && oldBoundsHold(column)) {
            min = value(column, statistics.min);
            max = value(column, statistics.max);
        }
        return new ColumnStatistics(min, max, nulls);
    }

    /// What a page index says of a page.
    ///
    /// @return nulls as Long.MAX_VALUE where all values are null
    static ColumnStatistics page(
            FileColumn column, boolean allNull, ByteBuffer min, ByteBuffer max, boolean noNull) {
        if (allNull)
            return new ColumnStatistics(
                    Optional.empty(), Optional.empty(), OptionalLong.of(Long.MAX_VALUE));
        return new ColumnStatistics(
                value(column, min),
                value(column, max),
                noNull ? OptionalLong.of(0) : OptionalLong.empty());
    }

    /// The old fields were compared as signed numbers, whatever the type.
    private static boolean oldBoundsHold(FileColumn column) {
        return switch (column.type()) {
            case DataType.Int(_, var signed) -> signed;
            case DataType.Bool _,
                    DataType.FloatingPoint _,
                    DataType.Date _,
                    DataType.Timestamp _,
                    DataType.Time _,
                    DataType.Duration _ ->
                    true;
            case DataType.Decimal _ -> column.physicalWidth() == 4 || column.physicalWidth() == 8;
            case DataType.Utf8 _,
                    DataType.Binary _,
                    DataType.Categorical _,
                    DataType.Enumeration _,
                    DataType.ListOf _,
                    DataType.Struct _ ->
                    false;
        };
    }

    private static Optional<Object> value(FileColumn column, @Nullable ByteBuffer raw) {
        if (raw == null) return Optional.empty();
        ByteBuffer bytes = raw.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int size = bytes.remaining();
        return switch (column.physical()) {
            case BOOLEAN -> size == 1 ? Optional.of(bytes.get(0) != 0) : Optional.empty();
            case INT32 ->
                    size == 4
                            ? number(column.type(), bytes.getInt(bytes.position()), 32)
                            : Optional.empty();
            case INT64 ->
                    size == 8
                            ? number(column.type(), bytes.getLong(bytes.position()), 64)
                            : Optional.empty();
            case FLOAT -> size == 4 ? floating(bytes.getFloat(bytes.position())) : Optional.empty();
            case DOUBLE ->
                    size == 8 ? floating(bytes.getDouble(bytes.position())) : Optional.empty();
            case INT96 -> Optional.empty();
            case BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY -> array(column.type(), bytes);
        };
    }

    private static Optional<Object> floating(double value) {
        return Double.isNaN(value) ? Optional.empty() : Optional.of(value);
    }

    private static Optional<Object> number(DataType type, long value, int bits) {
        return switch (type) {
            case DataType.Int(var typeBits, var signed) -> {
                if (signed) yield Optional.of(value);
                if (typeBits == 64) yield Optional.of(new BigInteger(Long.toUnsignedString(value)));
                yield Optional.of(bits == 32 ? value & 0xFFFF_FFFFL : value);
            }
            case DataType.Decimal(_, var scale) -> Optional.of(BigDecimal.valueOf(value, scale));
            case DataType.Date _ -> Optional.of(LocalDate.ofEpochDay(value));
            case DataType.Timestamp(var unit, var zone) -> {
                Instant instant = instant(value, unit);
                yield Optional.of(
                        zone.isPresent()
                                ? instant
                                : LocalDateTime.ofInstant(instant, ZoneOffset.UTC));
            }
            case DataType.Time(var unit) -> {
                long perUnit = NANOS_PER_SECOND / unit.perSecond();
                if (value < 0 || value >= NANOS_PER_DAY / perUnit) yield Optional.empty();
                yield Optional.of(LocalTime.ofNanoOfDay(value * perUnit));
            }
            default -> Optional.empty();
        };
    }

    private static Instant instant(long units, TimeUnit unit) {
        long perSecond = unit.perSecond();
        return Instant.ofEpochSecond(
                Math.floorDiv(units, perSecond),
                Math.floorMod(units, perSecond) * (NANOS_PER_SECOND / perSecond));
    }

    private static Optional<Object> array(DataType type, ByteBuffer bytes) {
        if (type instanceof DataType.Utf8 || type instanceof DataType.Categorical) {
            try {
                return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
            } catch (CharacterCodingException cutInsideACharacter) {
                return Optional.empty();
            }
        }
        if (!(type instanceof DataType.Decimal(_, var scale))) return Optional.empty();
        var copy = new byte[bytes.remaining()];
        bytes.get(copy);
        if (copy.length == 0 || copy.length > DECIMAL_BYTES_MAX) return Optional.empty();
        return Optional.of(new BigDecimal(new BigInteger(copy), scale));
    }
}
