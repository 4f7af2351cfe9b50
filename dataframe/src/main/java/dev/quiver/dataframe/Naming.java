package dev.quiver.dataframe;

import dev.quiver.expression.AggregateFunction;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Function;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The names of columns that nobody named: a column keeps its own, a function of one column and
/// literals adds its name to it (`dep_time_month`), an aggregate too (`dep_delay_mean`). An
/// aggregate of anything else goes by its own name (`sum`).
final class Naming {
    private Naming() {}

    static Optional<String> of(Expression tree) {
        return switch (tree) {
            case Expression.Column(var name) -> Optional.of(name);
            case Expression.Cast(var input, _) -> of(input);
            case Expression.Aggregate(var function, var input, _) ->
                    input.isEmpty()
                            ? Optional.of("count")
                            : Optional.of(
                                    of(input.get())
                                            .map(name -> aggregate(name, function))
                                            .orElse(suffix(function).substring(1)));
            case Expression.UserCall(var input, _, _, _) -> of(input);
            case Expression.Call(var function, var arguments) -> call(function, arguments);
            case Expression.Case _, Expression.In _, Expression.Literal _ -> Optional.empty();
        };
    }

    static String aggregate(String name, AggregateFunction function) {
        return name + suffix(function);
    }

    private static String suffix(AggregateFunction function) {
        return switch (function) {
            case COUNT -> "_count";
            case SUM -> "_sum";
            case MIN -> "_min";
            case MAX -> "_max";
            case MEAN -> "_mean";
            case VARIANCE -> "_var";
            case STANDARD_DEVIATION -> "_std";
            case COUNT_DISTINCT -> "_n_unique";
            case FIRST -> "_first";
            case LAST -> "_last";
        };
    }

    private static Optional<String> call(Function function, List<Expression> arguments) {
        return switch (function) {
            case YEAR,
                    QUARTER,
                    MONTH,
                    WEEK,
                    DAY,
                    DAY_OF_WEEK,
                    DAY_OF_YEAR,
                    HOUR,
                    MINUTE,
                    SECOND,
                    LENGTH,
                    IS_NULL,
                    IS_NOT_NULL,
                    IS_NAN ->
                    of(arguments.getFirst())
                            .map(name -> name + "_" + function.name().toLowerCase(Locale.ROOT));
            case TO_DATE, TO_TIMESTAMP -> of(arguments.getFirst());
            case LOWER, UPPER, TRIM, SUBSTRING, REPLACE, ABS, ROUND, FLOOR, CEIL, NEGATE ->
                    of(arguments.getFirst());
            case TRUNCATE -> of(arguments.getLast());
            default -> Optional.empty();
        };
    }
}
