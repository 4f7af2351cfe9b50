package dev.quiver.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.dataframe.DataFrame;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What is equal passes, and what isn't is shown so that one sees it.
final class FrameAssertTest {
    private static final PipelineTest TEST = new PipelineTest();

    private static DataFrame cities;

    private static final String CITIES =
            """
            id | city   | degrees
            1  | Oslo   | -3.5
            2  |        | 20.0
            3  | ""     |
            """;

    @BeforeAll
    static void open() {
        cities = TEST.open().table(CITIES);
    }

    @AfterAll
    static void close() {
        TEST.close();
    }

    @Test
    void what_is_alike_passes() {
        FrameAssert.assertThat(cities)
                .hasSchema("id: int64", "city: utf8", "degrees: float64")
                .hasSchema(cities.schema())
                .hasColumns("id", "city", "degrees")
                .hasRowCount(3)
                .hasRowsInOrder(CITIES)
                .hasRows(cities)
                .hasRows(
                        """
                        degrees | id | city
                        --------+----+-----
                                | 3  | ""
                        20      | 2  |
                        -3.50   | 1  | Oslo
                        """);
        FrameAssert.assertThat(cities.limit(0)).isEmpty();
    }

    @Test
    void a_value_that_differs_stands_under_the_one_that_was_expected() {
        assertThatThrownBy(() ->
                        FrameAssert.assertThat(cities)
                                .hasRowsInOrder(
                                        """
                                        id | city   | degrees
                                        1  | Oslo   | -3.5
                                        2  | null   | 21.0
                                        3  | Lima   |
                                        """))
                .hasMessage(
                        """
                        the rows differ: 2 of 3   (- expected, + found)
                            row  id  city  degrees
                          -   2  2   null  21.0
                          +   2  2   null  20.0
                          -   3  3   Lima  null
                          +   3  3   ""    null\
                        """);
    }

    @Test
    void in_any_order_rows_that_are_alike_stand_together_and_equal_rows_are_counted() {
        assertThatThrownBy(() ->
                        FrameAssert.assertThat(cities)
                                .hasRows(
                                        """
                                        id | city   | degrees
                                        3  | ""     |
                                        1  | Oslo   | -3.25
                                        3  | ""     |
                                        2  |        | 20.0
                                        """))
                .hasMessage(
                        """
                        the rows differ: 4 expected, 3 found   (- expected, + found)
                            row  id  city  degrees
                          -   2  1   Oslo  -3.25
                          +   1  1   Oslo  -3.5
                          -   3  3   ""    null\
                        """);
    }

    @Test
    void columns_that_differ_are_shown_in_a_column() {
        assertThatThrownBy(
                        () -> FrameAssert.assertThat(cities).hasSchema("id: int64", "city: bool"))
                .hasMessage(
                        """
                        the columns differ   (- expected, + found)
                            id: int64
                          - city: bool
                          + city: utf8
                          + degrees: float64\
                        """);
        assertThatThrownBy(() -> FrameAssert.assertThat(cities).hasRows("id | town\n1 | Oslo"))
                .hasMessageContaining("the names of the columns differ")
                .hasMessageContaining("- town");
        assertThatThrownBy(() -> FrameAssert.assertThat(cities).isEmpty())
                .hasMessage("0 rows expected, 3 found");
    }

    @Test
    void differences_of_wide_frames_fit_80_columns_and_show_the_column_that_differs() {
        String names = wide(i -> "column" + i);
        String rows = wide(i -> "a value of some length " + i);
        DataFrame frame = TEST.table(names + "\n" + (rows + "\n").repeat(30));

        assertThatThrownBy(() ->
                        FrameAssert.assertThat(frame)
                                .hasRows(
                                        names
                                                + "\n"
                                                + (rows.replace("length 19", "size 19") + "\n")
                                                        .repeat(30)))
                .satisfies(e -> {
                    assertThat(e.getMessage().lines()).allMatch(line -> line.length() <= 80);
                    assertThat(e.getMessage())
                            .contains("column19", "a value of some size 19", "18 of 20 columns")
                            .endsWith("… 20 more rows differ");
                });
    }

    private static String wide(java.util.function.IntFunction<String> cell) {
        return IntStream.range(0, 20).mapToObj(cell).collect(Collectors.joining(" | "));
    }

    @Test
    void a_table_with_ragged_rows_is_refused() {
        assertThatThrownBy(() -> TEST.table("a | b\n1\n"))
                .hasMessageContaining("row 1 of the table has 1 cells and there are 2 names");
    }
}
