package dev.quiver.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.error.ColumnNotFound;
import dev.quiver.error.TypeMismatch;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BinderTest {
    static final Schema SCHEMA =
            Schema.of(
                    Field.of("flag", DataType.BOOL),
                    Field.of("tiny", DataType.INT8),
                    Field.of("i", DataType.INT32),
                    Field.of("n", DataType.INT64),
                    Field.required("id", DataType.INT64),
                    Field.of("u", DataType.UINT64),
                    Field.of("f", DataType.FLOAT32),
                    Field.of("x", DataType.FLOAT64),
                    Field.of("amount", DataType.decimal(10, 2)),
                    Field.of("rate", DataType.decimal(12, 4)),
                    Field.of("d", DataType.DATE),
                    Field.of("t", DataType.TIMESTAMP),
                    Field.of("z", DataType.TIMESTAMP_UTC),
                    Field.of("s", DataType.UTF8),
                    Field.of("c", DataType.CATEGORICAL));

    private static Bound bind(String text) {
        return Binder.bind(ExpressionParser.parse(text), SCHEMA, "Test");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    i + 1                    | int32          | i + int32 '1'
                    i + 3000000000           | int64          | cast(i as int64) + 3000000000
                    i + n                    | int64          | cast(i as int64) + n
                    i / 2                    | float64        | cast(i as float64) / 2.0
                    n * 1.5                  | float64        | cast(n as float64) * 1.5
                    x > 1                    | bool           | x > 1.0
                    u + n                    | decimal(21,0)  | cast(u as decimal(20,0)) + cast(n as decimal(19,0))
                    f + i                    | float64        | cast(f as float64) + cast(i as float64)
                    amount * (1 - rate)      | decimal(18,6)  | amount * (decimal(1,0) '1' - rate)
                    amount * 0.05            | decimal(12,4)  | amount * decimal(2,2) '0.05'
                    amount + rate            | decimal(13,4)  | amount + rate
                    amount > rate            | bool           | cast(amount as decimal(12,4)) > rate
                    amount / rate            | float64        | cast(amount as float64) / cast(rate as float64)
                    amount * x               | float64        | cast(amount as float64) * x
                    d > '2013-01-01'         | bool           | d > date '2013-01-01'
                    z > '2013-01-01T05:00Z'  | bool           | z > timestamp[us, UTC] '2013-01-01 05:00:00+00'
                    d < t                    | bool           | cast(d as timestamp[us]) < t
                    d - date '2013-01-01'    | int64          | d - date '2013-01-01'
                    t - d                    | duration[us]   | t - cast(d as timestamp[us])
                    c = 'AA'                 | bool           | c = categorical 'AA'
                    c = s                    | bool           | cast(c as utf8) = s
                    coalesce(i, 0)           | int32          | coalesce(i, int32 '0')
                    coalesce(null, i, 2.5)   | float64        | coalesce(float64 null, cast(i as float64), 2.5)
                    case when flag then 1 else x end | float64 | case when flag then 1.0 else x end
                    case when flag then 1 end | int64         | case when flag then 1 else int64 null end
                    i in (1, 2, null)        | bool           | i in (int32 '1', int32 '2', int32 null)
                    i in (1, 2.5)            | bool           | cast(i as float64) in (1.0, 2.5)
                    s is null                | bool           | s is null
                    concat(s, i)             | utf8           | concat(s, cast(i as utf8))
                    round(amount, 1)         | decimal(10,1)  | round(amount, 1)
                    truncate('month', d)     | date           | truncate('month', d)
                    sum(i)                   | int64          | sum(i)
                    sum(amount)              | decimal(38,2)  | sum(amount)
                    mean(amount) filter (where i > 1) | float64 | mean(amount) filter (where i > int32 '1')
                    max(c)                   | categorical    | max(c)
                    sum(x) / count()         | float64        | sum(x) / cast(count() as float64)
                    """)
    void operands_meet_in_a_type_and_every_conversion_is_written_down(
            String text, String type, String bound) {
        Bound result = bind(text);

        assertThat(result.type()).hasToString(type);
        assertThat(ExpressionPrinter.print(result.expression())).isEqualTo(bound);
        assertThat(Binder.bind(result.expression(), SCHEMA, "Test")).isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    n = 'abc'           | can't compare n (int64) and 'abc' (utf8)
                    s + 1               | can't add s (utf8) and 1 (int64)
                    t > z               | can't compare t (timestamp[us]) and z (timestamp[us, UTC])
                    flag + 1            | can't add flag (bool) and 1 (int64)
                    lower(n)            | n (int64) isn't a text
                    d > 'yesterday'     | can't use 'yesterday' (utf8) beside d (date)
                    n and flag          | n (int64) isn't a bool
                    coalesce(n, s)      | have no type in common
                    hour(d)             | d (date) isn't a timestamp or time
                    sum(s)              | s (utf8) isn't a number
                    cast(d as int64)    | d (date) can't become int64
                    """)
    void operands_that_do_not_go_together_are_named(String text, String message) {
        assertThatThrownBy(() -> bind(text))
                .isInstanceOf(TypeMismatch.class)
                .hasMessageContaining(message)
                .hasMessageContaining("at: Test")
                .hasMessageContaining("fix: ");
    }

    @Test
    void a_column_that_is_not_there_is_an_error_with_the_nearest_name() {
        assertThatThrownBy(() -> bind("amuont * 2"))
                .isInstanceOf(ColumnNotFound.class)
                .hasMessageContaining("did you mean 'amount'?");
    }

    @Test
    void values_are_nullable_unless_nothing_in_them_can_be_null() {
        assertThat(bind("id + 1").nullable()).isFalse();
        assertThat(bind("id + n").nullable()).isTrue();
        assertThat(bind("n is null").nullable()).isFalse();
        assertThat(bind("coalesce(n, id)").nullable()).isFalse();
        assertThat(bind("case when flag then id end").nullable()).isTrue();
        assertThat(bind("sum(id)").nullable()).isTrue();
        assertThat(bind("count(n)").nullable()).isFalse();
    }

    @Test
    void every_aggregate_says_its_type_for_every_type_or_refuses() {
        var cells = new ArrayList<String>();
        for (AggregateFunction function : AggregateFunction.values()) {
            for (Field field : SCHEMA.fields()) {
                try {
                    cells.add(
                            function
                                    + " of "
                                    + field.type()
                                    + " is "
                                    + Binder.resultType(function, Optional.of(field.type())));
                } catch (TypeMismatch _) {
                    cells.add(function + " of " + field.type() + " refused");
                }
            }
        }

        assertThat(cells)
                .contains(
                        "SUM of int8 is int64",
                        "SUM of decimal(10,2) is decimal(38,2)",
                        "MEAN of decimal(10,2) is float64",
                        "SUM of utf8 refused",
                        "MIN of date is date",
                        "FIRST of categorical is categorical",
                        "COUNT_DISTINCT of utf8 is int64");
    }
}
