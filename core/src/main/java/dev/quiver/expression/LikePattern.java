package dev.quiver.expression;

import com.google.re2j.Pattern;
import dev.quiver.schema.DataType;
import java.util.List;

/// SQL's `like`: `%` is any text, `_` any one character; said by the functions that are there.
final class LikePattern {
    private LikePattern() {}

    static Expression of(Expression input, String pattern) {
        int first = pattern.indexOf('%');
        int last = pattern.lastIndexOf('%');
        int end = pattern.length() - 1;
        if (pattern.indexOf('_') >= 0) return matches(input, pattern);
        if (first < 0) return call(Function.EQUAL, input, pattern);
        if (first == last && last == end)
            return call(Function.STARTS_WITH, input, pattern.substring(0, end));
        if (first == last && first == 0)
            return call(Function.ENDS_WITH, input, pattern.substring(1));
        if (first == 0 && last == end && pattern.indexOf('%', 1) == end)
            return call(Function.CONTAINS, input, pattern.substring(1, end));
        return matches(input, pattern);
    }

    private static Expression call(Function function, Expression input, String text) {
        return new Expression.Call(
                function, List.of(input, new Expression.Literal(text, DataType.UTF8)));
    }

    private static Expression matches(Expression input, String pattern) {
        var regex = new StringBuilder("(?s)^");
        for (int i = 0; i < pattern.length(); ) {
            int letter = pattern.codePointAt(i);
            switch (letter) {
                case '%' -> regex.append(".*");
                case '_' -> regex.append('.');
                default -> regex.append(Pattern.quote(Character.toString(letter)));
            }
            i += Character.charCount(letter);
        }
        return call(Function.MATCHES, input, regex.append('$').toString());
    }
}
