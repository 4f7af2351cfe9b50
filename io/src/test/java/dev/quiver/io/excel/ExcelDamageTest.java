package dev.quiver.io.excel;

import static dev.quiver.io.excel.Workbooks.FIRST;
import static dev.quiver.io.excel.Workbooks.file;
import static dev.quiver.io.excel.Workbooks.infer;
import static dev.quiver.io.excel.Workbooks.nulls;
import static dev.quiver.io.excel.Workbooks.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.error.QuiverException;
import dev.quiver.operator.FileFormat;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that aren't workbooks, and workbooks that were damaged.
final class ExcelDamageTest {
    private static final int DAMAGES = 150;

    @TempDir private Path directory;

    @AfterEach
    void nothing_is_left() {
        assertThat(Workbooks.POOL.usedBytes()).as("bytes left behind").isZero();
    }

    @Test
    void what_is_no_workbook_is_refused_with_what_it_is() throws Exception {
        assertThatThrownBy(() -> infer(FIRST, file("encrypted.xlsx")))
                .hasMessageContaining("is encrypted with a password")
                .hasMessageContaining("UNSUPPORTED");
        assertThatThrownBy(() -> infer(FIRST, file("old.xls")))
                .hasMessageContaining("is a workbook of Excel 97 to 2003 (.xls)")
                .hasMessageContaining("save it as .xlsx");
        Path text = Files.writeString(directory.resolve("text.xlsx"), "a,b\n1,2\n");
        assertThatThrownBy(() -> infer(FIRST, text))
                .hasMessageContaining("is no Excel workbook (.xlsx), which is a zip");
        Path empty = Files.createFile(directory.resolve("none.xlsx"));
        assertThatThrownBy(() -> infer(FIRST, empty)).hasMessageContaining("is empty");
        Path zip = directory.resolve("zip.xlsx");
        try (var out = new java.util.zip.ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new java.util.zip.ZipEntry("a.txt"));
        }
        assertThatThrownBy(() -> infer(FIRST, zip))
                .hasMessageContaining("is a zip without a workbook in it");
        assertThatThrownBy(() -> infer(FIRST, directory.resolve("missing.xlsx")))
                .hasMessageContaining("no file '");
    }

    @Test
    void parts_that_contradict_themselves_are_refused() throws Exception {
        assertDamaged("<row r='2'/><row r='1'/>", "row 1 stands behind row 2");
        assertDamaged("<row r='9999999'/>", "'9999999' is no number of a row");
        assertDamaged(
                "<row><c r='B1'><v>1</v></c><c r='A1'><v>1</v></c></row>",
                "the cells of row 1 are out of order");
        assertDamaged("<row><c r='ABCD1'><v>1</v></c></row>", "'ABCD1' is no cell");
        assertDamaged("<row><c t='q'><v>1</v></c></row>", "a cell is of the type 'q'");
        assertDamaged("<row><c><v>1</v></row>", "the workbook is damaged");
        assertDamaged("<row><c><v>&x;</v></c></row>", "the workbook is damaged");
        String header = "<row><c t='str'><v>a</v></c></row>";
        assertDamaged(header + "<row><c><v>1e999</v></c></row>", "'1e999' is not of type utf8");
        assertDamaged(header + "<row><c t='s'><v>7</v></c></row>", "'7' is not of type utf8");
        assertDamaged(header + "<row><c><v>0x1p3</v></c></row>", "'0x1p3' is not of type utf8");
        assertDamaged(header + "<row><c t='b'><v>2</v></c></row>", "'2' is not of type bool");
    }

    @Test
    void texts_and_rows_longer_than_a_text_may_be_are_refused() throws Exception {
        String run = "<r><t>" + "x".repeat(600) + "</t></r>";
        Path runs =
                Workbooks.of(
                        directory.resolve("runs.xlsx"),
                        "<row><c t='inlineStr'><is>%s</is></c></row>".formatted(run.repeat(2)));
        Path row =
                Workbooks.of(
                        directory.resolve("row.xlsx"),
                        "<row>%s</row>"
                                .formatted(
                                        "<c t='inlineStr'><is>%s</is></c>"
                                                .formatted(run)
                                                .repeat(2)));
        var format = new FileFormat.Excel("", 1, "", true, List.of(), true, 1000);
        for (Path file : List.of(runs, row))
            assertThatThrownBy(() -> infer(format, file))
                    .as(file.toString())
                    .hasMessageContaining("a text is longer than 1,000 bytes");
    }

    @Test
    void numbers_with_vast_exponents_take_no_memory() throws Exception {
        Path file =
                Workbooks.of(
                        directory.resolve("tiny.xlsx"),
                        "<row><c t='str'><v>a</v></c></row><row><c><v>1e-999999999</v></c></row>"
                                + "<row><c><v>12345678901234567</v></c></row>");
        for (DataType type : List.of(DataType.INT64, new DataType.Decimal(38, 2))) {
            Schema schema = Schema.of(Field.of("a", type));
            assertThat(read(FIRST, file, schema, schema)).hasSize(2);
        }
    }

    private void assertDamaged(String rows, String message) throws Exception {
        Path file = Workbooks.of(directory.resolve("t.xlsx"), rows);
        assertThatThrownBy(() -> read(FIRST, file))
                .isInstanceOf(QuiverException.class)
                .hasMessageContaining(message);
    }

    @Test
    void a_damaged_workbook_is_read_as_it_was_or_refused() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed " + seed);
        var random = new Random(seed);
        int refused = 0;
        for (String name : List.of("sales.xlsx", "formulas.xlsx", "dates1904.xlsx")) {
            byte[] good = Files.readAllBytes(file(name));
            Schema schema = infer(nulls("#DIV/0!"), file(name));
            List<List<@Nullable Object>> rows = rows(file(name), schema);
            for (int i = 0; i < DAMAGES / 3; i++) {
                Path file = Files.write(directory.resolve("t.xlsx"), damaged(good, random));
                try {
                    assertThat(rows(file, schema)).as("damage %d of %s", i, name).isEqualTo(rows);
                } catch (QuiverException _) {
                    refused++;
                }
            }
        }
        assertThat(refused).isGreaterThan(DAMAGES / 3);
    }

    private static List<List<@Nullable Object>> rows(Path file, Schema schema) {
        return read(nulls("#DIV/0!"), file, schema, schema);
    }

    private static byte[] damaged(byte[] good, Random random) {
        if (random.nextInt(4) == 0) return Arrays.copyOf(good, random.nextInt(good.length));
        byte[] bad = good.clone();
        for (int i = random.nextInt(3); i >= 0; i--)
            bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
        return bad;
    }
}
