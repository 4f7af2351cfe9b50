package dev.quiver.io.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// DuckDB reads what we write and we read what DuckDB writes.
class JsonOracleTest {
    private static final int FRAMES = 8;
    private static final Schema SCHEMA =
            Schema.of(
                    Field.of("i", DataType.INT64),
                    Field.of("n", DataType.INT32),
                    Field.of("f", DataType.FLOAT64),
                    Field.of("b", DataType.BOOL),
                    Field.of("s", DataType.UTF8),
                    Field.of("c", DataType.decimal(12, 3)),
                    Field.of("d", DataType.DATE),
                    Field.of("t", DataType.TIMESTAMP),
                    Field.of("o", DataType.TIME),
                    Field.of("l", new DataType.ListOf(Field.of("element", DataType.INT64))),
                    Field.of(
                            "p",
                            new DataType.Struct(
                                    List.of(
                                            Field.of("x", DataType.FLOAT64),
                                            Field.of("y z", DataType.UTF8)))));
    private static final String COLUMNS =
            "{i:'BIGINT',n:'INTEGER',f:'DOUBLE',b:'BOOLEAN',s:'VARCHAR',c:'DECIMAL(12,3)',d:'DATE',"
                    + "t:'TIMESTAMP',o:'TIME',l:'BIGINT[]',p:'STRUCT(x DOUBLE, \"y z\" VARCHAR)'}";

    @TempDir Path directory;

    @Test
    void duckdb_reads_what_we_write_and_we_read_what_it_writes() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("JsonOracleTest -Dseed=" + seed);
        var random = new Random(seed);
        for (int i = 0; i < FRAMES; i++) {
            var rows = rows(random, i * i * 20);
            Path ours = directory.resolve("ours%d.jsonl".formatted(i));
            write(ours, rows);

            assertThat(texts(JsonTexts.read(ours, SCHEMA, SCHEMA)))
                    .as("seed %d frame %d, ours", seed, i)
                    .isEqualTo(texts(rows));
            assertThat(duckdb("SELECT * FROM " + scan(ours)))
                    .as("seed %d frame %d, read by DuckDB", seed, i)
                    .isEqualTo(texts(rows));

            Path theirs = directory.resolve("theirs%d.json".formatted(i));
            boolean array = random.nextBoolean();
            duckdb(
                    "COPY (SELECT * FROM %s) TO '%s' (FORMAT json, ARRAY %s)"
                            .formatted(scan(ours), theirs, array));
            if (Files.size(theirs) > 0)
                assertThat(texts(JsonTexts.read(theirs, SCHEMA, SCHEMA)))
                        .as("seed %d frame %d, written by DuckDB", seed, i)
                        .isEqualTo(texts(rows));
        }
    }

    private static String scan(Path file) {
        return "read_json('%s', format='newline_delimited', columns=%s)".formatted(file, COLUMNS);
    }

    private static List<List<@Nullable Object>> rows(Random random, int count) {
        var rows = new ArrayList<List<@Nullable Object>>();
        for (int r = 0; r < count; r++) {
            var row = new ArrayList<@Nullable Object>();
            row.add(orNull(random, random.nextLong() >> random.nextInt(64)));
            row.add(orNull(random, (long) random.nextInt()));
            row.add(orNull(random, number(random)));
            row.add(orNull(random, random.nextBoolean()));
            row.add(orNull(random, text(random)));
            row.add(orNull(random, BigDecimal.valueOf(random.nextInt(), 3)));
            row.add(orNull(random, LocalDate.ofEpochDay(random.nextInt(-100_000, 100_000))));
            row.add(
                    orNull(
                            random,
                            LocalDateTime.of(1970, 1, 1, 0, 0)
                                    .plusNanos(1000L * (random.nextLong() >> 16))));
            row.add(orNull(random, LocalTime.ofNanoOfDay(random.nextLong(86_400_000_000L) * 1000)));
            var list = new ArrayList<@Nullable Object>();
            for (int i = random.nextInt(4); i > 0; i--)
                list.add(orNull(random, (long) random.nextInt(100)));
            row.add(orNull(random, list));
            var struct = new ArrayList<@Nullable Object>();
            struct.add(orNull(random, random.nextInt(100) / 8.0));
            struct.add(orNull(random, text(random)));
            row.add(orNull(random, struct));
            rows.add(row);
        }
        return rows;
    }

    private static @Nullable Object orNull(Random random, Object value) {
        return random.nextInt(6) == 0 ? null : value;
    }

    private static double number(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(1000);
            case 1 -> random.nextGaussian();
            case 2 -> random.nextGaussian() * Math.pow(10, random.nextInt(-300, 300));
            default -> random.nextInt() / 100.0;
        };
    }

    private static String text(Random random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--)
            text.appendCodePoint(
                    switch (random.nextInt(6)) {
                        case 0 -> "\"\\/\n\r\t\b\f\u0001\u001f".charAt(random.nextInt(10));
                        case 1 -> 0xE9;
                        case 2 -> 0x1F600 + random.nextInt(40);
                        case 3 -> 0x20AC;
                        default -> 'a' + random.nextInt(4);
                    });
        return text.toString();
    }

    private static void write(Path file, List<List<@Nullable Object>> rows) {
        try (MemoryAccount account = JsonTexts.POOL.account(new Owner("test", "write", 0));
                var writer = JsonWriter.open(file, SCHEMA, "none", account)) {
            try (Chunk chunk = ColumnBuilder.chunk(SCHEMA, account, rows)) {
                writer.append(chunk);
            }
            assertThat(writer.finish().rows()).isEqualTo(rows.size());
        }
        assertThat(JsonTexts.POOL.usedBytes()).isZero();
    }

    private static List<String> texts(List<List<@Nullable Object>> rows) {
        return rows.stream()
                .map(row -> row.stream().map(String::valueOf).toList().toString())
                .toList();
    }

    private static List<String> duckdb(String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) return List.of();
            var rows = new ArrayList<List<@Nullable Object>>();
            try (ResultSet result = statement.getResultSet()) {
                while (result.next()) {
                    var row = new ArrayList<@Nullable Object>();
                    for (int i = 1; i <= SCHEMA.size(); i++) row.add(plain(result.getObject(i)));
                    rows.add(row);
                }
            }
            return texts(rows);
        }
    }

    private static @Nullable Object plain(@Nullable Object value) throws Exception {
        return switch (value) {
            case null -> null;
            case java.sql.Timestamp time -> time.toLocalDateTime();
            case java.sql.Array array -> {
                var list = new ArrayList<@Nullable Object>();
                for (Object item : (Object[]) array.getArray()) list.add(plain(item));
                yield list;
            }
            case java.sql.Struct struct -> {
                var list = new ArrayList<@Nullable Object>();
                for (Object item : struct.getAttributes()) list.add(plain(item));
                yield list;
            }
            default -> value;
        };
    }

    @Test
    void numbers_that_json_lacks_are_texts_that_come_back() {
        Path file = directory.resolve("odd.jsonl");
        Schema schema =
                Schema.of(
                        Field.of("f", DataType.FLOAT64),
                        Field.of("raw", DataType.BINARY),
                        Field.of("h", DataType.FLOAT32));
        var values = new HashMap<String, List<Object>>();
        values.put("1", List.of(Double.NaN, new byte[] {1, (byte) 0xFF}, 1.5));
        values.put("2", List.of(Double.NEGATIVE_INFINITY, new byte[0], Double.POSITIVE_INFINITY));
        try (MemoryAccount account = JsonTexts.POOL.account(new Owner("test", "write", 0));
                var writer = JsonWriter.open(file, schema, "none", account);
                Chunk chunk =
                        ColumnBuilder.chunk(
                                schema, account, List.of(values.get("1"), values.get("2")))) {
            writer.append(chunk);
            writer.finish();
        }

        assertThat(file)
                .hasContent(
                        """
                        {"f":"NaN","raw":"Af8=","h":1.5}
                        {"f":"-Infinity","raw":"","h":"Infinity"}
                        """);
        assertThat(JsonTexts.read(file, schema, schema).get(1).get(0))
                .isEqualTo(Double.NEGATIVE_INFINITY);
    }
}
