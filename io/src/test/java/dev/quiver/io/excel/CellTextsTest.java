package dev.quiver.io.excel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class CellTextsTest {
    @Test
    void ranges_are_said_as_in_formulas() {
        assertThat(CellRange.parse("B2:F100")).isEqualTo(new CellRange(1, 99, 1, 5));
        assertThat(CellRange.parse("$b$2:$f$100")).isEqualTo(new CellRange(1, 99, 1, 5));
        assertThat(CellRange.parse("B:F")).isEqualTo(new CellRange(0, (1 << 20) - 1, 1, 5));
        assertThat(CellRange.parse("2:100")).isEqualTo(new CellRange(1, 99, 0, (1 << 14) - 1));
        assertThat(CellRange.parse("B5:F")).isEqualTo(new CellRange(4, (1 << 20) - 1, 1, 5));
        assertThat(CellRange.parse("A1:XFD1048576")).isEqualTo(CellRange.ALL);
        for (String text :
                new String[] {
                    "B2", "F2:B2", "B9:F2", ":F2", "B2:", "A0:B1", "XFE:XFF", "1:1048577", "x y"
                })
            assertThatThrownBy(() -> CellRange.parse(text))
                    .as(text)
                    .hasMessageContaining("cells(\"%s\") is no range of cells".formatted(text));
    }

    @Test
    void columns_have_letters() {
        for (int column : new int[] {0, 25, 26, 51, 701, 702, 16383})
            assertThat(CellRange.column(CellRange.letters(column))).isEqualTo(column);
        assertThat(CellRange.letters(16383)).isEqualTo("XFD");
    }

    @Test
    void formats_look_like_numbers_dates_times_or_lengths() {
        Map<String, NumberLook> looks =
                Map.of(
                        "0.00", NumberLook.NUMBER,
                        "\"day\" 0", NumberLook.NUMBER,
                        "#,##0\\ \\d", NumberLook.NUMBER,
                        "yyyy\"年\"m\"月\"", NumberLook.DATE,
                        "mm", NumberLook.DATE,
                        "mm:ss", NumberLook.TIME,
                        "[mm]:ss", NumberLook.LENGTH,
                        "[Red]h:mm", NumberLook.TIME,
                        "0;\"no date: \"d", NumberLook.NUMBER);
        looks.forEach((text, look) -> assertThat(NumberLook.of(text)).as(text).isEqualTo(look));
    }

    @Test
    void escapes_stand_for_letters_that_xml_lacks() {
        assertThat(SharedStrings.unescaped("a_x000D_b_x005F_x0041__x00zz__x"))
                .isEqualTo("a\rb_x0041__x00zz__x");
    }

    @Test
    void parts_name_others_from_where_they_are() {
        assertThat(Workbook.resolved("xl/", "worksheets/sheet1.xml"))
                .isEqualTo("xl/worksheets/sheet1.xml");
        assertThat(Workbook.resolved("xl/", "/xl/styles.xml")).isEqualTo("xl/styles.xml");
        assertThat(Workbook.resolved("xl/", "../a/./b.xml")).isEqualTo("a/b.xml");
        assertThat(Workbook.resolved("xl/", ".//../../../b.xml")).isEqualTo("b.xml");
    }
}
