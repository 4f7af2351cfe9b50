package dev.quiver.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.error.QuiverException;
import dev.quiver.expression.Expression.Aggregate;
import dev.quiver.expression.Expression.Branch;
import dev.quiver.expression.Expression.Call;
import dev.quiver.expression.Expression.Case;
import dev.quiver.expression.Expression.Cast;
import dev.quiver.expression.Expression.Column;
import dev.quiver.expression.Expression.In;
import dev.quiver.expression.Expression.Literal;
import dev.quiver.schema.DataType;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExpressionTextTest {
    private static final int EXPRESSIONS = 5_000;
    private static final String[] NAMES = {
        "a", "amount", "unit price", "date", "select", "AND", "日本", "", "x\"y", "2nd", "sum"
    };

    @Test
    void what_is_printed_reads_back_as_an_equal_expression() {
        String given = System.getProperty("seed", "");
        long seed = given.isEmpty() ? new Random().nextLong() : Long.parseLong(given);
        System.out.println("seed " + seed);
        var random = new Random(seed);

        for (int i = 0; i < EXPRESSIONS; i++) {
            Expression expression = any(random, 1 + random.nextInt(5));
            String text = ExpressionPrinter.print(expression);
            assertThat(ExpressionParser.parse(text)).as(text).isEqualTo(expression);
        }
    }

    private static Expression any(Random random, int depth) {
        if (depth == 0) {
            return random.nextBoolean()
                    ? new Column(NAMES[random.nextInt(NAMES.length)])
                    : literal(random);
        }
        return switch (random.nextInt(8)) {
            case 0 -> {
                var branches = new ArrayList<Branch>();
                for (int i = 0; i <= random.nextInt(3); i++)
                    branches.add(new Branch(any(random, depth - 1), any(random, depth - 1)));
                yield new Case(branches, any(random, depth - 1));
            }
            case 1 -> new Cast(any(random, depth - 1), DataType.decimal(12, 3));
            case 2 -> new In(any(random, depth - 1), List.of(literal(random), literal(random)));
            case 3 ->
                    new Aggregate(
                            AggregateFunction.values()[random.nextInt(10)],
                            Optional.of(any(random, depth - 1)),
                            random.nextBoolean()
                                    ? Optional.empty()
                                    : Optional.of(any(random, depth - 1)));
            default -> call(random, depth - 1);
        };
    }

    private static Expression call(Random random, int depth) {
        Function function = Function.values()[random.nextInt(Function.values().length)];
        int count =
                switch (function) {
                    case NEGATE, NOT, IS_NULL, IS_NOT_NULL -> 1;
                    case ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO, AND, OR -> 2;
                    case EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL -> 2;
                    default -> random.nextInt(4);
                };
        var arguments = new ArrayList<Expression>();
        for (int i = 0; i < count; i++) arguments.add(any(random, depth));
        return new Call(function, arguments);
    }

    private static Literal literal(Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> new Literal(random.nextLong(), DataType.INT64);
            case 1 -> new Literal((long) random.nextInt(100), DataType.INT32);
            case 2 -> new Literal(random.nextGaussian() * 1e20, DataType.FLOAT64);
            case 3 -> new Literal(random.nextBoolean() ? Double.NaN : -0.0, DataType.FLOAT64);
            case 4 -> new Literal("it's \"" + random.nextInt(), DataType.UTF8);
            case 5 -> new Literal(null, DataType.BOOL);
            case 6 -> new Literal(null, DataType.TIMESTAMP_UTC);
            case 7 -> new Literal(random.nextBoolean(), DataType.BOOL);
            case 8 -> new Literal(new BigDecimal("-1.50"), DataType.decimal(10, 2));
            case 9 -> new Literal(LocalDate.ofEpochDay(random.nextInt(20_000)), DataType.DATE);
            case 10 ->
                    new Literal(
                            LocalDateTime.of(2013, 1, 2, 3, 4, 5, random.nextInt(1000) * 1000),
                            DataType.TIMESTAMP);
            default -> new Literal(Instant.ofEpochSecond(random.nextInt()), DataType.TIMESTAMP_UTC);
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    a + b * c - d          | a + b * c - d
                    (a + b) * c            | (a + b) * c
                    a - (b - c)            | a - (b - c)
                    NOT a AND b OR c       | not a and b or c
                    not (a and b)          | not (a and b)
                    a == 1                 | a = 1
                    a != -1.5e3            | a <> -1500.0
                    -a * -(5)              | -a * -(5)
                    a BETWEEN 1 AND 2      | a >= 1 and a <= 2
                    a not in (1, 2)        | not a in (1, 2)
                    "a b" is not null      | "a b" is not null
                    `a b` is null          | "a b" is null
                    s like 'a%'            | starts_with(s, 'a')
                    s like '%a'            | ends_with(s, 'a')
                    s like '%a%'           | contains(s, 'a')
                    s like 'a'             | s = 'a'
                    case a when 1 then 'x' end | case when a = 1 then 'x' else null end
                    avg(a) + count(*)      | mean(a) + count()
                    count(distinct a)      | n_unique(a)
                    date > date '2013-01-01' | date > date '2013-01-01'
                    cast(a as varchar)     | cast(a as utf8)
                    date_trunc('month', t) | truncate('month', t)
                    """)
    void text_is_read_with_the_usual_precedence(String text, String printed) {
        assertThat(ExpressionPrinter.print(ExpressionParser.parse(text))).isEqualTo(printed);
    }

    @Test
    void parameters_are_values_in_order() {
        Expression expression =
                ExpressionParser.parse("a > ? and b in (?, 'x') and c = ?", 1, "it's", null);

        assertThat(ExpressionPrinter.print(expression))
                .isEqualTo("a > 1 and b in ('it''s', 'x') and c = null");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    a +                   | expected a column, a constant, a function or '(', found the end | 4
                    a b                   | expected an operator or the end, found 'b' | 3
                    (a + 1                | expected ')', found the end         | 7
                    lowr(s)               | there is no function 'lowr'         | 1
                    'abc                  | a quote without its end             | 1
                    a > ?                 | no value for this parameter         | 5
                    a # b                 | '#' has no meaning here             | 3
                    a in (b)              | a value of in (…) must be a constant | 7
                    date '2013-02-30'     | '2013-02-30' is not a value of date | 6
                    99999999999999999999  | 99999999999999999999 is outside int64 | 1
                    case else 1 end       | expected a column, a constant, a function or '(', found 'else' | 6
                    """)
    void a_mistake_is_pointed_at(String text, String what, int character) {
        assertThatThrownBy(() -> ExpressionParser.parse(text))
                .isInstanceOf(QuiverException.class)
                .hasMessageContaining(what)
                .hasMessageContaining("^ character " + character)
                .hasMessageContaining("fix: ");
    }

    @Test
    void deep_nesting_is_an_error_and_not_a_stack_overflow() {
        String deep = "(".repeat(10_000) + "a" + ")".repeat(10_000);
        String negated = "-".repeat(10_000) + "a";

        assertThatThrownBy(() -> ExpressionParser.parse(deep))
                .isInstanceOf(QuiverException.class)
                .hasMessageContaining("levels deep");
        assertThatThrownBy(() -> ExpressionParser.parse(negated))
                .isInstanceOf(QuiverException.class)
                .hasMessageContaining("levels deep");
    }
}
