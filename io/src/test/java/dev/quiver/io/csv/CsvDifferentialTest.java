package dev.quiver.io.csv;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvRecord;
import dev.quiver.columnar.Chunk;
import dev.quiver.operator.CsvFormat;
import dev.quiver.operator.FileRange;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random files against what they were made from, DuckDB and FastCSV. `-Dseed=` repeats a run.
class CsvDifferentialTest {
    private static final int FILES = 25 * Integer.getInteger("seeds.factor", 1);
    private static final int FILES_CUT = 6;

    @TempDir Path directory;

    private static long seed() {
        String given = System.getProperty("seed", "");
        long seed = given.isEmpty() ? new Random().nextLong() : Long.parseLong(given);
        System.out.println("CsvDifferentialTest -Dseed=" + seed);
        return seed;
    }

    private Path file(RandomCsv csv) {
        return CsvTexts.file(directory, csv.text);
    }

    private static List<List<@Nullable Object>> read(Path file, long rangeBytes, int rowsPerChunk) {
        return CsvTexts.read(
                CsvFormat.DEFAULT,
                RandomCsv.SCHEMA,
                RandomCsv.SCHEMA,
                CsvSplits.of(List.of(file), rangeBytes),
                rowsPerChunk);
    }

    @Test
    void what_was_written_is_read_in_chunks_and_ranges_of_any_size() {
        long seed = seed();
        for (int i = 0; i < FILES; i++) {
            var csv = new RandomCsv(seed + i, 300);
            Path file = file(csv);
            var random = new Random(seed + i);

            for (int k = 0; k < 4; k++) {
                int rangeBytes = 1 << random.nextInt(16);
                int rowsPerChunk = 64 << random.nextInt(5);
                assertThat(read(file, Math.max(1000, rangeBytes), rowsPerChunk))
                        .as("seed %d, ranges of %d", seed + i, rangeBytes)
                        .isEqualTo(csv.rows);
            }
        }
    }

    @Test
    void every_size_of_range_from_one_byte_on_gives_the_same_rows() {
        long seed = seed();
        for (int i = 0; i < FILES_CUT; i++) {
            var csv = new RandomCsv(seed + i, 5);
            Path file = file(csv);
            int size = csv.text.getBytes(StandardCharsets.UTF_8).length;

            for (int bytes = 1; bytes <= size; bytes += 1 + bytes / 16)
                assertThat(read(file, bytes, Chunk.ROWS))
                        .as("seed %d, ranges of %d", seed + i, bytes)
                        .isEqualTo(csv.rows);
        }
    }

    @Test
    void gzip_gives_the_rows_of_the_text_inside() {
        long seed = seed();
        for (int i = 0; i < 10; i++) {
            var csv = new RandomCsv(seed + i, 2000);
            byte[] zipped = CsvTexts.gzip(csv.text.getBytes(StandardCharsets.UTF_8));
            Path file = CsvTexts.file(directory, "t.csv.gz", zipped);

            assertThat(read(file, CsvSplits.RANGE_BYTES, Chunk.ROWS))
                    .as("seed %d", seed + i)
                    .isEqualTo(csv.rows);
        }
    }

    @Test
    void duckdb_reads_the_same_values() throws SQLException {
        long seed = seed();
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:")) {
            for (int i = 0; i < FILES; i++) {
                var csv = new RandomCsv(seed + i, 200);
                Path file = file(csv);

                assertThat(CsvTexts.read(file, CsvFormat.DEFAULT, RandomCsv.SCHEMA))
                        .as("seed %d", seed + i)
                        .isEqualTo(duckdbRows(duckdb, file));
            }
        }
    }

    private static List<List<@Nullable Object>> duckdbRows(Connection duckdb, Path file)
            throws SQLException {
        String columns =
                RandomCsv.SCHEMA.fields().stream()
                        .map(f -> "'%s': '%s'".formatted(f.name(), sqlType(f)))
                        .collect(Collectors.joining(", "));
        String query =
                ("SELECT * FROM read_csv('%s', header = true, auto_detect = false, delim = ',',"
                                + " quote = '\"', escape = '\"', nullstr = '',"
                                + " allow_quoted_nulls = false, parallel = false,"
                                + " columns = {%s})")
                        .formatted(file, columns);
        var rows = new ArrayList<List<@Nullable Object>>();
        try (Statement statement = duckdb.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            try (ResultSet result = statement.executeQuery(query)) {
                while (result.next()) {
                    var row = new ArrayList<@Nullable Object>();
                    for (int c = 0; c < RandomCsv.SCHEMA.size(); c++)
                        row.add(value(result, c + 1, RandomCsv.SCHEMA.field(c).type()));
                    rows.add(row);
                }
            }
        }
        return rows;
    }

    private static String sqlType(Field field) {
        return switch (field.type()) {
            case DataType.Utf8 _ -> "VARCHAR";
            case DataType.Int(var bits, _) -> bits == 64 ? "BIGINT" : "INTEGER";
            case DataType.FloatingPoint _ -> "DOUBLE";
            case DataType.Date _ -> "DATE";
            case DataType.Timestamp(_, var zone) -> zone.isPresent() ? "TIMESTAMPTZ" : "TIMESTAMP";
            case DataType.Bool _ -> "BOOLEAN";
            case DataType.Decimal(var precision, var scale) ->
                    "DECIMAL(%d,%d)".formatted(precision, scale);
            default -> throw new IllegalArgumentException(field.toString());
        };
    }

    private static @Nullable Object value(ResultSet result, int column, DataType type)
            throws SQLException {
        Object value =
                switch (type) {
                    case DataType.Int _ -> result.getLong(column);
                    case DataType.Date _ -> result.getObject(column, LocalDate.class);
                    case DataType.Timestamp(_, var zone) ->
                            zone.isPresent()
                                    ? result.getObject(column, OffsetDateTime.class)
                                    : result.getObject(column, LocalDateTime.class);
                    default -> result.getObject(column);
                };
        if (result.wasNull()) return null;
        return value instanceof OffsetDateTime time ? time.toInstant() : value;
    }

    @Test
    void fastcsv_finds_the_same_fields() throws IOException {
        long seed = seed();
        Schema texts =
                new Schema(
                        RandomCsv.SCHEMA.names().stream()
                                .map(n -> Field.of(n, DataType.UTF8))
                                .toList());
        for (int i = 0; i < FILES; i++) {
            var csv = new RandomCsv(seed + i, 200);
            Path file = file(csv);

            var ours = CsvTexts.read(file, CsvFormat.DEFAULT, texts);

            assertThat(blankForNull(ours)).as("seed %d", seed + i).isEqualTo(fastCsvRows(csv.text));
        }
    }

    private static List<List<String>> blankForNull(List<List<@Nullable Object>> rows) {
        return rows.stream()
                .map(r -> r.stream().map(v -> v == null ? "" : (String) v).toList())
                .toList();
    }

    private static List<List<String>> fastCsvRows(String text) throws IOException {
        String bare = text.startsWith("\uFEFF") ? text.substring(1) : text;
        try (var reader = de.siegmar.fastcsv.reader.CsvReader.builder().ofCsvRecord(bare)) {
            return reader.stream().skip(1).map(CsvRecord::getFields).toList();
        }
    }

    @Test
    void hostile_bytes_are_rows_or_an_error_and_the_same_in_every_cut() throws IOException {
        long seed = seed();
        var random = new Random(seed);
        Schema schema = Schema.of(Field.of("a", DataType.UTF8), Field.of("b", DataType.UTF8));
        int[] alphabet = {'"', '"', ',', '\n', '\r', 'x', 'y'};
        var format = new CsvFormat(',', '"', false, List.of(), CsvFormat.LINE_BYTES_MAX);
        for (int i = 0; i < 1500; i++) {
            var text = new StringBuilder();
            int length = random.nextInt(24);
            for (int k = 0; k < length; k++)
                text.append((char) alphabet[random.nextInt(alphabet.length)]);
            Path file = Files.writeString(directory.resolve("h.csv"), text);
            List<FileRange> whole = CsvSplits.of(List.of(file));

            Object once = rowsOrCode(format, schema, whole);
            Object cut = rowsOrCode(format, schema, CsvSplits.of(List.of(file), 1 + i % 7));

            assertThat(cut).as("text %s", text).isEqualTo(once);
        }
    }

    private static Object rowsOrCode(CsvFormat format, Schema schema, List<FileRange> ranges) {
        try {
            return CsvTexts.read(format, schema, schema, ranges, Chunk.ROWS);
        } catch (dev.quiver.error.QuiverException e) {
            return e.what() + " " + e.where().getFirst();
        }
    }
}
