package dev.quiver.io.parquet;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.io.DictionarySet;
import dev.quiver.io.FileWritten;
import dev.quiver.io.ScanDictionaries;
import dev.quiver.schema.DataType;
import dev.quiver.schema.DataType.TimeUnit;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
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

/// Seeded random frames of all flat types, with the values that break readers.
final class RandomFrames {
    /// What a column's values look like.
    enum Shape {
        FEW,
        MANY,
        ONE,
        NO_NULLS,
        ALL_NULL
    }

    static final List<DataType> TYPES =
            List.of(
                    DataType.BOOL,
                    DataType.INT8,
                    DataType.INT16,
                    DataType.INT32,
                    DataType.INT64,
                    DataType.UINT8,
                    DataType.UINT16,
                    DataType.UINT32,
                    DataType.UINT64,
                    DataType.FLOAT32,
                    DataType.FLOAT64,
                    DataType.decimal(9, 2),
                    DataType.decimal(18, 0),
                    DataType.decimal(38, 10),
                    DataType.DATE,
                    new DataType.Timestamp(TimeUnit.MILLI, Optional.empty()),
                    DataType.TIMESTAMP,
                    DataType.TIMESTAMP_UTC,
                    new DataType.Timestamp(TimeUnit.NANO, Optional.empty()),
                    DataType.TIME,
                    DataType.DURATION,
                    DataType.UTF8,
                    DataType.BINARY,
                    DataType.CATEGORICAL);

    private final Random random;

    RandomFrames(long seed) {
        this.random = new Random(seed);
    }

    /// One column a type, each of a random shape.
    Schema schema(List<DataType> types) {
        var fields = new ArrayList<Field>();
        for (int i = 0; i < types.size(); i++) fields.add(Field.of("c" + i, types.get(i)));
        return new Schema(fields);
    }

    /// The values of one column.
    List<@Nullable Object> values(DataType type, int rows, Shape shape) {
        int distinct = shape == Shape.FEW ? 5 : shape == Shape.ONE ? 1 : Math.max(1, rows);
        var pool = new ArrayList<Object>();
        for (int i = 0; i < distinct; i++) pool.add(value(type));
        var values = new ArrayList<@Nullable Object>();
        boolean nulls = shape == Shape.FEW || shape == Shape.MANY;
        int run = 0;
        boolean isNull = false;
        for (int i = 0; i < rows; i++) {
            if (run-- <= 0) {
                run = random.nextInt(3) == 0 ? random.nextInt(200) : random.nextInt(3);
                isNull = nulls && random.nextInt(3) == 0;
            }
            values.add(
                    shape == Shape.ALL_NULL || isNull
                            ? null
                            : pool.get(shape == Shape.MANY ? i : random.nextInt(pool.size())));
        }
        return values;
    }

    Shape shape() {
        return Shape.values()[random.nextInt(Shape.values().length)];
    }

    private Object value(DataType type) {
        return switch (type) {
            case DataType.Bool _ -> random.nextBoolean();
            case DataType.Int(var bits, var signed) -> integer(bits, signed);
            case DataType.FloatingPoint(var bits) -> floating(bits);
            case DataType.Decimal(var precision, var scale) ->
                    new BigDecimal(
                            new BigInteger(random.nextInt(1, (int) (precision * 3.3)), random)
                                    .multiply(BigInteger.valueOf(random.nextBoolean() ? 1 : -1)),
                            scale);
            case DataType.Date _ -> LocalDate.ofEpochDay(random.nextInt(-100_000, 100_000));
            case DataType.Timestamp(var unit, var zone) -> {
                long step = 1_000_000_000L / unit.perSecond();
                Instant instant =
                        Instant.ofEpochSecond(
                                random.nextLong(-5_000_000_000L, 5_000_000_000L),
                                random.nextLong(unit.perSecond()) * step);
                yield zone.isPresent() ? instant : LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
            }
            case DataType.Time(var unit) ->
                    LocalTime.ofNanoOfDay(
                            random.nextLong(86_400L * unit.perSecond())
                                    * (1_000_000_000L / unit.perSecond()));
            case DataType.Duration(var unit) ->
                    Duration.ofNanos(random.nextInt() * (1_000_000_000L / unit.perSecond()));
            case DataType.Binary _ -> {
                var bytes = new byte[random.nextInt(30)];
                random.nextBytes(bytes);
                yield bytes;
            }
            case DataType.ListOf(var element) -> {
                var elements = new ArrayList<@Nullable Object>();
                for (int i = random.nextInt(random.nextInt(20) == 0 ? 300 : 4); i > 0; i--)
                    elements.add(part(element));
                yield elements;
            }
            case DataType.Struct(var fields) -> {
                var parts = new ArrayList<@Nullable Object>();
                for (Field field : fields) parts.add(part(field));
                yield parts;
            }
            default -> text();
        };
    }

    private @Nullable Object part(Field field) {
        return field.nullable() && random.nextInt(5) == 0 ? null : value(field.type());
    }

    /// A type of lists and structs, at most so deep, over some of these.
    DataType nested(List<DataType> leaves, int depth) {
        if (depth == 0) return leaves.get(random.nextInt(leaves.size()));
        if (random.nextBoolean())
            return new DataType.ListOf(field("element", nested(leaves, depth - 1)));
        var fields = new ArrayList<Field>();
        for (int i = 0; i <= random.nextInt(3); i++)
            fields.add(field("part" + i, nested(leaves, random.nextInt(depth))));
        return new DataType.Struct(fields);
    }

    private Field field(String name, DataType type) {
        return random.nextInt(4) == 0 ? Field.required(name, type) : Field.of(name, type);
    }

    private Object integer(int bits, boolean signed) {
        int shape = random.nextInt(6);
        if (bits == 64 && !signed)
            return shape == 0
                    ? BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE)
                    : new BigInteger(64, random);
        long low = signed ? -1L << (bits - 1) : 0;
        long high = signed ? ~low : (1L << bits) - 1;
        if (shape == 0) return low;
        if (shape == 1) return high;
        if (shape == 2) return 0L;
        if (bits == 64) return random.nextLong();
        return random.nextLong(low, high + 1);
    }

    private Object floating(int bits) {
        double value =
                switch (random.nextInt(8)) {
                    case 0 -> Double.NaN;
                    case 1 -> -0.0;
                    case 2 -> 0.0;
                    case 3 -> Double.POSITIVE_INFINITY;
                    case 4 -> Double.NEGATIVE_INFINITY;
                    default -> random.nextGaussian() * Math.pow(10, random.nextInt(-10, 10));
                };
        return bits == 32 ? (double) (float) value : value;
    }

    private String text() {
        int length =
                switch (random.nextInt(10)) {
                    case 0 -> 0;
                    case 1 -> random.nextInt(300);
                    default -> random.nextInt(20);
                };
        var text = new StringBuilder();
        for (int i = 0; i < length; i++)
            text.appendCodePoint(
                    switch (random.nextInt(12)) {
                        case 0 -> 0xE9;
                        case 1 -> 0x20AC;
                        case 2 -> 0x1F600;
                        default -> 'a' + random.nextInt(26);
                    });
        return text.toString();
    }

    /// Writes columns of values as chunks of at most `chunkRows` rows.
    static FileWritten write(
            Path file,
            Schema schema,
            List<List<@Nullable Object>> columns,
            int chunkRows,
            String codec,
            boolean encoded,
            MemoryAccount account) {
        int rows = columns.isEmpty() ? 0 : columns.getFirst().size();
        try (var set = new DictionarySet(account);
                ScanDictionaries dictionaries = set.open("test");
                ParquetWriter writer = ParquetWriter.open(file, schema, codec, account)) {
            for (int from = 0; from < rows; from += chunkRows) {
                int to = Math.min(rows, from + chunkRows);
                var parts = new ArrayList<Column>();
                for (int c = 0; c < schema.size(); c++) {
                    DataType type = schema.field(c).type();
                    var part = columns.get(c).subList(from, to);
                    boolean coded =
                            type instanceof DataType.Categorical
                                    || (encoded && type instanceof DataType.Utf8);
                    Dictionary dictionary = dictionaries.dictionary("c" + c);
                    parts.add(
                            coded
                                    ? ColumnBuilder.encodedColumn(type, account, dictionary, part)
                                    : ColumnBuilder.column(type, account, part));
                }
                try (var chunk = new Chunk(schema, parts, to - from)) {
                    writer.append(chunk);
                }
            }
            return writer.finish();
        }
    }
}
