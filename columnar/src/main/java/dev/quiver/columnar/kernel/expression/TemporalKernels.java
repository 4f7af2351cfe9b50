package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.memory.Layouts;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Expression.Literal;
import dev.quiver.expression.Function;
import dev.quiver.expression.Moments;
import dev.quiver.schema.DataType;
import java.time.ZoneOffset;

/// Parts and truncation of dates and of timestamps that are read in UTC or have no zone. Others go
/// through the zone's rules, row by row.
///
/// Days to years and back: Howard Hinnant, "chrono-compatible low-level date algorithms".
final class TemporalKernels {
    static final long SECONDS_PER_DAY = 86_400;
    private static final long SECONDS_PER_HOUR = 3_600;
    private static final long SECONDS_PER_MINUTE = 60;
    private static final long DAYS_PER_ERA = 146_097;
    private static final long DAYS_TO_EPOCH = 719_468;

    private TemporalKernels() {}

    static CallNode.Kernel part(Function function, DataType type) {
        if (type instanceof DataType.Date)
            return ArithmeticKernels.over((x, to, rows) -> {
                for (int i = 0; i < rows; i++) {
                    long days = x.get(Layouts.INT, (long) i << 2);
                    to.set(Layouts.LONG, (long) i << 3, partOfDay(function, days));
                }
                return 0;
            });
        if (!(type instanceof DataType.Timestamp timestamp) || !readInUtc(timestamp))
            return CallNode.Kernel.NONE;
        long perSecond = timestamp.unit().perSecond();
        return switch (function) {
            case HOUR -> clock(perSecond * SECONDS_PER_HOUR, 24);
            case MINUTE -> clock(perSecond * SECONDS_PER_MINUTE, 60);
            case SECOND -> clock(perSecond, 60);
            default -> {
                var perDay = new FloorDivision(perSecond * SECONDS_PER_DAY);
                yield ArithmeticKernels.over((x, to, rows) -> {
                    for (int i = 0; i < rows; i++) {
                        long at = (long) i << 3;
                        long days = perDay.quotient(x.get(Layouts.LONG, at));
                        to.set(Layouts.LONG, at, partOfDay(function, days));
                    }
                    return 0;
                });
            }
        };
    }

    private static boolean readInUtc(DataType.Timestamp type) {
        return Moments.zone(type).normalized().equals(ZoneOffset.UTC);
    }

    private static CallNode.Kernel clock(long unit, long count) {
        var whole = new FloorDivision(unit * count);
        var part = new FloorDivision(unit);
        return ArithmeticKernels.over((x, to, rows) -> {
            for (int i = 0; i < rows; i++) {
                long at = (long) i << 3;
                long rest = whole.remainder(x.get(Layouts.LONG, at));
                to.set(Layouts.LONG, at, part.quotient(rest));
            }
            return 0;
        });
    }

    private static long partOfDay(Function function, long days) {
        return switch (function) {
            case YEAR -> year(days);
            case QUARTER -> (month(days) + 2) / 3;
            case MONTH -> month(days);
            case WEEK -> {
                long thursday = days - Math.floorMod(days + 3, 7L) + 3;
                yield (thursday - firstOfYear(year(thursday))) / 7 + 1;
            }
            case DAY -> dayOfMonth(days);
            case DAY_OF_WEEK -> Math.floorMod(days + 3, 7L) + 1;
            case DAY_OF_YEAR -> days - firstOfYear(year(days)) + 1;
            default -> throw new IllegalArgumentException(function + " is not a part of a day");
        };
    }

    /// The day of an era of 400 years that begins on 1 March.
    private static long dayOfEra(long days) {
        return Math.floorMod(days + DAYS_TO_EPOCH, DAYS_PER_ERA);
    }

    private static long yearOfEra(long dayOfEra) {
        return (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
    }

    /// The day of a year that begins on 1 March.
    private static long dayOfMarchYear(long dayOfEra) {
        long year = yearOfEra(dayOfEra);
        return dayOfEra - (365 * year + year / 4 - year / 100);
    }

    private static long year(long days) {
        long dayOfEra = dayOfEra(days);
        long era = Math.floorDiv(days + DAYS_TO_EPOCH, DAYS_PER_ERA);
        long january = dayOfMarchYear(dayOfEra) >= 306 ? 1 : 0;
        return yearOfEra(dayOfEra) + era * 400 + january;
    }

    private static long month(long days) {
        long month = (5 * dayOfMarchYear(dayOfEra(days)) + 2) / 153;
        return month < 10 ? month + 3 : month - 9;
    }

    private static long dayOfMonth(long days) {
        long day = dayOfMarchYear(dayOfEra(days));
        long month = (5 * day + 2) / 153;
        return day - (153 * month + 2) / 5 + 1;
    }

    private static long firstOfYear(long year) {
        // 1 January is day 306 of the year that began in March before.
        long march = year - 1;
        long era = Math.floorDiv(march, 400L);
        long yearOfEra = march - era * 400;
        long dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + 306;
        return era * DAYS_PER_ERA + dayOfEra - DAYS_TO_EPOCH;
    }

    static CallNode.Kernel truncate(Expression.Call call, DataType type) {
        if (!(call.arguments().getFirst() instanceof Literal(var value, _))
                || !(value instanceof String name)) return CallNode.Kernel.NONE;
        Moments.Unit unit = Moments.Unit.find(name).orElseThrow();
        if (type instanceof DataType.Date)
            return second((x, to, rows) -> {
                for (int i = 0; i < rows; i++) {
                    long at = (long) i << 2;
                    to.set(Layouts.INT, at, (int) start(unit, x.get(Layouts.INT, at)));
                }
                return 0;
            });
        if (!(type instanceof DataType.Timestamp timestamp) || !readInUtc(timestamp))
            return CallNode.Kernel.NONE;
        long perSecond = timestamp.unit().perSecond();
        return switch (unit) {
            case DAY -> floor(perSecond * SECONDS_PER_DAY);
            case HOUR -> floor(perSecond * SECONDS_PER_HOUR);
            case MINUTE -> floor(perSecond * SECONDS_PER_MINUTE);
            case SECOND -> floor(perSecond);
            case YEAR, QUARTER, MONTH, WEEK -> {
                long perDay = perSecond * SECONDS_PER_DAY;
                var division = new FloorDivision(perDay);
                yield second((x, to, rows) -> {
                    for (int i = 0; i < rows; i++) {
                        long at = (long) i << 3;
                        long days = division.quotient(x.get(Layouts.LONG, at));
                        to.set(Layouts.LONG, at, start(unit, days) * perDay);
                    }
                    return 0;
                });
            }
        };
    }

    /// A loop over the second operand; the first is the unit.
    private static CallNode.Kernel second(ArithmeticKernels.Map map) {
        return (node, operands, in, mask) ->
                ArithmeticKernels.fixed(
                        node,
                        operands,
                        in,
                        mask,
                        (to, rows) -> map.run(Physical.values(operands.get(1)), to, rows));
    }

    private static CallNode.Kernel floor(long unit) {
        var division = new FloorDivision(unit);
        return second((x, to, rows) -> {
            for (int i = 0; i < rows; i++) {
                long at = (long) i << 3;
                long count = x.get(Layouts.LONG, at);
                to.set(Layouts.LONG, at, count - division.remainder(count));
            }
            return 0;
        });
    }

    /// The first day of the unit that holds a day.
    private static long start(Moments.Unit unit, long days) {
        return switch (unit) {
            case YEAR -> firstOfYear(year(days));
            case QUARTER -> {
                long first = days - dayOfMonth(days) + 1;
                long months = (month(days) - 1) % 3;
                for (long i = 0; i < months; i++) first -= dayOfMonth(first - 1);
                yield first;
            }
            case MONTH -> days - dayOfMonth(days) + 1;
            case WEEK -> days - Math.floorMod(days + 3, 7L);
            case DAY, HOUR, MINUTE, SECOND -> days;
        };
    }
}
