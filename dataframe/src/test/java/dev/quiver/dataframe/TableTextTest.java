package dev.quiver.dataframe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TableTextTest {
    private static final Schema SCHEMA =
            Schema.of(
                    Field.of("carrier", DataType.UTF8),
                    Field.of("late", DataType.INT64),
                    Field.of("delay", DataType.FLOAT64),
                    Field.of("day", DataType.DATE));

    private static final Table FLIGHTS =
            new ListTable(
                    SCHEMA,
                    List.of(
                            row("UA", 14_234L, 12.345678, LocalDate.of(2013, 1, 2)),
                            row(null, null, Double.NaN, null),
                            row(
                                    "a\nvery long name of a carrier that nobody needs",
                                    0L,
                                    1e-7,
                                    null)));

    private static List<Optional<Object>> row(@Nullable Object... values) {
        return Arrays.stream(values).<Optional<Object>>map(Optional::ofNullable).toList();
    }

    @Test
    void numbers_stand_right_and_texts_left() {
        assertThat(TableText.of(FLIGHTS, 20, 100))
                .isEqualTo(
                        """
                        carrier                                    late        delay  day
                        utf8                                      int64      float64  date
                        ────────────────────────────────────────  ─────  ───────────  ──────────
                        UA                                        14234      12.3457  2013-01-02
                        null                                       null          NaN  null
                        a very long name of a carrier that nobo…      0  1.00000e-07  null\
                        """);
    }

    @Test
    void columns_that_do_not_fit_are_left_out_of_the_middle() {
        assertThat(TableText.of(FLIGHTS, 1, 30))
                .isEqualTo(
                        """
                        carrier   late  …  day
                        utf8     int64  …  date
                        ───────  ─────  …  ──────────
                        UA       14234  …  2013-01-02
                        … 1 of 4 columns don't fit
                        … more rows follow\
                        """);
    }

    @Test
    void no_rows_are_said() {
        assertThat(TableText.of(new ListTable(SCHEMA, List.of()), 20, 100))
                .isEqualTo(
                        """
                        carrier   late    delay  day
                        utf8     int64  float64  date
                        ───────  ─────  ───────  ────
                        (no rows)\
                        """);
    }

    @Test
    void numbers_are_short_but_not_wrong() {
        assertThat(TableText.number(0.1 + 0.2)).isEqualTo("0.3");
        assertThat(TableText.number(123_456_789.125)).isEqualTo("123456789.125");
        assertThat(TableText.number(2)).isEqualTo("2.0");
        assertThat(TableText.number(-0.000123456789)).isEqualTo("-0.000123457");
        assertThat(TableText.number(1e20)).isEqualTo("1.0E20");
    }
}
