package dev.quiver.io.arrow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.io.DictionarySet;
import dev.quiver.io.csv.ByteSource;
import dev.quiver.operator.FileFormat;
import dev.quiver.operator.FileRange;
import dev.quiver.operator.Source;
import dev.quiver.schema.DataType;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Arrow files of tests: random rows, written and read; fails when memory is left behind.
final class ArrowFiles {
    static final MemoryPool POOL = new MemoryPool(256L << 20);

    /// One column of each type.
    static final Schema SCHEMA =
            Schema.of(
                    Field.of("bool", DataType.BOOL),
                    Field.of("int8", DataType.INT8),
                    Field.of("uint16", DataType.UINT16),
                    Field.of("int32", DataType.INT32),
                    Field.of("int64", DataType.INT64),
                    Field.of("uint64", DataType.UINT64),
                    Field.of("float16", DataType.FLOAT16),
                    Field.of("float32", DataType.FLOAT32),
                    Field.of("float64", DataType.FLOAT64),
                    Field.of("decimal", DataType.decimal(12, 3)),
                    Field.of("wide", DataType.decimal(30, 5)),
                    Field.of("date", DataType.DATE),
                    Field.of("wall", DataType.TIMESTAMP),
                    Field.of(
                            "instant",
                            new DataType.Timestamp(DataType.TimeUnit.NANO, Optional.of("UTC"))),
                    Field.of("time", DataType.TIME),
                    Field.of("millis", new DataType.Time(DataType.TimeUnit.MILLI)),
                    Field.of("length", DataType.DURATION),
                    Field.of("text", DataType.UTF8),
                    Field.of("bytes", DataType.BINARY),
                    Field.of("kind", DataType.CATEGORICAL),
                    Field.of("size", new DataType.Enumeration(List.of("small", "large"))),
                    Field.of("list", new DataType.ListOf(Field.of("element", DataType.UTF8))),
                    Field.of(
                            "struct",
                            new DataType.Struct(
                                    List.of(
                                            Field.of("x", DataType.INT64),
                                            Field.of(
                                                    "l",
                                                    new DataType.ListOf(
                                                            Field.of(
                                                                    "element",
                                                                    DataType.FLOAT64)))))));

    private ArrowFiles() {}

    static List<List<@Nullable Object>> rows(Random random, int count) {
        var rows = new ArrayList<List<@Nullable Object>>();
        for (int r = 0; r < count; r++) {
            var row = new ArrayList<@Nullable Object>();
            for (Field field : SCHEMA.fields()) row.add(value(random, field.type()));
            rows.add(row);
        }
        return rows;
    }

    private static @Nullable Object value(Random random, DataType type) {
        if (random.nextInt(5) == 0) return null;
        return switch (type) {
            case DataType.Bool _ -> random.nextBoolean();
            case DataType.Int(var bits, var signed) -> {
                long value = random.nextLong() >> 64 - bits;
                if (signed) yield value;
                if (bits == 64) yield new BigInteger(64, random);
                yield value & (1L << bits) - 1;
            }
            case DataType.FloatingPoint _ -> random.nextInt(200) / 8.0 - 10;
            case DataType.Decimal(_, var scale) -> BigDecimal.valueOf(random.nextInt(), scale);
            case DataType.Date _ -> LocalDate.ofEpochDay(random.nextInt(-90_000, 90_000));
            case DataType.Timestamp(_, var zone) -> {
                Instant at =
                        Instant.ofEpochSecond(random.nextInt(), 1000L * random.nextInt(1_000_000));
                yield zone.isPresent() ? at : LocalDateTime.ofInstant(at, java.time.ZoneOffset.UTC);
            }
            case DataType.Time _ -> LocalTime.ofNanoOfDay(random.nextInt(86_400_000) * 1_000_000L);
            case DataType.Duration _ -> Duration.ofNanos(random.nextInt() * 1000L);
            case DataType.Utf8 _ -> "é".repeat(random.nextInt(3)) + "x".repeat(random.nextInt(20));
            case DataType.Binary _ -> new byte[random.nextInt(4)];
            case DataType.Categorical _ -> "kind " + random.nextInt(20);
            case DataType.Enumeration(var categories) ->
                    categories.get(random.nextInt(categories.size()));
            case DataType.ListOf(var element) -> {
                var list = new ArrayList<@Nullable Object>();
                for (int i = random.nextInt(4); i > 0; i--) list.add(value(random, element.type()));
                yield list;
            }
            case DataType.Struct(var fields) -> {
                var list = new ArrayList<@Nullable Object>();
                for (Field field : fields) list.add(value(random, field.type()));
                yield list;
            }
        };
    }

    /// Writes rows, some of them a chunk.
    static void write(
            Path file,
            boolean stream,
            String codec,
            List<List<@Nullable Object>> rows,
            int rowsPerChunk) {
        try (MemoryAccount account = POOL.account(new Owner("test", "write", 0));
                var kinds = new Dictionary(account);
                var sizes = new Dictionary(account);
                var writer = ArrowWriter.open(file, SCHEMA, stream, codec, account)) {
            for (int from = 0; from < rows.size(); from += rowsPerChunk) {
                var part = rows.subList(from, Math.min(rows.size(), from + rowsPerChunk));
                var columns = new ArrayList<Column>();
                for (int i = 0; i < SCHEMA.size(); i++) {
                    DataType type = SCHEMA.field(i).type();
                    var builder =
                            type instanceof DataType.Categorical
                                    ? ColumnBuilder.encoded(type, account, kinds)
                                    : type instanceof DataType.Enumeration
                                            ? ColumnBuilder.encoded(type, account, sizes)
                                            : ColumnBuilder.of(type, account);
                    for (var row : part) builder.append(row.get(i));
                    columns.add(builder.build());
                }
                try (var chunk = new Chunk(SCHEMA, columns, part.size())) {
                    writer.append(chunk);
                }
            }
            assertThat(writer.finish().rows()).isEqualTo(rows.size());
        }
        assertThat(POOL.usedBytes()).as("bytes left behind").isZero();
    }

    static List<List<@Nullable Object>> read(Path file) {
        try (ArrowFile open = ArrowFile.open(file)) {
            return read(file, open.schema(), List.of(ByteSource.whole(file)));
        }
    }

    static List<List<@Nullable Object>> read(Path file, Schema wanted, List<FileRange> ranges) {
        var scan = new Source.ScanFiles(new FileFormat.Arrow(), wanted, wanted, ranges);
        var rows = new ArrayList<List<@Nullable Object>>();
        try (MemoryAccount account = POOL.account(new Owner("test", "scan", 0));
                var dictionaries = new DictionarySet(account)) {
            for (int i = 0; i < ranges.size(); i++) {
                try (var reader = ArrowReader.open(scan, i, account, dictionaries)) {
                    for (Chunk next = reader.next(); next != null; next = reader.next()) {
                        try (Chunk chunk = next) {
                            for (int row = 0; row < chunk.rows(); row++) {
                                var values = new ArrayList<@Nullable Object>();
                                for (var column : chunk.columns())
                                    values.add(ColumnValues.get(column, row));
                                rows.add(values);
                            }
                        }
                    }
                }
            }
        } finally {
            assertThat(POOL.usedBytes()).as("bytes left behind reading " + file).isZero();
        }
        return rows;
    }

    /// Rows as texts that are equal for equal rows.
    static List<String> texts(List<List<@Nullable Object>> rows) {
        return rows.stream()
                .map(row ->
                        row.stream()
                                .map(v ->
                                        v instanceof byte[] b
                                                ? java.util.HexFormat.of().formatHex(b)
                                                : String.valueOf(v))
                                .toList()
                                .toString())
                .toList();
    }
}
