package dev.quiver.io.csv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.operator.CsvFormat;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Schema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvInferenceTest {
    @TempDir Path directory;

    private DataType typeOf(String... values) {
        Path file = CsvTexts.file(directory, "a,b\n" + String.join(",\n", values) + ",\n");
        return CsvTexts.infer(file, CsvFormat.DEFAULT).type("a");
    }

    @Test
    void a_column_has_the_most_special_type_of_all_its_values() {
        assertThat(typeOf("true", "", "FALSE")).isEqualTo(DataType.BOOL);
        assertThat(typeOf("1", "-9223372036854775808", "0")).isEqualTo(DataType.INT64);
        assertThat(typeOf("1", "2.5")).isEqualTo(DataType.FLOAT64);
        assertThat(typeOf("1", "1e5", "NaN", "-inf")).isEqualTo(DataType.FLOAT64);
        assertThat(typeOf("2013-02-28")).isEqualTo(DataType.DATE);
        assertThat(typeOf("2013-02-28", "2013-02-28 10:00")).isEqualTo(DataType.TIMESTAMP);
        assertThat(typeOf("2013-02-28T10:00:00.123456Z")).isEqualTo(DataType.TIMESTAMP_UTC);
        assertThat(typeOf("2013-02-28T10:00:00+01:00")).isEqualTo(DataType.TIMESTAMP_UTC);
        assertThat(typeOf("2013-02-28T10:00:00.1", "2013-02-28T10:00:00.000000001"))
                .isEqualTo(new DataType.Timestamp(DataType.TimeUnit.NANO, Optional.empty()));
        assertThat(typeOf("x", "1")).isEqualTo(DataType.UTF8);
    }

    @Test
    void what_only_looks_like_a_number_or_a_date_stays_text() {
        for (String text :
                List.of(
                        "007",
                        "-01",
                        "00.5",
                        "9223372036854775808",
                        "1,5",
                        "1_000",
                        "0x1F",
                        "1d",
                        "1e999",
                        "+49",
                        "-",
                        ".",
                        "2013-02-30",
                        "2013-2-3",
                        "2013-02-28T25:00:00",
                        "10:00:00",
                        "yes",
                        "  "))
            assertThat(typeOf("\"" + text + "\"")).as(text).isEqualTo(DataType.UTF8);
    }

    @Test
    void types_that_do_not_go_together_are_text() {
        assertThat(typeOf("true", "1")).isEqualTo(DataType.UTF8);
        assertThat(typeOf("2013-02-28", "1")).isEqualTo(DataType.UTF8);
        assertThat(typeOf("2013-02-28T10:00:00Z", "2013-02-28T10:00:00")).isEqualTo(DataType.UTF8);
    }

    @Test
    void a_column_without_values_is_text() {
        assertThat(typeOf("", "", "")).isEqualTo(DataType.UTF8);
    }

    @Test
    void a_declared_type_is_taken_as_it_is() {
        Path file = CsvTexts.file(directory, "a,b\nx,1\n");

        Schema schema =
                CsvInference.infer(
                                List.of(file),
                                CsvFormat.DEFAULT,
                                Map.of("b", DataType.decimal(5, 2)))
                        .schema();

        assertThat(schema.type("b")).isEqualTo(DataType.decimal(5, 2));
    }

    @Test
    void values_deep_in_a_large_file_are_found_by_samples() throws IOException {
        Path file = directory.resolve("large.csv");
        byte[] row = "12,\"some text, with a comma\"\n".getBytes(StandardCharsets.UTF_8);
        byte[] late = "1.5,x\n".getBytes(StandardCharsets.UTF_8);
        try (var to = new java.io.BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            to.write("a,b\n".getBytes(StandardCharsets.UTF_8));
            long half = CsvInference.WHOLE_BYTES_MAX / 2 / row.length;
            for (int i = 0; i < half; i++) to.write(row);
            for (int i = 0; i < 2 * half * row.length / late.length; i++) to.write(late);
        }

        Schema schema = CsvTexts.infer(file, CsvFormat.DEFAULT);

        assertThat(Files.size(file)).isGreaterThan(CsvInference.WHOLE_BYTES_MAX);
        assertThat(schema.type("a")).isEqualTo(DataType.FLOAT64);
        assertThat(schema.type("b")).isEqualTo(DataType.UTF8);
    }
}
