package dev.quiver.io.csv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.columnar.Chunk;
import dev.quiver.operator.CsvFormat;
import dev.quiver.operator.FileRange;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvReaderTest {
    @TempDir Path directory;

    private Path file(String text) {
        return CsvTexts.file(directory, text);
    }

    private List<List<@Nullable Object>> read(String text) {
        return CsvTexts.read(file(text));
    }

    private List<List<@Nullable Object>> readAs(DataType type, String text) {
        return CsvTexts.read(file(text), CsvFormat.DEFAULT, Schema.of(Field.of("a", type)));
    }

    private static List<@Nullable Object> row(@Nullable Object... values) {
        return Arrays.asList(values);
    }

    @Test
    void each_type_is_read_as_its_java_value() {
        Path file =
                file(
                        "b,i,f,d,t,u,s\n"
                            + "true,-12,1.5,2013-02-28,2013-01-01"
                            + " 10:00:00.25,2013-01-01T10:00:00+02:00,x\n"
                            + "FALSE,9223372036854775807,-1e-3,1969-12-31,2013-01-01T10:30,2013-01-01T10:00:00Z,\"a,b\"\n");

        var rows = CsvTexts.read(file);

        assertThat(CsvTexts.infer(file, CsvFormat.DEFAULT).fields().stream().map(Field::type))
                .containsExactly(
                        DataType.BOOL,
                        DataType.INT64,
                        DataType.FLOAT64,
                        DataType.DATE,
                        DataType.TIMESTAMP,
                        DataType.TIMESTAMP_UTC,
                        DataType.UTF8);
        assertThat(rows)
                .containsExactly(
                        row(
                                true,
                                -12L,
                                1.5,
                                LocalDate.of(2013, 2, 28),
                                LocalDateTime.of(2013, 1, 1, 10, 0, 0, 250_000_000),
                                Instant.parse("2013-01-01T08:00:00Z"),
                                "x"),
                        row(
                                false,
                                Long.MAX_VALUE,
                                -0.001,
                                LocalDate.of(1969, 12, 31),
                                LocalDateTime.of(2013, 1, 1, 10, 30),
                                Instant.parse("2013-01-01T10:00:00Z"),
                                "a,b"));
    }

    @Test
    void the_unquoted_empty_field_is_null_and_the_quoted_one_is_an_empty_text() {
        assertThat(read("a,b,c\n,1,x\n\"\",,\"\"\n\"x\",\"\",\n"))
                .containsExactly(row(null, 1L, "x"), row("", null, ""), row("x", null, null));
    }

    @Test
    void null_texts_are_null_unless_quoted() {
        Path file = file("a,b\nNA,NA\n\"NA\",7\n-,-\n");
        CsvFormat format = CsvTexts.nulls("NA", "-");

        var rows = CsvTexts.read(file, format, CsvTexts.infer(file, format));

        assertThat(rows).containsExactly(row(null, null), row("NA", 7L), row(null, null));
    }

    @Test
    void quotes_may_hold_delimiters_line_ends_and_doubled_quotes() {
        assertThat(read("a,b\n\"x\"\"y\",\"1\n2\r\n3\"\n\"\"\"\",\",\"\nplain\"quote,z\n"))
                .containsExactly(
                        row("x\"y", "1\n2\r\n3"), row("\"", ","), row("plain\"quote", "z"));
    }

    @Test
    void line_ends_may_be_crlf_and_the_last_may_be_missing() {
        assertThat(read("a,b\r\n1,x\r\n2,\r\n\"3\",\"y\"\r\n4,z"))
                .containsExactly(row(1L, "x"), row(2L, null), row(3L, "y"), row(4L, "z"));
    }

    @Test
    void a_byte_order_mark_and_blank_lines_are_skipped() {
        assertThat(read("\uFEFFa,b\n\n1,x\n\r\n\n2,y\n\n"))
                .containsExactly(row(1L, "x"), row(2L, "y"));
    }

    @Test
    void a_blank_line_is_null_in_a_file_of_one_column() {
        assertThat(read("a\n1\n\n2\n")).containsExactly(row(1L), row((Object) null), row(2L));
    }

    @Test
    void a_header_alone_is_no_rows() {
        assertThat(read("a,b\n")).isEmpty();
        assertThat(read("a,b")).isEmpty();
    }

    @Test
    void without_a_header_columns_are_numbered() {
        Path file = file("1,x\n2,y\n");
        var format = new CsvFormat(',', '"', false, List.of(), CsvFormat.LINE_BYTES_MAX);

        Schema schema = CsvTexts.infer(file, format);

        assertThat(schema.names()).containsExactly("c1", "c2");
        assertThat(CsvTexts.read(file, format, schema)).containsExactly(row(1L, "x"), row(2L, "y"));
    }

    @Test
    void another_delimiter_and_quote_are_taken() {
        Path file = file("a;b\n'x;y';1,5\n");
        var format = new CsvFormat(';', '\'', true, List.of(), CsvFormat.LINE_BYTES_MAX);

        assertThat(CsvTexts.read(file, format, CsvTexts.infer(file, format)))
                .containsExactly(row("x;y", "1,5"));
    }

    @Test
    void declared_types_read_what_they_say() {
        assertThat(readAs(DataType.decimal(5, 2), "a\n1.5\n-999.99\n7\n1.50\n1.500\n"))
                .containsExactly(
                        row(new BigDecimal("1.50")),
                        row(new BigDecimal("-999.99")),
                        row(new BigDecimal("7.00")),
                        row(new BigDecimal("1.50")),
                        row(new BigDecimal("1.50")));
        assertThat(readAs(DataType.decimal(30, 2), "a\n1234567890123456789012345678.5\n"))
                .containsExactly(row(new BigDecimal("1234567890123456789012345678.50")));
        assertThat(readAs(DataType.INT8, "a\n-128\n127\n")).containsExactly(row(-128L), row(127L));
        assertThat(readAs(DataType.INT32, "a\n-2147483648\n007\n"))
                .containsExactly(row(-2147483648L), row(7L));
        assertThat(readAs(DataType.UINT64, "a\n18446744073709551615\n"))
                .containsExactly(row(new BigInteger("18446744073709551615")));
        assertThat(readAs(DataType.FLOAT32, "a\n0.1\n")).containsExactly(row((double) 0.1f));
        assertThat(readAs(DataType.TIME, "a\n23:59:59.000001\n"))
                .containsExactly(row(LocalTime.of(23, 59, 59, 1000)));
        assertThat(readAs(DataType.CATEGORICAL, "a\nx\n\"\"\nx\n"))
                .containsExactly(row("x"), row(""), row("x"));
        assertThat(readAs(new DataType.Enumeration(List.of("lo", "hi")), "a\nhi\nlo\nhi\n"))
                .containsExactly(row("hi"), row("lo"), row("hi"));
    }

    @Test
    void numbers_may_have_spaces_a_plus_and_be_not_finite() {
        assertThat(readAs(DataType.INT64, "a\n 12 \n+7\n000000000000000000012\n"))
                .containsExactly(row(12L), row(7L), row(12L));
        assertThat(readAs(DataType.FLOAT64, "a\nNaN\n-inf\nInfinity\n .5\n5.\n+1e2\n"))
                .containsExactly(
                        row(Double.NaN),
                        row(Double.NEGATIVE_INFINITY),
                        row(Double.POSITIVE_INFINITY),
                        row(0.5),
                        row(5.0),
                        row(100.0));
    }

    @Test
    void only_the_columns_asked_for_are_made_in_the_order_asked_for() {
        Path file = file("a,b,c\n1,x,bad\n2,y,bad\n");
        Schema all =
                Schema.of(
                        Field.of("a", DataType.INT64),
                        Field.of("b", DataType.UTF8),
                        Field.of("c", DataType.INT64));

        var rows =
                CsvTexts.read(
                        CsvFormat.DEFAULT,
                        all,
                        all.select(List.of("b", "a")),
                        CsvSplits.of(List.of(file)),
                        Chunk.ROWS);

        assertThat(rows).containsExactly(row("x", 1L), row("y", 2L));
    }

    @Test
    void no_column_asked_for_still_counts_rows() {
        Path file = file("a,b\n1,x\n2,y\n");
        Schema all = CsvTexts.infer(file, CsvFormat.DEFAULT);

        var rows =
                CsvTexts.read(
                        CsvFormat.DEFAULT,
                        all,
                        new Schema(List.of()),
                        CsvSplits.of(List.of(file)),
                        Chunk.ROWS);

        assertThat(rows).hasSize(2);
    }

    @Test
    void gzip_of_several_members_is_read_as_one_text() throws IOException {
        var bytes = new ByteArrayOutputStream();
        bytes.write(CsvTexts.gzip("a,b\n1,x\n2,".getBytes(StandardCharsets.UTF_8)));
        bytes.write(CsvTexts.gzip(new byte[0]));
        bytes.write(CsvTexts.gzip("y\n3,z".getBytes(StandardCharsets.UTF_8)));
        bytes.write(new byte[100]);
        Path file = CsvTexts.file(directory, "t.csv.gz", bytes.toByteArray());

        assertThat(CsvTexts.read(file)).containsExactly(row(1L, "x"), row(2L, "y"), row(3L, "z"));
    }

    @Test
    void a_line_longer_than_the_window_is_read() {
        String text = "x".repeat(3_000_000);
        assertThat(read("a,b\n1," + text + "\n2,\"" + text + "\"\n"))
                .containsExactly(row(1L, text), row(2L, text));
    }

    @Test
    void the_flights_of_2013_are_all_there() {
        Path file =
                Path.of(
                        System.getProperty("quiver.root"),
                        "examples",
                        "nycflights13",
                        "flights.csv.gz");
        CsvFormat format = CsvTexts.nulls("NA");
        Schema schema = CsvTexts.infer(file, format);

        var rows =
                CsvTexts.read(
                        format,
                        schema,
                        schema.select(List.of("dep_time", "arr_delay", "time_hour", "carrier")),
                        CsvSplits.of(List.of(file)),
                        Chunk.ROWS);

        assertThat(rows).hasSize(336_776);
        assertThat(rows.stream().filter(r -> r.get(0) == null)).hasSize(8_255);
        assertThat(rows.stream().filter(r -> r.get(1) == null)).hasSize(9_430);
        assertThat(rows.getFirst())
                .containsExactly(517L, 11L, Instant.parse("2013-01-01T10:00:00Z"), "UA");
        assertThat(rows.stream().map(r -> r.get(3)).distinct()).hasSize(16);
    }

    @Test
    void every_way_to_cut_a_file_gives_the_same_rows() {
        String text =
                "\uFEFFa,b,c\r\n"
                        + "1,\"x\n"
                        + ",\"\"\n"
                        + "\",p\n\n"
                        + "2,\"\",q\r\n"
                        + "3,\"a\r\n"
                        + "\"\"\r\n"
                        + "b\",\"\"\"\"\n"
                        + "4,it\"s,\n";
        Path file = file(text);
        Schema schema = CsvTexts.infer(file, CsvFormat.DEFAULT);
        var whole = CsvTexts.read(file);
        FileRange all = CsvSplits.of(List.of(file)).getFirst();

        for (int bytes = 1; bytes <= all.size(); bytes++) {
            var cut =
                    CsvTexts.read(
                            CsvFormat.DEFAULT,
                            schema,
                            schema,
                            CsvSplits.of(List.of(file), bytes),
                            Chunk.ROWS);
            assertThat(cut).as("ranges of %d bytes", bytes).isEqualTo(whole);
        }
        assertThat(whole).hasSize(4);
        assertThat(whole.get(2)).containsExactly(3L, "a\r\n\"\r\nb", "\"");
    }
}
