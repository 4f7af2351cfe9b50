package dev.quiver.expression;

import dev.quiver.schema.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;

/// What a value of one type is in another.
public final class Casts {
    private static final BigDecimal[] POWERS_OF_TEN =
            new BigDecimal[DataType.Decimal.PRECISION_MAX + 1];

    static {
        for (int i = 0; i < POWERS_OF_TEN.length; i++) POWERS_OF_TEN[i] = BigDecimal.TEN.pow(i);
    }

    private Casts() {}

    /// Whether a cast between the types means anything at all.
    public static boolean exists(DataType from, DataType to) {
        if (from.equals(to)) return true;
        if (nested(from) || nested(to)) return false;
        if (DataType.isText(from)) return true;
        if (DataType.isText(to)) return true;
        return switch (from) {
            case DataType.Bool _ -> DataType.isNumeric(to);
            case DataType.Int _ -> DataType.isNumeric(to) || to instanceof DataType.Bool;
            case DataType.FloatingPoint _, DataType.Decimal _ -> DataType.isNumeric(to);
            case DataType.Date _ -> to instanceof DataType.Timestamp;
            case DataType.Timestamp _ ->
                    to instanceof DataType.Timestamp || to instanceof DataType.Date;
            case DataType.Time _ -> to instanceof DataType.Time;
            case DataType.Duration _ -> to instanceof DataType.Duration;
            default -> false;
        };
    }

    private static boolean nested(DataType type) {
        return type instanceof DataType.ListOf || type instanceof DataType.Struct;
    }

    /// The value as `to`.
    ///
    /// @param value not null, of the class [Values] gives `from`
    /// @throws EvaluationFailure when the value has no place in `to`
    public static Object cast(Object value, DataType from, DataType to) {
        if (from.equals(to)) return value;
        if (DataType.isText(from)) return TextForm.parse((String) value, to);
        return switch (to) {
            case DataType.Bool _ -> ((Number) value).doubleValue() != 0;
            case DataType.Int whole -> toWhole(value, whole);
            case DataType.FloatingPoint(int bits) -> toFloating(value, bits, to);
            case DataType.Decimal decimal -> toDecimal(value, decimal);
            case DataType.Date _ -> toDate(value, from);
            case DataType.Timestamp timestamp -> toTimestamp(value, from, timestamp);
            case DataType.Time(var unit) -> Moments.floor((LocalTime) value, unit);
            case DataType.Duration(var unit) ->
                    Moments.duration(Moments.count((Duration) value, unit), unit);
            case DataType.Utf8 _, DataType.Categorical _ -> TextForm.print(value, from);
            case DataType.Enumeration _ -> TextForm.parse(TextForm.print(value, from), to);
            case DataType.Binary _, DataType.ListOf _, DataType.Struct _ ->
                    throw new IllegalArgumentException("no cast from " + from + " to " + to);
        };
    }

    private static Object toWhole(Object value, DataType.Int to) {
        return switch (value) {
            case Boolean truth -> whole(truth ? BigInteger.ONE : BigInteger.ZERO, to);
            case Long number when to.bits() == 64 && to.signed() -> number;
            case Long number -> whole(BigInteger.valueOf(number), to);
            case BigInteger number -> whole(number, to);
            case BigDecimal number ->
                    whole(number.setScale(0, RoundingMode.HALF_UP).unscaledValue(), to);
            case Double number -> {
                if (number.isNaN() || number.isInfinite())
                    throw EvaluationFailure.outOfRange(
                            TextForm.print(number, DataType.FLOAT64), to);
                yield whole(new BigDecimal(Math.rint(number)).toBigInteger(), to);
            }
            default -> throw new IllegalArgumentException("no number: " + value.getClass());
        };
    }

    /// The number as a value of a whole type.
    static Object whole(BigInteger number, DataType.Int type) {
        int bitsMax = type.signed() ? type.bits() - 1 : type.bits();
        boolean fits = number.bitLength() <= bitsMax && (type.signed() || number.signum() >= 0);
        if (!fits) throw EvaluationFailure.outOfRange(number.toString(), type);
        if (type.bits() == 64 && !type.signed()) return number;
        return number.longValueExact();
    }

    private static Double toFloating(Object value, int bits, DataType to) {
        double number =
                switch (value) {
                    case Boolean truth -> truth ? 1 : 0;
                    case Number any -> any.doubleValue();
                    default -> throw new IllegalArgumentException("no number: " + value);
                };
        double narrowed = narrowed(number, bits);
        if (Double.isInfinite(narrowed) && !Double.isInfinite(number))
            throw EvaluationFailure.outOfRange(TextForm.print(number, DataType.FLOAT64), to);
        return narrowed;
    }

    /// The nearest number of that many bits.
    static double narrowed(double number, int bits) {
        return switch (bits) {
            case 64 -> number;
            case 32 -> (float) number;
            default -> Float.float16ToFloat(Float.floatToFloat16((float) number));
        };
    }

    private static BigDecimal toDecimal(Object value, DataType.Decimal to) {
        return switch (value) {
            case Boolean truth -> fit(BigDecimal.valueOf(truth ? 1 : 0, 0), to);
            case Long number -> fit(BigDecimal.valueOf(number), to);
            case BigInteger number -> fit(new BigDecimal(number), to);
            case BigDecimal number -> fit(number.setScale(to.scale(), RoundingMode.HALF_UP), to);
            case Double number -> {
                double scaled = roundHalfAway(number * POWERS_OF_TEN[to.scale()].doubleValue());
                if (Double.isNaN(scaled) || Double.isInfinite(scaled))
                    throw EvaluationFailure.outOfRange(
                            TextForm.print(number, DataType.FLOAT64), to);
                var unscaled = new BigDecimal(scaled).toBigInteger();
                yield fit(new BigDecimal(unscaled, to.scale()), to);
            }
            default -> throw new IllegalArgumentException("no number: " + value.getClass());
        };
    }

    /// The number at the type's scale, which must lose nothing.
    ///
    /// @throws EvaluationFailure when it has more digits than the type
    static BigDecimal fit(BigDecimal number, DataType.Decimal type) {
        BigDecimal scaled = number.setScale(type.scale());
        if (scaled.precision() > type.precision() && scaled.signum() != 0)
            throw EvaluationFailure.outOfRange(number.toPlainString(), type);
        return scaled;
    }

    /// The nearest whole number, the one further from zero of two that are equally near.
    public static double roundHalfAway(double number) {
        double size = Math.abs(number);
        double floor = Math.floor(size);
        double rounded = size - floor >= 0.5 ? floor + 1 : floor;
        return Math.copySign(rounded, number);
    }

    private static LocalDate toDate(Object value, DataType from) {
        if (from instanceof DataType.Timestamp type && value instanceof Instant instant)
            return LocalDate.ofInstant(instant, Moments.zone(type));
        return ((LocalDateTime) value).toLocalDate();
    }

    private static Object toTimestamp(Object value, DataType from, DataType.Timestamp to) {
        if (value instanceof Instant instant && to.zone().isPresent()) {
            Moments.count(instant, to.unit());
            return Moments.floor(instant, to.unit());
        }
        LocalDateTime reading =
                switch (value) {
                    case LocalDate day -> day.atStartOfDay();
                    case LocalDateTime wall -> wall;
                    case Instant instant ->
                            LocalDateTime.ofInstant(
                                    instant, Moments.zone((DataType.Timestamp) from));
                    default -> throw new IllegalArgumentException("no moment: " + value);
                };
        if (to.zone().isEmpty()) {
            Moments.count(reading, to.unit());
            return Moments.floor(reading, to.unit());
        }
        Instant instant = reading.atZone(Moments.zone(to)).toInstant();
        Moments.count(instant, to.unit());
        return Moments.floor(instant, to.unit());
    }
}
