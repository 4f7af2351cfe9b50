package dev.quiver.io.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.error.QuiverException;
import dev.quiver.io.FileWritten;
import dev.quiver.operator.CsvFormat;
import dev.quiver.operator.CsvText;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvWriterTest {
    @TempDir Path directory;

    private final MemoryPool pool = new MemoryPool(1L << 30);
    private final MemoryAccount account = pool.account(new Owner("test", "write", 0));

    @AfterEach
    void nothing_is_left_in_memory() {
        account.close();
        pool.close();
    }

    private static List<@Nullable Object> row(@Nullable Object... values) {
        return Arrays.asList(values);
    }

    private Path write(
            Schema schema, List<List<@Nullable Object>> rows, CsvFormat format, String codec) {
        Path file = directory.resolve("out.csv");
        try (Chunk chunk = ColumnBuilder.chunk(schema, account, rows);
                var writer = CsvWriter.open(file, schema, format, codec, account)) {
            writer.append(chunk);
            FileWritten written = writer.finish();
            assertThat(written).isEqualTo(new FileWritten(rows.size(), Files.size(file)));
            return file;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<List<@Nullable Object>> random(long seed, int count) {
        var rows = new ArrayList<List<@Nullable Object>>();
        for (long s = seed; rows.size() < count; s++) rows.addAll(new RandomCsv(s, 400).rows);
        return rows;
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip"})
    void what_is_written_reads_back_equal(String codec) {
        String given = System.getProperty("seed", "");
        long seed = given.isEmpty() ? new Random().nextLong() : Long.parseLong(given);
        System.out.println("CsvWriterTest -Dseed=" + seed);
        for (int i = 0; i < 5; i++) {
            var rows = random(seed + 1000L * i, 1000);

            Path file = write(RandomCsv.SCHEMA, rows, CsvFormat.DEFAULT, codec);

            assertThat(CsvTexts.read(file, CsvFormat.DEFAULT, RandomCsv.SCHEMA))
                    .as("seed %d", seed)
                    .isEqualTo(rows);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 40, 700, 9_000, 300_000})
    void texts_of_any_length_stand_in_their_rows(int lengthMax) {
        String given = System.getProperty("seed", "");
        long seed = given.isEmpty() ? new Random().nextLong() : Long.parseLong(given);
        System.out.println("CsvWriterTest -Dseed=" + seed);
        var random = new Random(seed);
        var schema =
                Schema.of(
                        Field.of("n", DataType.INT64),
                        Field.of("plain", DataType.UTF8),
                        Field.of("other", DataType.UTF8),
                        Field.of("x", DataType.FLOAT64));
        var rows = new ArrayList<List<@Nullable Object>>();
        for (int i = 0; i < 1000; i++) {
            String sign = random.nextInt(10) == 0 ? "\"" : "é";
            boolean isLong = random.nextInt(20) == 0;
            String text = sign.repeat(random.nextInt(isLong ? lengthMax : 20));
            Object other = random.nextInt(5) == 0 ? null : "c" + random.nextInt(9);
            rows.add(row((long) i * i, text, other, random.nextInt() / 1000.0));
        }

        Path file = write(schema, rows, CsvFormat.DEFAULT, "none");

        assertThat(CsvTexts.read(file, CsvFormat.DEFAULT, schema))
                .as("seed %d", seed)
                .isEqualTo(rows);
    }

    @Test
    void every_type_has_its_text() throws IOException {
        Schema schema =
                Schema.of(
                        Field.of("u", DataType.UINT64),
                        Field.of("d", DataType.decimal(30, 2)),
                        Field.of("f", DataType.FLOAT32),
                        Field.of("t", DataType.TIME),
                        Field.of(
                                "z",
                                new DataType.Timestamp(DataType.TimeUnit.NANO, Optional.of("UTC"))),
                        Field.of("p", DataType.DURATION),
                        Field.of("y", DataType.DATE),
                        Field.of("w", DataType.TIMESTAMP));
        var rows =
                List.of(
                        row(
                                BigInteger.TWO.pow(64).subtract(BigInteger.ONE),
                                new BigDecimal("12345678901234567890.50"),
                                (double) 0.1f,
                                LocalTime.of(1, 2, 3, 4000),
                                Instant.parse("2013-01-01T00:00:00.000000007Z"),
                                Duration.ofSeconds(90),
                                LocalDate.of(12013, 1, 2),
                                LocalDateTime.of(1969, 12, 31, 23, 59, 59, 500_000_000)),
                        row(null, null, null, null, null, null, null, null));

        Path file = write(schema, rows, CsvFormat.DEFAULT, "none");

        assertThat(Files.readString(file))
                .isEqualTo(
                        """
                        u,d,f,t,z,p,y,w
                        18446744073709551615,12345678901234567890.50,0.1,01:02:03.000004,\
                        2013-01-01T00:00:00.000000007Z,PT1M30S,+12013-01-02,1969-12-31T23:59:59.5
                        ,,,,,,,
                        """);
        assertThat(CsvTexts.read(file, CsvFormat.DEFAULT, schema)).isEqualTo(rows);
    }

    @Test
    void quotes_stand_only_where_they_are_needed() throws IOException {
        Schema schema = Schema.of(Field.of("a;b", DataType.UTF8), Field.of("n", DataType.INT64));
        var format = new CsvFormat(';', '"', true, List.of("NA"), CsvFormat.LINE_BYTES_MAX);
        var rows =
                List.of(
                        row("plain, text", 1L),
                        row("", null),
                        row(null, 2L),
                        row("a;b", 3L),
                        row("say \"x\"", 4L),
                        row("two\nlines", 5L),
                        row("NA", 6L));

        Path file = write(schema, rows, format, "none");

        assertThat(Files.readString(file))
                .isEqualTo(
                        "\"a;b\";n\nplain, text;1\n\"\";NA\nNA;2\n\"a;b\";3\n\"say \"\"x\"\"\";4\n"
                                + "\"two\nlines\";5\n\"NA\";6\n");
        assertThat(CsvTexts.read(file, format, schema)).isEqualTo(rows);
    }

    @Test
    void quotes_are_escaped_by_the_sign_that_is_asked_for() throws IOException {
        Schema schema = Schema.of(Field.of("a", DataType.UTF8), Field.of("n", DataType.INT64));
        CsvFormat format = CsvFormat.DEFAULT.withText(CsvText.PLAIN.withEscape('\\'));
        var rows = List.of(row("say \"x\"", 1L), row("c:\\new", 2L), row("\\\"", 3L), row("é", 4L));

        Path file = write(schema, rows, format, "none");

        assertThat(Files.readString(file))
                .isEqualTo("a,n\n\"say \\\"x\\\"\",1\n\"c:\\\\new\",2\n\"\\\\\\\"\",3\né,4\n");
        assertThat(CsvTexts.read(file, format, schema)).isEqualTo(rows);
    }

    @Test
    void numbers_are_the_shortest_that_read_back() {
        String given = System.getProperty("seed", "");
        long seed = given.isEmpty() ? new Random().nextLong() : Long.parseLong(given);
        System.out.println("CsvWriterTest -Dseed=" + seed);
        var random = new Random(seed);
        assertThat(text(1.0)).isEqualTo("1.0");
        assertThat(text(-0.0)).isEqualTo("-0.0");
        assertThat(text(0.1)).isEqualTo("0.1");
        assertThat(text(1e10)).isEqualTo("10000000000.0");
        assertThat(text(1.5e-5)).isEqualTo("0.000015");
        assertThat(text(1e300)).isEqualTo("1.0E300");
        assertThat(text(Double.MIN_VALUE)).isEqualTo("4.9E-324");
        assertThat(text(Double.NaN)).isEqualTo("NaN");
        assertThat(text(Double.NEGATIVE_INFINITY)).isEqualTo("-Infinity");
        for (int i = 0; i < 20_000; i++) {
            double value =
                    i % 2 == 0
                            ? Double.longBitsToDouble(random.nextLong())
                            : random.nextInt() / Math.pow(10, random.nextInt(12));
            if (Double.isNaN(value)) continue;
            String written = text(value);
            assertThat(Double.parseDouble(written)).as(written).isEqualTo(value);
            assertThat(new BigDecimal(written).stripTrailingZeros().precision())
                    .as("digits of %s", written)
                    .isLessThanOrEqualTo(
                            new BigDecimal(finite(value)).stripTrailingZeros().precision());
        }
    }

    private static String finite(double value) {
        return Double.toString(Double.isInfinite(value) ? 0 : value);
    }

    private static String text(double value) {
        var to = new byte[dev.quiver.io.TextOutput.VALUE_BYTES_MAX];
        int end = NumberText.putDouble(to, 0, value);
        return new String(to, 0, end, java.nio.charset.StandardCharsets.US_ASCII);
    }

    @Test
    void dictionary_encoded_text_is_written_as_its_values() {
        Schema schema =
                Schema.of(Field.of("c", DataType.CATEGORICAL), Field.of("b", DataType.BOOL));
        List<@Nullable Object> words = row("x", null, "", "x", "ü,");
        Path file = directory.resolve("out.csv");
        try (var dictionary = new Dictionary(account)) {
            Column coded =
                    ColumnBuilder.encodedColumn(DataType.CATEGORICAL, account, dictionary, words);
            Column bools =
                    ColumnBuilder.column(
                            DataType.BOOL, account, row(true, false, null, true, false));
            try (var chunk = new Chunk(schema, List.of(coded, bools), 5);
                    var writer = CsvWriter.open(file, schema, CsvFormat.DEFAULT, "none", account)) {
                writer.append(chunk);
                writer.append(chunk);
                writer.finish();
            }
        }

        assertThat(CsvTexts.read(file, CsvFormat.DEFAULT, schema))
                .hasSize(10)
                .startsWith(
                        row("x", true),
                        row(null, false),
                        row("", null),
                        row("x", true),
                        row("ü,", false));
    }

    @Test
    void a_writer_that_is_closed_before_its_end_leaves_no_file() {
        Schema schema = Schema.of(Field.of("a", DataType.INT64));
        Path file = directory.resolve("deep/er/out.csv");
        var writer = CsvWriter.open(file, schema, CsvFormat.DEFAULT, "gzip", account);
        assertThat(file).exists();
        writer.close();
        assertThat(file).doesNotExist();
    }

    @Test
    void what_csv_cannot_hold_is_refused_before_a_file_is_made() {
        Schema schema =
                Schema.of(
                        Field.of(
                                "raw",
                                new DataType.Struct(List.of(Field.of("x", DataType.INT64)))));
        Path file = directory.resolve("out.csv");

        assertThatThrownBy(() -> CsvWriter.open(file, schema, CsvFormat.DEFAULT, "none", account))
                .isInstanceOf(QuiverException.class)
                .hasMessage(
                        """
                        CSV can't hold column 'raw' of struct<x: int64>   (UNSUPPORTED)
                          fix: leave it out, cast it to utf8, or use Parquet\
                        """);
        assertThatThrownBy(() ->
                        CsvWriter.open(
                                file,
                                Schema.of(Field.of("a", DataType.INT64)),
                                CsvFormat.DEFAULT,
                                "snappy",
                                account))
                .hasMessage(
                        """
                        CSV is not written with codec 'snappy'   (ARGUMENT_INVALID)
                          has: none, gzip, zstd
                          fix: choose one of them\
                        """);
        assertThat(file).doesNotExist();
    }
}
