package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.schema.DataType;
import dev.quiver.schema.DataType.TimeUnit;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Columns of every type with nulls and the odd values that go wrong.
final class RandomColumns {
    static final Schema SCHEMA =
            Schema.of(
                    Field.of("bool", DataType.BOOL),
                    Field.of("int8", DataType.INT8),
                    Field.of("int16", DataType.INT16),
                    Field.of("int32", DataType.INT32),
                    Field.of("int64", DataType.INT64),
                    Field.of("uint8", DataType.UINT8),
                    Field.of("uint32", DataType.UINT32),
                    Field.of("uint64", DataType.UINT64),
                    Field.of("float32", DataType.FLOAT32),
                    Field.of("float64", DataType.FLOAT64),
                    Field.of("decimal9", DataType.decimal(9, 2)),
                    Field.of("decimal18", DataType.decimal(18, 4)),
                    Field.of("decimal30", DataType.decimal(30, 6)),
                    Field.of("date", DataType.DATE),
                    Field.of("wall", DataType.TIMESTAMP),
                    Field.of("millis", new DataType.Timestamp(TimeUnit.MILLI, Optional.empty())),
                    Field.of("instant", DataType.TIMESTAMP_UTC),
                    Field.of(
                            "berlin",
                            new DataType.Timestamp(TimeUnit.SECOND, Optional.of("Europe/Berlin"))),
                    Field.of("time", DataType.TIME),
                    Field.of("duration", DataType.DURATION),
                    Field.of("text", DataType.UTF8),
                    Field.of("coded", DataType.UTF8),
                    Field.of("category", DataType.CATEGORICAL),
                    Field.of("bytes", DataType.BINARY));

    private static final List<String> TEXTS =
            List.of(
                    "",
                    "a",
                    "A",
                    "abc",
                    "ABC",
                    "abcdefgh",
                    "abcdefghi",
                    " padded ",
                    "é",
                    "ßTRASSE",
                    "日本語",
                    "😀 smile",
                    "12",
                    "-7.5",
                    "true",
                    "2013-01-31",
                    "2013-01-31 12:30:00",
                    "a longer text of more than sixteen bytes");

    private final Random random;
    private final MemoryAccount account;
    private final Dictionary words;
    private final Dictionary categories;

    RandomColumns(Random random, MemoryAccount account, Dictionary words, Dictionary categories) {
        this.random = random;
        this.account = account;
        this.words = words;
        this.categories = categories;
    }

    Chunk chunk(int rows) {
        var columns = new ArrayList<Column>();
        for (Field field : SCHEMA.fields()) columns.add(column(field, rows));
        return new Chunk(SCHEMA, columns, rows);
    }

    private Column column(Field field, int rows) {
        double nulls =
                switch (random.nextInt(4)) {
                    case 0 -> 0;
                    case 1 -> random.nextInt(8) == 0 ? 1 : 0.05;
                    default -> 0.2;
                };
        boolean wild = random.nextInt(4) == 0;
        var values = new ArrayList<@Nullable Object>();
        for (int i = 0; i < rows; i++)
            values.add(random.nextDouble() < nulls ? null : value(field.type(), wild));
        return switch (field.name()) {
            case "coded" -> ColumnBuilder.encodedColumn(field.type(), account, words, values);
            case "category" ->
                    ColumnBuilder.encodedColumn(field.type(), account, categories, values);
            default -> ColumnBuilder.column(field.type(), account, values);
        };
    }

    /// @param wild with the ends of the type's range
    Object value(DataType type, boolean wild) {
        return switch (type) {
            case DataType.Bool _ -> random.nextBoolean();
            case DataType.Int(int bits, boolean signed) -> whole(bits, signed, wild);
            case DataType.FloatingPoint(int bits) -> {
                double number = floating(wild);
                yield bits == 64 ? number : (double) (float) number;
            }
            case DataType.Decimal(int precision, int scale) -> {
                var limit = BigInteger.TEN.pow(wild ? precision : Math.min(precision, scale + 3));
                var unscaled = new BigInteger(130, random).mod(limit.shiftLeft(1)).subtract(limit);
                if (unscaled.abs().compareTo(limit) >= 0) unscaled = BigInteger.ZERO;
                yield new BigDecimal(unscaled, scale);
            }
            case DataType.Date _ ->
                    LocalDate.ofEpochDay(
                            wild ? random.nextInt(2_000_000) - 1_000_000 : random.nextInt(20_000));
            case DataType.Timestamp(var unit, var zone) -> {
                Instant instant = moment(unit, wild);
                yield zone.isPresent()
                        ? instant
                        : (Object) LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
            }
            case DataType.Time _ -> LocalTime.ofNanoOfDay(random.nextLong(86_400_000_000L) * 1000);
            case DataType.Duration _ ->
                    Duration.ofNanos(
                            random.nextLong(wild ? Long.MAX_VALUE : 1_000_000_000_000L)
                                    / 1000
                                    * 1000);
            case DataType.Binary _ -> {
                var bytes = new byte[random.nextInt(4)];
                random.nextBytes(bytes);
                yield bytes;
            }
            default -> text(wild);
        };
    }

    private Object whole(int bits, boolean signed, boolean wild) {
        if (bits == 64 && !signed)
            return wild ? new BigInteger(64, random) : BigInteger.valueOf(random.nextInt(100));
        long min = signed ? -1L << (bits - 1) : 0;
        long max = signed ? -(min + 1) : (1L << bits) - 1;
        if (!wild) return Math.clamp((long) random.nextInt(40) - (signed ? 15 : 0), min, max);
        return switch (random.nextInt(5)) {
            case 0 -> min;
            case 1 -> max;
            case 2 -> signed ? -1L : 0L;
            case 3 -> 0L;
            default -> bits == 64 ? random.nextLong() : min + random.nextLong(max - min);
        };
    }

    private double floating(boolean wild) {
        if (!wild) return (random.nextInt(4000) - 2000) / 8.0;
        double[] odd = {
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            0.0,
            -0.0,
            Double.MIN_VALUE,
            1e300,
            -1e18,
            2.5,
            -0.5,
            0.49999999999999994
        };
        int pick = random.nextInt(odd.length + 3);
        return pick < odd.length ? odd[pick] : random.nextGaussian() * 1e6;
    }

    private Instant moment(TimeUnit unit, boolean wild) {
        long seconds = wild ? random.nextLong(8_000_000_000L) - 4_000_000_000L : random.nextInt();
        long nanos = random.nextLong(unit.perSecond()) * (1_000_000_000L / unit.perSecond());
        return Instant.ofEpochSecond(seconds, nanos);
    }

    private String text(boolean wild) {
        if (!wild) return TEXTS.get(random.nextInt(TEXTS.size()));
        var text = new StringBuilder();
        int length = random.nextInt(12);
        for (int i = 0; i < length; i++)
            text.appendCodePoint(
                    "aAzZ _é\u00a0日😀ß0"
                            .codePoints()
                            .skip(random.nextInt(12))
                            .findFirst()
                            .orElse('x'));
        return text.toString();
    }
}
