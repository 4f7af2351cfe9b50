package dev.quiver.io.json;

import static java.util.Arrays.asList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.error.QuiverException;
import dev.quiver.operator.FileFormat;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonReaderTest {
    @TempDir Path directory;

    private Path file(String text) {
        return JsonTexts.file(directory, "t.jsonl", text);
    }

    @Test
    void columns_are_the_keys_in_the_order_in_which_they_first_appear() {
        Path file = file("{\"b\": 1}\n{\"a\": true, \"b\": 2.5}\n\n{\"c\": \"x\", \"b\": null}\n");

        assertThat(JsonTexts.infer(file))
                .isEqualTo(
                        Schema.of(
                                Field.of("b", DataType.FLOAT64),
                                Field.of("a", DataType.BOOL),
                                Field.of("c", DataType.UTF8)));
        assertThat(JsonTexts.read(file))
                .containsExactly(
                        asList(1.0, null, null), asList(2.5, true, null), asList(null, null, "x"));
    }

    @Test
    void iso_texts_are_dates_and_times_when_all_of_a_column_are() {
        Path file =
                file(
                        """
                        {"d":"2013-01-31","t":"2013-01-31T10:00:00.25","z":"2013-01-31T10:00:00+01:00","m":"2013-01-31","n":"2013-01-31"}
                        {"d":"2013-02-01","t":"2013-02-01","z":"2013-01-31T10:00:00Z","m":"soon","n":7}
                        """);

        assertThat(JsonTexts.infer(file).fields().stream().map(Field::type))
                .containsExactly(
                        DataType.DATE,
                        DataType.TIMESTAMP,
                        DataType.TIMESTAMP_UTC,
                        DataType.UTF8,
                        DataType.UTF8);
        assertThat(JsonTexts.read(file))
                .containsExactly(
                        asList(
                                LocalDate.of(2013, 1, 31),
                                LocalDateTime.parse("2013-01-31T10:00:00.25"),
                                Instant.parse("2013-01-31T09:00:00Z"),
                                "2013-01-31",
                                "2013-01-31"),
                        asList(
                                LocalDate.of(2013, 2, 1),
                                LocalDateTime.parse("2013-02-01T00:00"),
                                Instant.parse("2013-01-31T10:00:00Z"),
                                "soon",
                                "7"));
    }

    @Test
    void objects_are_structs_and_arrays_lists() {
        Path file =
                file(
                        """
                        {"p":{"x":1,"tags":["a","b"]},"l":[{"k":1},{"v":2}]}
                        {"p":null,"l":[]}
                        {"p":{"tags":[],"y":true},"l":[null]}
                        """);

        assertThat(JsonTexts.infer(file).toString())
                .isEqualTo(
                        "p: struct<x: int64, tags: list<utf8>, y: bool>\n"
                                + "l: list<struct<k: int64, v: int64>>");
        assertThat(JsonTexts.read(file))
                .containsExactly(
                        asList(
                                asList(1L, List.of("a", "b"), null),
                                List.of(asList(1L, null), asList(null, 2L))),
                        asList(null, List.of()),
                        asList(asList(null, List.of(), true), asList((Object) null)));
    }

    @Test
    void what_has_no_common_type_is_text_as_it_stands() {
        Path file =
                file(
                        "{\"v\":{\"a\" : [1, 2]}}\n{\"v\":12.50}\n{\"v\":\"tëxt \\ud83d\\ude00\"}\n"
                                + "{\"v\":12345678901234567890}\n{\"v\":true}\n");

        assertThat(JsonTexts.read(file))
                .containsExactly(
                        List.of("{\"a\":[1,2]}"),
                        List.of("12.50"),
                        List.of("tëxt 😀"),
                        List.of("12345678901234567890"),
                        List.of("true"));
    }

    @Test
    void arrays_and_objects_over_many_lines_are_read_as_lines_are() {
        Path array =
                JsonTexts.file(directory, "a.json", " [\n{\"a\":\n1},\n {\"a\":2}, {\"a\":3}]\n");
        Path pretty = JsonTexts.file(directory, "p.json", "{\n\"a\": 1\n}\n{\"a\":2}{\"a\":3}");
        Path marked = JsonTexts.file(directory, "m.json", "\uFEFF{\"a\":1}\n{\"a\":2}\n{\"a\":3}");

        assertThat(JsonTexts.format(array).lines()).isFalse();
        assertThat(JsonTexts.format(pretty).lines()).isFalse();
        assertThat(JsonTexts.format(marked).lines()).isTrue();
        for (Path file : List.of(array, pretty, marked))
            assertThat(JsonTexts.read(file)).containsExactly(List.of(1L), List.of(2L), List.of(3L));
    }

    @Test
    void utf_16_is_read_whole() throws Exception {
        Path file = directory.resolve("wide.json");
        Files.write(file, "\uFEFF{\"a\":\"é\"}\n{\"a\":\"z\"}".getBytes(StandardCharsets.UTF_16LE));

        assertThat(JsonTexts.format(file).lines()).isFalse();
        assertThat(JsonTexts.read(file)).containsExactly(List.of("é"), List.of("z"));
    }

    @Test
    void every_cut_of_a_file_gives_the_same_rows() {
        Path file = file("{\"a\":1}\n\n{\"a\":22}\r\n{\"a\":333}\n{\"a\":4}");
        Schema schema = JsonTexts.infer(file);
        var whole = JsonTexts.read(file);
        long size = file.toFile().length();

        for (long i = 0; i <= size; i++) {
            for (long j = i; j <= size; j++) {
                var ranges = JsonTexts.cut(file, i, j);
                assertThat(JsonTexts.read(JsonTexts.format(file), schema, schema, ranges))
                        .as("cut at %d and %d", i, j)
                        .isEqualTo(whole);
            }
        }
    }

    @Test
    void declared_columns_take_texts_and_leave_other_keys_out() {
        Path file =
                file(
                        "{\"id\":\"7\",\"x\":{\"deep\":[1]},\"price\":12.5,\"raw\":\"AAEC\",\"f\":\"NaN\"}\n");
        Schema schema =
                Schema.of(
                        Field.of("price", DataType.decimal(10, 2)),
                        Field.of("id", DataType.INT32),
                        Field.of("raw", DataType.BINARY),
                        Field.of("f", DataType.FLOAT64),
                        Field.of("missing", DataType.CATEGORICAL));

        var row = JsonTexts.read(file, schema, schema).getFirst();

        assertThat(row.get(0)).isEqualTo(new BigDecimal("12.50"));
        assertThat(row.get(1)).isEqualTo(7L);
        assertThat(row.get(2)).isEqualTo(new byte[] {0, 1, 2});
        assertThat(row.get(3)).isEqualTo(Double.NaN);
        assertThat(row.get(4)).isNull();
    }

    @Test
    void only_the_columns_asked_for_are_made() {
        Path file = file("{\"a\":1,\"b\":\"x\",\"c\":[1]}\n{\"c\":[2],\"a\":2}\n");
        Schema all = JsonTexts.infer(file);

        assertThat(JsonTexts.read(file, all, all.select(List.of("c", "a"))))
                .containsExactly(List.of(List.of(1L), 1L), List.of(List.of(2L), 2L));
    }

    @Test
    void errors_name_file_line_column_and_text() {
        Schema schema = Schema.of(Field.of("a", DataType.INT64));

        assertError(
                "{\"a\":1}\n{\"a\":1}\n{\"a\":\"x1\"}\n",
                schema,
                "'x1' is not an int64",
                "line 3, column 'a'",
                ".type(\"a\", DataType.UTF8)");
        assertError("{\"a\":1}\n{\"a\":1.5}\n", schema, "'1.5' is not an int64", "line 2");
        assertError("{\"a\":1}\n{\"a\":{}}\n", schema, "'{…}' is not an int64", "line 2");
        assertError("{\"a\":1}\n{\"a\":1,\"a\":2}\n", schema, "'a' stands twice", "line 2");
        assertError("{\"a\":1}\n[1]\n", schema, "'[' stands where an object", "line 2");
        assertError("{\"a\":1}\n{\"a\":1\n", schema, "it is not JSON", "t.jsonl, line");
        assertError("{\"a\":1}\n{\"a\":tru}\n", schema, "it is not JSON", "line 2");
        assertThatThrownBy(() -> JsonTexts.infer(file("")))
                .hasMessageContaining("no object with a key");
    }

    @Test
    void an_error_in_a_later_range_has_the_line_that_an_editor_shows() {
        Path file = file("{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n{\"a\":x}\n");
        Schema schema = Schema.of(Field.of("a", DataType.INT64));

        assertThatThrownBy(() ->
                        JsonTexts.read(
                                JsonTexts.format(file), schema, schema, JsonTexts.cut(file, 9)))
                .hasMessageContaining("line 4");
    }

    @Test
    void a_key_that_the_samples_lacked_is_an_error() {
        Path file = file("{\"a\":1}\n{\"ab\":2}\n");
        Schema schema = Schema.of(Field.of("a", DataType.INT64));
        var closed = new FileFormat.Json(true, true, FileFormat.TEXT_BYTES_MAX);

        assertThatThrownBy(() -> JsonTexts.read(closed, schema, schema, JsonTexts.cut(file)))
                .isInstanceOf(QuiverException.class)
                .hasMessageContaining("'ab' is no column that was found")
                .hasMessageContaining("line 2");
    }

    private void assertError(String text, Schema schema, String... parts) {
        assertThatThrownBy(() -> JsonTexts.read(file(text), schema, schema))
                .isInstanceOf(QuiverException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(parts));
        assertThat(JsonTexts.POOL.usedBytes()).as("bytes left behind").isZero();
    }
}
