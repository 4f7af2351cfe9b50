package dev.quiver.expression;

import dev.quiver.schema.DataType;
import dev.quiver.schema.DataType.TimeUnit;
import java.math.BigDecimal;
import java.util.Optional;

/// Which type values of two types meet in, and how an operand gets there.
public final class Coercion {
    private static final int INT64_DIGITS = 19;
    private static final int UINT64_DIGITS = 20;

    private Coercion() {}

    /// The type that values of both types have a place in without being asked, or empty.
    public static Optional<DataType> common(DataType a, DataType b) {
        if (a.equals(b)) return Optional.of(a);
        if (DataType.isNumeric(a) && DataType.isNumeric(b)) return Optional.of(number(a, b));
        if (DataType.isText(a) && DataType.isText(b)) return Optional.of(DataType.UTF8);
        if (a instanceof DataType.Date && b instanceof DataType.Timestamp t && t.zone().isEmpty())
            return Optional.of(b);
        if (b instanceof DataType.Date && a instanceof DataType.Timestamp t && t.zone().isEmpty())
            return Optional.of(a);
        if (a instanceof DataType.Timestamp(var unitA, var zoneA)
                && b instanceof DataType.Timestamp(var unitB, var zoneB)) {
            if (zoneA.isPresent() != zoneB.isPresent()) return Optional.empty();
            return Optional.of(new DataType.Timestamp(finer(unitA, unitB), zoneA));
        }
        if (a instanceof DataType.Time(var unitA) && b instanceof DataType.Time(var unitB))
            return Optional.of(new DataType.Time(finer(unitA, unitB)));
        if (a instanceof DataType.Duration(var unitA) && b instanceof DataType.Duration(var unitB))
            return Optional.of(new DataType.Duration(finer(unitA, unitB)));
        return Optional.empty();
    }

    static TimeUnit finer(TimeUnit a, TimeUnit b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    private static DataType number(DataType a, DataType b) {
        if (a instanceof DataType.FloatingPoint(int bitsA)
                && b instanceof DataType.FloatingPoint(int bitsB))
            return new DataType.FloatingPoint(Math.max(Math.max(bitsA, bitsB), 32));
        if (a instanceof DataType.FloatingPoint || b instanceof DataType.FloatingPoint)
            return DataType.FLOAT64;
        if (a instanceof DataType.Int intA && b instanceof DataType.Int intB)
            return whole(intA, intB);
        DataType.Decimal x = decimal(a);
        DataType.Decimal y = decimal(b);
        int scale = Math.max(x.scale(), y.scale());
        int whole = Math.max(x.precision() - x.scale(), y.precision() - y.scale());
        return new DataType.Decimal(
                Math.min(DataType.Decimal.PRECISION_MAX, Math.max(1, whole + scale)), scale);
    }

    private static DataType whole(DataType.Int a, DataType.Int b) {
        if (a.signed() == b.signed()) return a.bits() >= b.bits() ? a : b;
        DataType.Int signed = a.signed() ? a : b;
        DataType.Int unsigned = a.signed() ? b : a;
        if (unsigned.bits() == 64) return new DataType.Decimal(UINT64_DIGITS, 0);
        return signed.bits() > unsigned.bits()
                ? signed
                : new DataType.Int(unsigned.bits() * 2, true);
    }

    /// The decimal type that holds every value of a whole or decimal type.
    static DataType.Decimal decimal(DataType type) {
        return switch (type) {
            case DataType.Decimal decimal -> decimal;
            case DataType.Int(int bits, boolean signed) ->
                    new DataType.Decimal(
                            switch (bits) {
                                case 8 -> 3;
                                case 16 -> 5;
                                case 32 -> 10;
                                default -> signed ? INT64_DIGITS : UINT64_DIGITS;
                            },
                            0);
            default -> throw new IllegalArgumentException(type + " is not exact");
        };
    }

    /// The operand as a value of `type`: itself, a converted constant, or a cast.
    static Bound to(Bound operand, DataType type) {
        if (operand.type().equals(type)) return operand;
        if (operand.expression() instanceof Expression.Literal(var value, var from)) {
            if (value == null) return nothing(type);
            try {
                return constant(Casts.cast(value, from, type), type);
            } catch (EvaluationFailure _) {
                // The cast below fails in the same way, but only where it is reached.
            }
        }
        return new Bound(new Expression.Cast(operand.expression(), type), type, operand.nullable());
    }

    private static Bound constant(Object value, DataType type) {
        return new Bound(new Expression.Literal(value, type), type, false);
    }

    private static Bound nothing(DataType type) {
        return new Bound(new Expression.Literal(null, type), type, true);
    }

    /// A constant in the type of what it stands beside, when it means the same there; else as it
    /// was. Null takes any type; a whole number takes a number's type, a float64 beside a decimal
    /// becomes the decimal it prints as, a text beside a date or category becomes one.
    ///
    /// @throws EvaluationFailure when a text isn't a date, timestamp, time or category
    static Bound adapt(Bound operand, Bound beside) {
        DataType type = beside.type();
        if (operand.type().equals(type)
                || !(operand.expression() instanceof Expression.Literal(var value, var from)))
            return operand;
        if (value == null) return nothing(type);
        if (beside.expression() instanceof Expression.Literal) return operand;
        if (DataType.isText(from)) {
            boolean readable = DataType.isTemporal(type) || DataType.isText(type);
            return readable ? constant(TextForm.parse((String) value, type), type) : operand;
        }
        return switch (type) {
            case DataType.Int _ when from instanceof DataType.Int -> whole(operand, value, type);
            case DataType.FloatingPoint _ when from instanceof DataType.Int ->
                    inFloating(operand, value, type);
            case DataType.FloatingPoint _ when from instanceof DataType.Decimal ->
                    to(operand, DataType.FLOAT64);
            case DataType.Decimal _ -> decimal(operand, value);
            case DataType.Int _ when from instanceof DataType.Decimal -> decimal(operand, value);
            default -> operand;
        };
    }

    private static Bound whole(Bound operand, Object value, DataType type) {
        try {
            return constant(Casts.cast(value, operand.type(), type), type);
        } catch (EvaluationFailure _) {
            return operand;
        }
    }

    private static Bound inFloating(Bound operand, Object value, DataType type) {
        Object number = Casts.cast(value, operand.type(), type);
        boolean same =
                new BigDecimal((Double) number).compareTo(new BigDecimal(value.toString())) == 0;
        return same ? constant(number, type) : to(operand, DataType.FLOAT64);
    }

    /// The constant as the decimal of the fewest digits that holds it.
    private static Bound decimal(Bound operand, Object value) {
        BigDecimal exact;
        switch (value) {
            case Double number -> {
                if (Double.isNaN(number) || Double.isInfinite(number)) return operand;
                exact = BigDecimal.valueOf(number);
                if (exact.scale() > 0) exact = exact.stripTrailingZeros();
            }
            case Boolean _ -> {
                return operand;
            }
            case Number number -> exact = new BigDecimal(number.toString());
            default -> {
                return operand;
            }
        }
        if (exact.scale() < 0) exact = exact.setScale(0);
        int precision = Math.max(exact.precision(), exact.scale());
        if (precision > DataType.Decimal.PRECISION_MAX) return operand;
        DataType type = new DataType.Decimal(Math.max(1, precision), exact.scale());
        return constant(exact, type);
    }
}
