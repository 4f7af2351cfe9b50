package dev.quiver.dataframe;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.NearestName;
import dev.quiver.error.QuiverException;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Function;
import dev.quiver.schema.DataType;
import java.util.List;
import java.util.Locale;

/// What can be done with a date or a timestamp; see [Expr#dt].
///
/// ```java
/// flights.groupBy(col("time_hour").dt().month().as("month"))
/// ```
public final class TimeExpr {
    private static final List<String> UNITS =
            List.of("year", "quarter", "month", "week", "day", "hour", "minute", "second");

    private final TreeExpr time;

    TimeExpr(TreeExpr time) {
        this.time = time;
    }

    public Expr year() {
        return time.call(Function.YEAR);
    }

    /// 1 to 4.
    public Expr quarter() {
        return time.call(Function.QUARTER);
    }

    /// 1 to 12.
    public Expr month() {
        return time.call(Function.MONTH);
    }

    /// The week of the year as ISO 8601 counts them, 1 to 53.
    public Expr week() {
        return time.call(Function.WEEK);
    }

    /// The day of the month, 1 to 31.
    public Expr day() {
        return time.call(Function.DAY);
    }

    /// The day of the week as ISO 8601 counts them: Monday is 1, Sunday 7.
    public Expr dayOfWeek() {
        return time.call(Function.DAY_OF_WEEK);
    }

    /// 1 to 366.
    public Expr dayOfYear() {
        return time.call(Function.DAY_OF_YEAR);
    }

    public Expr hour() {
        return time.call(Function.HOUR);
    }

    public Expr minute() {
        return time.call(Function.MINUTE);
    }

    /// The whole seconds of the minute, 0 to 59.
    public Expr second() {
        return time.call(Function.SECOND);
    }

    /// The start of the year, quarter, month, week (Monday), day, hour, minute or second it lies
    /// in.
    public Expr truncate(String unit) {
        String name = unit.toLowerCase(Locale.ROOT);
        if (!UNITS.contains(name)) {
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "no unit '%s' to truncate to".formatted(unit),
                    List.of("has: " + String.join(", ", UNITS)),
                    NearestName.of(name, UNITS)
                            .map("did you mean '%s'?"::formatted)
                            .orElse("use one of these"));
        }
        return time.wrap(
                new Expression.Call(
                        Function.TRUNCATE,
                        List.of(new Expression.Literal(name, DataType.UTF8), time.tree())));
    }
}
