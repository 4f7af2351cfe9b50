package dev.quiver.io.excel;

import static dev.quiver.io.excel.Workbooks.FIRST;
import static dev.quiver.io.excel.Workbooks.cells;
import static dev.quiver.io.excel.Workbooks.declared;
import static dev.quiver.io.excel.Workbooks.file;
import static dev.quiver.io.excel.Workbooks.infer;
import static dev.quiver.io.excel.Workbooks.nulls;
import static dev.quiver.io.excel.Workbooks.read;
import static dev.quiver.io.excel.Workbooks.sheet;
import static dev.quiver.io.excel.Workbooks.withoutHeader;
import static java.util.Arrays.asList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.columnar.Chunk;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExcelReaderTest {
    @TempDir private Path directory;

    @AfterEach
    void nothing_is_left() {
        assertThat(Workbooks.POOL.usedBytes()).as("bytes left behind").isZero();
    }

    @Test
    void columns_have_the_types_that_their_cells_formats_show() {
        assertThat(infer(FIRST, file("sales.xlsx")).toString())
                .isEqualTo(
                        """
                        id: int64
                        item: utf8
                        price: float64
                        day: date
                        sold at: timestamp[us]
                        ok: bool
                        code: utf8
                        opens: time[us]
                        worked: duration[us]
                        mixed: utf8\
                        """);
    }

    @Test
    void cells_are_what_their_formats_show() {
        assertThat(read(FIRST, file("sales.xlsx")))
                .containsExactly(
                        asList(
                                1L,
                                "tea & \"milk\"",
                                2.5,
                                LocalDate.of(2024, 5, 1),
                                LocalDateTime.of(2024, 5, 1, 9, 30, 15, 250_000_000),
                                true,
                                "007",
                                LocalTime.of(8, 30),
                                Duration.ofMinutes(26 * 60 + 5),
                                "1"),
                        asList(
                                2L,
                                "Köln ✓ 😀",
                                1e6,
                                LocalDate.of(2024, 5, 2),
                                LocalDateTime.of(2024, 5, 2, 23, 59, 59),
                                false,
                                "2",
                                LocalTime.MIDNIGHT,
                                Duration.ZERO,
                                "x"),
                        asList(3L, null, -0.125, null, null, null, null, null, null, "2024-05-03"),
                        asList(
                                4L,
                                "  two\nlines ",
                                12.0,
                                LocalDate.of(1900, 2, 28),
                                LocalDateTime.of(1900, 3, 1, 0, 0),
                                true,
                                "15",
                                LocalTime.of(23, 59, 59),
                                Duration.ofMinutes(90),
                                "2.5"));
    }

    @Test
    void some_columns_are_read_in_any_order_and_as_declared() {
        Path sales = file("sales.xlsx");
        Schema wanted =
                Schema.of(
                        Field.of("price", new DataType.Decimal(10, 3)),
                        Field.of("id", DataType.INT8),
                        Field.of("day", DataType.UTF8),
                        Field.of("code", DataType.CATEGORICAL));

        assertThat(read(declared(true), sales, wanted, wanted))
                .startsWith(
                        asList(new BigDecimal("2.500"), 1L, "2024-05-01", "007"),
                        asList(new BigDecimal("1000000.000"), 2L, "2024-05-02", "2"));
    }

    @Test
    void a_table_within_a_sheet_is_named_by_its_cells() {
        assertThat(read(cells("prices 2024", "B5:C7"), file("sales.xlsx")))
                .containsExactly(asList("tea", 1.5), asList("milk", 2.0));
        assertThat(read(cells("Prices 2024", "B5:B"), file("sales.xlsx")))
                .containsExactly(List.of("tea"), List.of("milk"), List.of("total"));
    }

    @Test
    void a_formula_is_the_value_that_was_kept_of_it() {
        assertThat(read(nulls("#DIV/0!"), file("formulas.xlsx")))
                .containsExactly(
                        asList(1L, 2L, "a", false, -1L),
                        asList(2L, 4L, "aa", true, null),
                        asList(3L, 6L, "aaa", true, 1L));
        assertThatThrownBy(() -> read(FIRST, file("formulas.xlsx")))
                .hasMessageContaining("a cell has the error #DIV/0!")
                .hasMessageContaining("formulas.xlsx, sheet 'Calc', cell E3, column 'ratio'")
                .hasMessageContaining(".nulls(\"#DIV/0!\")");
        assertThatThrownBy(() -> read(cells("Prices 2024", "B5:C"), file("sales.xlsx")))
                .hasMessageContaining("a formula whose value isn't in the file")
                .hasMessageContaining("cell C8");
    }

    @Test
    void days_count_from_1904_where_the_workbook_says_so() {
        assertThat(read(FIRST, file("dates1904.xlsx")))
                .containsExactly(
                        asList(LocalDate.of(2024, 5, 1), LocalDateTime.of(2024, 5, 1, 6, 45)),
                        asList(LocalDate.of(1904, 1, 2), LocalDateTime.of(1904, 1, 1, 0, 0)));
    }

    @Test
    void the_day_that_there_was_not_is_an_error() {
        assertThatThrownBy(() -> read(FIRST, file("impossible.xlsx")))
                .hasMessageContaining("'60', shown as a date, is not of type date")
                .hasMessageContaining("cell A3");
    }

    @Test
    void formats_of_numbers_say_what_is_a_date() {
        assertThat(infer(FIRST, file("formats.xlsx")).fields().stream().map(f -> f.type() + ""))
                .containsExactly(
                        "int64",
                        "date",
                        "date",
                        "date",
                        "time[us]",
                        "duration[us]",
                        "time[us]",
                        "int64",
                        "int64",
                        "int64",
                        "timestamp[us]",
                        "date",
                        "int64",
                        "date");
    }

    @Test
    void merged_cells_have_their_value_in_the_first_alone() {
        assertThat(read(FIRST, file("merged.xlsx")))
                .containsExactly(
                        asList("north", "Oslo", 1L),
                        asList(null, "Bergen", 2L),
                        asList(null, "Tromsø", 3L),
                        asList("south", "Kraków", 4L));
    }

    @Test
    void texts_are_read_whole_whatever_their_runs_and_escapes() {
        assertThat(read(FIRST, file("rich.xlsx")))
                .containsExactly(
                        List.of("plain bold end"), List.of("tab\tand _x0041_ and \u0001 end"));
        assertThat(read(FIRST, file("inline.xlsx")))
                .containsExactly(asList("one", 1.0), asList("two", 2.25));
    }

    @Test
    void blank_rows_and_columns_are_left_out() {
        Path file = file("empty.xlsx");

        assertThat(read(sheet("Gaps"), file)).containsExactly(asList(1L, 2L), asList(3L, 4L));
        assertThat(infer(sheet("Unnamed"), file).names()).containsExactly("a", "c2", "b", "c5");
        assertThat(read(sheet("Unnamed"), file)).containsExactly(asList(1L, 5L, 2L, 9L));
        assertThat(read(sheet("Header"), file)).isEmpty();
        assertThat(infer(withoutHeader("Gaps"), file).names()).containsExactly("c1", "c3");
        assertThat(read(withoutHeader("Gaps"), file))
                .startsWith(asList("a", "b"), asList("1", "2"));
        assertThatThrownBy(() -> infer(sheet("Nothing"), file))
                .hasMessageContaining("sheet 'Nothing' of '")
                .hasMessageContaining("has no value")
                .hasMessageContaining("name another sheet");
    }

    @Test
    void without_a_header_declared_columns_stand_in_their_order() throws Exception {
        Path file =
                Workbooks.of(
                        directory.resolve("t.xlsx"),
                        "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>");
        Schema schema = Schema.of(Field.of("y", DataType.INT64), Field.of("x", DataType.FLOAT64));

        assertThat(read(declared(false), file, schema, schema))
                .containsExactly(asList(1L, 2.0), asList(3L, null));
        Schema one = Schema.of(Field.of("y", DataType.INT64));
        assertThatThrownBy(() -> read(declared(false), file, one, one))
                .hasMessageContaining("a cell has a value, and its column isn't known")
                .hasMessageContaining("cell B1");
    }

    @Test
    void sheets_are_found_by_name_or_number_among_those_of_cells() {
        Path file = file("chart.xlsx");

        assertThat(read(FIRST, file)).containsExactly(List.of(1L), List.of(2L));
        assertThat(read(sheet("hidden"), file)).containsExactly(List.of(7L));
        assertThatThrownBy(() -> infer(sheet("Number"), file))
                .hasMessageContaining("no sheet 'Number' in '")
                .hasMessageContaining("has: Numbers, Hidden")
                .hasMessageContaining("did you mean 'Numbers'?");
    }

    @Test
    void a_header_that_repeats_a_name_and_a_column_that_is_missing_are_errors() {
        assertThatThrownBy(() -> infer(FIRST, file("twice.xlsx")))
                .hasMessageContaining("the header has 'a' twice")
                .hasMessageContaining("cells A1 and C1");
        Schema schema = Schema.of(Field.of("pryce", DataType.FLOAT64));
        assertThatThrownBy(() -> read(declared(true), file("sales.xlsx"), schema, schema))
                .hasMessageContaining("no column 'pryce' in the sheet")
                .hasMessageContaining("did you mean 'price'?");
    }

    @Test
    void a_value_that_is_not_of_its_type_is_an_error_that_names_the_cell() {
        Path sales = file("sales.xlsx");
        Schema item = Schema.of(Field.of("item", DataType.INT64));
        assertThatThrownBy(() -> read(declared(true), sales, item, item))
                .hasMessageContaining("'tea & \"milk\"' is not of type int64")
                .hasMessageContaining("sales.xlsx, sheet 'Sales', cell B2, column 'item'");
        Schema day = Schema.of(Field.of("day", DataType.INT64));
        assertThatThrownBy(() -> read(declared(true), sales, day, day))
                .hasMessageContaining("'45413', shown as a date, is not of type int64");
        Schema price = Schema.of(Field.of("price", DataType.INT64));
        assertThatThrownBy(() -> read(declared(true), sales, price, price))
                .hasMessageContaining("'2.5' is not of type int64");
    }

    @Test
    void a_gate_is_told_the_rows_that_cannot_be_read() {
        var told = new ArrayList<String>();
        Schema schema = Schema.of(Field.of("id", DataType.INT64), Field.of("code", DataType.INT64));

        List<List<Object>> rows =
                read(
                        declared(true),
                        file("sales.xlsx"),
                        schema,
                        Schema.of(Field.of("code", DataType.DATE), Field.of("id", DataType.INT64)),
                        Optional.of((origin, column, rule) ->
                                told.add("%d %s %s".formatted(origin.row(), column, rule))));

        assertThat(rows).containsExactly(asList(null, 3L));
        assertThat(told).containsExactly("2 code type", "3 code type", "5 code type");
    }

    @Test
    void large_sheets_come_in_chunks() throws Exception {
        int count = 2 * Chunk.ROWS + 5;
        var rows = new StringBuilder("<row><c t='s'><v>0</v></c><c t='s'><v>1</v></c></row>");
        for (int i = 0; i < count; i++)
            rows.append("<row><c><v>").append(i).append("</v></c><c t='s'><v>2</v></c></row>");
        Path file =
                Workbooks.of(
                        directory.resolve("t.xlsx"),
                        rows.toString(),
                        "<si><t>n</t></si><si><t>w</t></si><si><t>same</t></si>");

        List<List<Object>> read = read(FIRST, file);

        assertThat(read).hasSize(count).endsWith(asList(count - 1L, "same"));
    }
}
