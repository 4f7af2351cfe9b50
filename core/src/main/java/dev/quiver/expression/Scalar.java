package dev.quiver.expression;

import com.google.re2j.Pattern;
import dev.quiver.expression.Expression.Call;
import dev.quiver.expression.Expression.Literal;
import dev.quiver.schema.DataType;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One call of a function on single values: the one definition of what it means.
@FunctionalInterface
public interface Scalar {
    /// The function of the arguments, in the classes of [Values].
    ///
    /// @throws EvaluationFailure when there is no such value
    @Nullable Object apply(@Nullable Object[] arguments);

    /// How a bound call computes.
    ///
    /// @param types of the arguments
    /// @param result as [Binder#resultType] says
    static Scalar of(Call call, List<DataType> types, DataType result) {
        Function function = call.function();
        return switch (function) {
            case AND -> a -> and((Boolean) a[0], (Boolean) a[1]);
            case OR -> a -> or((Boolean) a[0], (Boolean) a[1]);
            case IS_NULL -> a -> a[0] == null;
            case IS_NOT_NULL -> a -> a[0] != null;
            case COALESCE -> Scalar::first;
            case CONCAT -> Scalar::concat;
            default -> strict(call, types, result);
        };
    }

    /// A function of non-null values.
    @FunctionalInterface
    interface Strict {
        Object apply(Object[] arguments);
    }

    /// A function that is null as soon as an argument is.
    private static Scalar strict(Call call, List<DataType> types, DataType result) {
        Strict function = ofValues(call, types, result);
        return arguments -> {
            var values = new Object[arguments.length];
            for (int i = 0; i < arguments.length; i++) {
                Object argument = arguments[i];
                if (argument == null) return null;
                values[i] = argument;
            }
            return function.apply(values);
        };
    }

    private static Strict ofValues(Call call, List<DataType> types, DataType result) {
        Function function = call.function();
        return switch (function) {
            case NEGATE -> a -> Arithmetic.negate(a[0], result);
            case ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO ->
                    a -> Arithmetic.binary(function, a[0], a[1], result);
            case ABS -> a -> Arithmetic.abs(a[0], result);
            case ROUND -> a -> Arithmetic.round(a[0], a.length == 1 ? 0 : (Long) a[1], result);
            case FLOOR -> a -> Arithmetic.floor(a[0], result);
            case CEIL -> a -> Arithmetic.ceil(a[0], result);
            case SQRT -> a -> Math.sqrt((Double) a[0]);
            case IS_NAN -> a -> a[0] instanceof Double number && number.isNaN();
            case NOT -> a -> !((Boolean) a[0]);
            case EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL ->
                    comparison(function, Ordering.of(types.getFirst()));
            case LOWER -> a -> ((String) a[0]).toLowerCase(Locale.ROOT);
            case UPPER -> a -> ((String) a[0]).toUpperCase(Locale.ROOT);
            case TRIM -> a -> Texts.trim((String) a[0]);
            case LENGTH -> a -> Texts.length((String) a[0]);
            case CONTAINS -> a -> ((String) a[0]).contains((String) a[1]);
            case STARTS_WITH -> a -> ((String) a[0]).startsWith((String) a[1]);
            case ENDS_WITH -> a -> ((String) a[0]).endsWith((String) a[1]);
            case SUBSTRING ->
                    a ->
                            Texts.substring(
                                    (String) a[0],
                                    (Long) a[1],
                                    a.length == 2 ? Long.MAX_VALUE : (Long) a[2]);
            case REPLACE -> a -> Texts.replace((String) a[0], (String) a[1], (String) a[2]);
            case MATCHES -> matches(call);
            case YEAR, QUARTER, MONTH, WEEK, DAY, DAY_OF_WEEK, DAY_OF_YEAR, HOUR, MINUTE, SECOND ->
                    a -> Moments.part(function, reading(a[0], types.getFirst()));
            case TRUNCATE -> truncate(call, types.get(1));
            case TO_DATE -> {
                var pattern = DatePattern.ofDate((String) constant(call, 1));
                yield a -> pattern.date((String) a[0]);
            }
            case TO_TIMESTAMP -> {
                var pattern = DatePattern.ofMoment((String) constant(call, 1));
                yield a -> pattern.moment((String) a[0]);
            }
            case AND, OR, IS_NULL, IS_NOT_NULL, COALESCE, CONCAT ->
                    throw new IllegalArgumentException(function + " sees nulls");
        };
    }

    private static @Nullable Object and(@Nullable Boolean a, @Nullable Boolean b) {
        if (a != null && !a) return false;
        if (b != null && !b) return false;
        return a == null || b == null ? null : true;
    }

    private static @Nullable Object or(@Nullable Boolean a, @Nullable Boolean b) {
        if (a != null && a) return true;
        if (b != null && b) return true;
        return a == null || b == null ? null : false;
    }

    private static @Nullable Object first(@Nullable Object[] arguments) {
        for (Object argument : arguments) {
            if (argument != null) return argument;
        }
        return null;
    }

    private static Object concat(@Nullable Object[] arguments) {
        var text = new StringBuilder();
        for (Object argument : arguments) {
            if (argument != null) text.append(argument);
        }
        return text.toString();
    }

    private static Strict comparison(Function function, Comparator<Object> order) {
        return switch (function) {
            case EQUAL -> a -> order.compare(a[0], a[1]) == 0;
            case NOT_EQUAL -> a -> order.compare(a[0], a[1]) != 0;
            case LESS -> a -> order.compare(a[0], a[1]) < 0;
            case LESS_EQUAL -> a -> order.compare(a[0], a[1]) <= 0;
            case GREATER -> a -> order.compare(a[0], a[1]) > 0;
            default -> a -> order.compare(a[0], a[1]) >= 0;
        };
    }

    /// The constant that an argument is; the binder has made sure of it.
    private static Object constant(Call call, int index) {
        return Objects.requireNonNull(((Literal) call.arguments().get(index)).value());
    }

    private static Strict matches(Call call) {
        var pattern = Pattern.compile((String) constant(call, 1));
        return a -> pattern.matcher((String) a[0]).find();
    }

    /// The wall-clock reading whose parts are asked for.
    private static LocalDateTime reading(Object value, DataType type) {
        return switch (value) {
            case LocalDate day -> day.atStartOfDay();
            case LocalDateTime reading -> reading;
            case Instant instant ->
                    LocalDateTime.ofInstant(instant, Moments.zone((DataType.Timestamp) type));
            case LocalTime time -> LocalDate.EPOCH.atTime(time);
            default -> throw new IllegalArgumentException("no moment: " + value.getClass());
        };
    }

    private static Strict truncate(Call call, DataType type) {
        Moments.Unit unit = Moments.Unit.find((String) constant(call, 0)).orElseThrow();
        return a ->
                switch (a[1]) {
                    case LocalDate day -> Moments.truncate(unit, day);
                    case Instant instant ->
                            Moments.truncate(unit, instant, (DataType.Timestamp) type);
                    default -> Moments.truncate(unit, (LocalDateTime) a[1]);
                };
    }

    /// Whether a value equals one of a list: true, false, or null where a null decides.
    static @Nullable Boolean in(@Nullable Object value, List<Literal> values, DataType type) {
        if (value == null) return values.isEmpty() ? Boolean.FALSE : null;
        Comparator<Object> order = Ordering.of(type);
        boolean hasNull = false;
        for (Literal literal : values) {
            Object candidate = literal.value();
            if (candidate == null) hasNull = true;
            else if (order.compare(value, candidate) == 0) return true;
        }
        return hasNull ? null : Boolean.FALSE;
    }
}
