package dev.quiver.expression;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SimplificationTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    n > 1 + 2 * 3                                   | n > 7
                    n > cast('12' as int64)                         | n > 12
                    flag and true                                   | flag
                    flag and 1 > 2                                  | false
                    10 % n = 1 and false                            | 10 % n = 1 and false
                    1 = 1 or flag                                   | true
                    case when 1 > 2 then n when flag then id else 3 end | case when flag then id else 3 end
                    case when true then n else id end               | n
                    case when null then n else id end               | id
                    coalesce(null, id, n)                           | id
                    coalesce(n, 5, id)                              | coalesce(n, 5)
                    lower('ABC') = s                                | 'abc' = s
                    3 in (1, 2, 3)                                  | true
                    d > date '2013-01-01' + 30                      | d > date '2013-01-31'
                    case when flag then n else 1 % 0 end            | case when flag then n else 1 % 0 end
                    n + cast('x' as int64)                          | n + cast('x' as int64)
                    9223372036854775807 + 1 > n                     | 9223372036854775807 + 1 > n
                    """)
    void constants_are_computed_unless_that_fails(String text, String simple) {
        Expression bound =
                Binder.bind(ExpressionParser.parse(text), BinderTest.SCHEMA, "Test").expression();

        assertThat(ExpressionPrinter.print(Simplification.of(bound, BinderTest.SCHEMA)))
                .isEqualTo(simple);
    }
}
