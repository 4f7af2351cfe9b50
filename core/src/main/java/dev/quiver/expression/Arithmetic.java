package dev.quiver.expression;

import dev.quiver.error.ErrorCode;
import dev.quiver.schema.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;

/// Arithmetic on single values, exact or an error: what every kernel must agree with.
final class Arithmetic {
    private Arithmetic() {}

    /// `a ∘ b` for the five operators; the operands are as the binder leaves them.
    static Object binary(Function operator, Object a, Object b, DataType result) {
        if (a instanceof Double x && b instanceof Double y) {
            int bits = ((DataType.FloatingPoint) result).bits();
            return Casts.narrowed(floating(operator, x, y), bits);
        }
        if (a instanceof Number x && b instanceof Number y) {
            if (operator == Function.MODULO && y.doubleValue() == 0)
                throw new EvaluationFailure(
                        ErrorCode.OVERFLOW,
                        "%s %% %s divides by zero".formatted(x, y),
                        "leave such rows out, or use case when … = 0 then null else … end");
            if (result instanceof DataType.Decimal decimal)
                return exact(operator, (BigDecimal) x, (BigDecimal) y, decimal);
            return whole(operator, x, y, (DataType.Int) result);
        }
        return temporal(operator, a, b, result);
    }

    private static double floating(Function operator, double a, double b) {
        return switch (operator) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case MODULO -> a % b;
            default -> throw new IllegalArgumentException(operator + " is no operator");
        };
    }

    private static Object whole(Function operator, Number a, Number b, DataType.Int type) {
        BigInteger x = big(a);
        BigInteger y = big(b);
        BigInteger number =
                switch (operator) {
                    case ADD -> x.add(y);
                    case SUBTRACT -> x.subtract(y);
                    case MULTIPLY -> x.multiply(y);
                    case MODULO -> x.remainder(y);
                    default -> throw new IllegalArgumentException(operator + " is no operator");
                };
        return inRange(number, type, operator, a, b);
    }

    private static BigInteger big(Number number) {
        return number instanceof BigInteger big ? big : BigInteger.valueOf(number.longValue());
    }

    private static Object inRange(
            BigInteger number, DataType.Int type, Function operator, Number a, Number b) {
        try {
            return Casts.whole(number, type);
        } catch (EvaluationFailure _) {
            throw EvaluationFailure.overflow(shown(operator, a, b), type);
        }
    }

    private static String shown(Function operator, Object a, Object b) {
        String sign =
                switch (operator) {
                    case ADD -> "+";
                    case SUBTRACT -> "-";
                    case MULTIPLY -> "*";
                    default -> "%";
                };
        return "%s %s %s".formatted(a, sign, b);
    }

    private static BigDecimal exact(
            Function operator, BigDecimal a, BigDecimal b, DataType.Decimal type) {
        BigDecimal number =
                switch (operator) {
                    case ADD -> a.add(b);
                    case SUBTRACT -> a.subtract(b);
                    case MULTIPLY -> a.multiply(b);
                    case MODULO -> a.remainder(b);
                    default -> throw new IllegalArgumentException(operator + " is no operator");
                };
        try {
            return Casts.fit(number, type);
        } catch (EvaluationFailure _) {
            throw EvaluationFailure.overflow(
                    shown(operator, a.toPlainString(), b.toPlainString()), type);
        }
    }

    private static Object temporal(Function operator, Object a, Object b, DataType result) {
        boolean add = operator == Function.ADD;
        try {
            return switch (a) {
                case LocalDate day when b instanceof Long days ->
                        checked(day.plusDays(add ? days : Math.negateExact(days)));
                case LocalDate day when b instanceof LocalDate other ->
                        day.toEpochDay() - other.toEpochDay();
                case LocalDateTime moment when b instanceof Duration by ->
                        checked(add ? moment.plus(by) : moment.minus(by), result);
                case Instant moment when b instanceof Duration by ->
                        checked(add ? moment.plus(by) : moment.minus(by), result);
                case LocalDateTime moment ->
                        checked(Duration.between((LocalDateTime) b, moment), result);
                case Instant moment -> checked(Duration.between((Instant) b, moment), result);
                case Duration length ->
                        checked(
                                add ? length.plus((Duration) b) : length.minus((Duration) b),
                                result);
                default -> throw new IllegalArgumentException("no arithmetic on " + a.getClass());
            };
        } catch (DateTimeException | ArithmeticException | EvaluationFailure _) {
            throw EvaluationFailure.overflow(shown(operator, a, b), result);
        }
    }

    private static LocalDate checked(LocalDate day) {
        Math.toIntExact(day.toEpochDay());
        return day;
    }

    private static LocalDateTime checked(LocalDateTime reading, DataType type) {
        Moments.count(reading, ((DataType.Timestamp) type).unit());
        return reading;
    }

    private static Instant checked(Instant instant, DataType type) {
        Moments.count(instant, ((DataType.Timestamp) type).unit());
        return instant;
    }

    private static Duration checked(Duration length, DataType type) {
        Moments.count(length, ((DataType.Duration) type).unit());
        return length;
    }

    static Object negate(Object value, DataType type) {
        return switch (value) {
            case Double number -> -number;
            case BigDecimal number -> number.negate();
            case Duration length -> {
                try {
                    yield checked(length.negated(), type);
                } catch (ArithmeticException | EvaluationFailure _) {
                    throw EvaluationFailure.overflow("-(" + length + ")", type);
                }
            }
            case Number number -> {
                try {
                    yield Casts.whole(big(number).negate(), (DataType.Int) type);
                } catch (EvaluationFailure _) {
                    throw EvaluationFailure.overflow("-(" + number + ")", type);
                }
            }
            default -> throw new IllegalArgumentException("no number: " + value.getClass());
        };
    }

    static Object abs(Object value, DataType type) {
        return switch (value) {
            case Double number -> Math.abs(number);
            case BigDecimal number -> number.abs();
            case Number number -> {
                try {
                    yield Casts.whole(big(number).abs(), (DataType.Int) type);
                } catch (EvaluationFailure _) {
                    throw EvaluationFailure.overflow("abs(" + number + ")", type);
                }
            }
            default -> throw new IllegalArgumentException("no number: " + value.getClass());
        };
    }

    /// Half away from zero, at `digits` behind the point (before it when negative).
    static Object round(Object value, long digits, DataType type) {
        return switch (value) {
            case Double number ->
                    Casts.narrowed(round(number, digits), ((DataType.FloatingPoint) type).bits());
            case BigDecimal number -> {
                var decimal = (DataType.Decimal) type;
                if (digits >= number.scale()) yield number;
                BigDecimal rounded = atDigits(number, digits);
                try {
                    yield Casts.fit(rounded, decimal);
                } catch (EvaluationFailure _) {
                    throw EvaluationFailure.overflow("round(%s)".formatted(number), type);
                }
            }
            case Number number -> {
                if (digits >= 0) yield number;
                BigInteger rounded = atDigits(new BigDecimal(big(number)), digits).toBigInteger();
                try {
                    yield Casts.whole(rounded, (DataType.Int) type);
                } catch (EvaluationFailure _) {
                    throw EvaluationFailure.overflow(
                            "round(%s, %d)".formatted(number, digits), type);
                }
            }
            default -> throw new IllegalArgumentException("no number: " + value.getClass());
        };
    }

    private static BigDecimal atDigits(BigDecimal number, long digits) {
        int scale = Math.clamp(digits, -1000, 1000);
        return number.setScale(scale, RoundingMode.HALF_UP);
    }

    /// A number rounded at `digits`; itself when that is beyond what the number can say.
    static double round(double number, long digits) {
        if (digits == 0) return Casts.roundHalfAway(number);
        double power = Math.pow(10, Math.abs((double) digits));
        if (digits < 0) {
            double rounded = Casts.roundHalfAway(number / power) * power;
            return Double.isFinite(rounded) ? rounded : 0;
        }
        double rounded = Casts.roundHalfAway(number * power) / power;
        return Double.isFinite(rounded) ? rounded : number;
    }

    static Object floor(Object value, DataType type) {
        return switch (value) {
            case Double number -> Math.floor(number);
            case BigDecimal number -> wholeDecimal(number, RoundingMode.FLOOR, type);
            default -> value;
        };
    }

    static Object ceil(Object value, DataType type) {
        return switch (value) {
            case Double number -> Math.ceil(number);
            case BigDecimal number -> wholeDecimal(number, RoundingMode.CEILING, type);
            default -> value;
        };
    }

    private static BigDecimal wholeDecimal(BigDecimal number, RoundingMode mode, DataType type) {
        return Casts.fit(number.setScale(0, mode), (DataType.Decimal) type);
    }
}
