package dev.quiver.planner.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quiver.dataframe.plan.InputFile;
import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.ReadOptions;
import dev.quiver.dataframe.plan.SheetOptions;
import dev.quiver.error.QuiverException;
import dev.quiver.operator.CsvFormat;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSourcesTest {
    private static final Path PARQUET =
            Path.of(System.getProperty("quiver.root", ".."))
                    .resolve("io/src/test/resources/parquet-testing/alltypes_plain.snappy.parquet");

    @TempDir Path base;

    private final List<String> hints = new ArrayList<>();

    private FileSources sources() {
        return new FileSources(base, hints::add);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(base.resolve(name), text);
    }

    private static ReadOptions options(
            Optional<Schema> schema, Map<String, DataType> types, long rows, String bytes) {
        return new ReadOptions(
                schema, types, CsvFormat.DEFAULT, "", rows, bytes, "", true, SheetOptions.DEFAULT);
    }

    private static String lines(int count) {
        return "id,name\n" + "1234567,abcdefgh\n".repeat(count);
    }

    @Test
    void a_schema_is_inferred_and_rows_are_estimated() throws IOException {
        Path file = write("t.csv", lines(10_000));

        LogicalPlan.ScanCsv scan = sources().csv(List.of("t.csv"), ReadOptions.DEFAULT);

        assertThat(scan.label()).isEqualTo("Scan[t.csv]");
        assertThat(scan.schema())
                .isEqualTo(
                        Schema.of(Field.of("id", DataType.INT64), Field.of("name", DataType.UTF8)));
        InputFile input = scan.input().files().getFirst();
        assertThat(input.size()).isEqualTo(Files.size(file));
        assertThat(input.rows()).isBetween(9_900L, 10_100L);
        assertThat(input.splittable()).isTrue();
    }

    @Test
    void a_compressed_file_is_one_range_with_the_rows_of_its_text() throws IOException {
        Path file = base.resolve("t.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(lines(20_000).getBytes(StandardCharsets.UTF_8));
        }

        InputFile input =
                sources().csv(List.of("t.csv.gz"), ReadOptions.DEFAULT).input().files().getFirst();

        assertThat(input.splittable()).isFalse();
        assertThat(input.rows()).isBetween(19_000L, 21_000L);
    }

    @Test
    void declared_types_win() throws IOException {
        write("t.csv", "id,name\n1,x\n");

        Schema typed =
                sources()
                        .csv(
                                List.of("t.csv"),
                                options(
                                        Optional.empty(),
                                        Map.of("name", DataType.CATEGORICAL),
                                        0,
                                        ""))
                        .schema();
        Schema declared =
                Schema.of(Field.of("id", DataType.INT32), Field.of("name", DataType.UTF8));
        Schema given =
                sources()
                        .csv(List.of("t.csv"), options(Optional.of(declared), Map.of(), 0, ""))
                        .schema();

        assertThat(typed.type("name")).isEqualTo(DataType.CATEGORICAL);
        assertThat(given).isEqualTo(declared);
    }

    @Test
    void sizes_of_partitions_become_bytes() throws IOException {
        write("t.csv", lines(1_000));

        long byRows = partitionBytes(100, "");
        long byBoth = partitionBytes(100, "1KB");

        assertThat(byRows).isBetween(1_600L, 1_800L);
        assertThat(byBoth).isEqualTo(1_024);
        assertThat(partitionBytes(0, "")).isZero();
    }

    private long partitionBytes(long rows, String bytes) {
        return sources()
                .csv(List.of("t.csv"), options(Optional.empty(), Map.of(), rows, bytes))
                .input()
                .partitionBytes();
    }

    @Test
    void another_delimiter_in_the_header_is_hinted_at() throws IOException {
        write("t.csv", "id;name\n1;x\n");

        sources().csv(List.of("t.csv"), ReadOptions.DEFAULT);

        assertThat(hints).singleElement().asString().contains("delimiter(';')");
    }

    @Test
    void footers_say_columns_row_groups_and_rows() throws IOException {
        Files.copy(PARQUET, base.resolve("a.parquet"));
        Files.copy(PARQUET, base.resolve("b.parquet"));

        LogicalPlan.ScanParquet scan = sources().parquet(List.of("*.parquet"), ReadOptions.DEFAULT);

        assertThat(scan.label()).isEqualTo("Scan[*.parquet]");
        assertThat(scan.schema().type("bigint_col")).isEqualTo(DataType.INT64);
        assertThat(scan.input().files()).hasSize(2);
        assertThat(scan.input().files().getFirst().groups())
                .singleElement()
                .satisfies(group -> assertThat(group.rows()).isEqualTo(2));
        assertThat(scan.input().files().getFirst().file().rows()).isEqualTo(2);
    }

    @Test
    void what_is_no_parquet_file_is_told() throws IOException {
        write("t.csv", "id;name\n1;x\n");

        var thrown =
                assertThrows(
                        QuiverException.class,
                        () -> sources().parquet(List.of("t.csv"), ReadOptions.DEFAULT));

        assertThat(thrown).hasMessageContaining("no Parquet file");
    }

    @Test
    void csv_options_do_not_go_with_parquet() {
        var thrown =
                assertThrows(
                        QuiverException.class,
                        () ->
                                sources()
                                        .parquet(
                                                List.of("t.parquet"),
                                                options(
                                                        Optional.of(
                                                                Schema.of(
                                                                        Field.of(
                                                                                "a",
                                                                                DataType.INT64))),
                                                        Map.of(),
                                                        0,
                                                        "")));

        assertThat(thrown).hasMessageContaining("options of CSV files on a read of Parquet files");
    }
}
