package dev.quiver.expression;

import dev.quiver.error.ErrorCode;
import dev.quiver.schema.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The text of a value of each type: what a cast to or from text makes of it.
public final class TextForm {
    private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,100}");
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]{1,5})?");
    private static final Pattern DAY = Pattern.compile("[+-]?[0-9]{4,9}-[0-9]{2}-[0-9]{2}");
    private static final Pattern TIME_OF_DAY =
            Pattern.compile("([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\\.([0-9]{1,9}))?)?");
    private static final Pattern MOMENT =
            Pattern.compile(
                    "([+-]?[0-9]{4,9}-[0-9]{2}-[0-9]{2})(?:[T ]([0-9:.]{5,18})["
                            + " ]?(Z|z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?");
    private static final int FIXED_EXPONENT_MIN = -4;
    private static final int FIXED_EXPONENT_MAX = 15;

    private TextForm() {}

    /// The text of `value`, which [#parse] reads back (but for lists and structs).
    public static String print(Object value, DataType type) {
        return switch (type) {
            case DataType.Bool _, DataType.Int _, DataType.Date _ -> value.toString();
            case DataType.Utf8 _, DataType.Categorical _, DataType.Enumeration _ -> (String) value;
            case DataType.FloatingPoint(int bits) ->
                    bits == 64
                            ? number((Double) value, Double.toString((Double) value))
                            : number((Double) value, Float.toString(((Double) value).floatValue()));
            case DataType.Decimal _ -> ((BigDecimal) value).toPlainString();
            case DataType.Timestamp(_, var zone) ->
                    zone.isPresent()
                            ? moment(LocalDateTime.ofInstant((Instant) value, ZoneOffset.UTC))
                                    + "+00"
                            : moment((LocalDateTime) value);
            case DataType.Time _ -> timeOfDay((LocalTime) value);
            case DataType.Duration _, DataType.ListOf _, DataType.Struct _ -> value.toString();
            case DataType.Binary _ -> HexFormat.of().formatHex((byte[]) value);
        };
    }

    private static String moment(LocalDateTime value) {
        return value.toLocalDate() + " " + timeOfDay(value.toLocalTime());
    }

    private static String timeOfDay(LocalTime value) {
        String text =
                "%02d:%02d:%02d".formatted(value.getHour(), value.getMinute(), value.getSecond());
        if (value.getNano() == 0) return text;
        return text + "." + "%09d".formatted(value.getNano()).replaceFirst("0+$", "");
    }

    /// Shortest digits, fixed from 1e-4 to below 1e16, else as `1.5e+20`.
    private static String number(double value, String shortest) {
        if (Double.isNaN(value)) return "nan";
        if (Double.isInfinite(value)) return value > 0 ? "inf" : "-inf";
        if (value == 0) return shortest;
        var digits = new BigDecimal(shortest).stripTrailingZeros();
        int exponent = digits.precision() - digits.scale() - 1;
        if (exponent >= FIXED_EXPONENT_MIN && exponent <= FIXED_EXPONENT_MAX) {
            String fixed = digits.toPlainString();
            return fixed.indexOf('.') < 0 ? fixed + ".0" : fixed;
        }
        String unscaled = digits.unscaledValue().abs().toString();
        String fraction = unscaled.length() == 1 ? "" : "." + unscaled.substring(1);
        return "%s%s%se%s%02d"
                .formatted(
                        value < 0 ? "-" : "",
                        unscaled.charAt(0),
                        fraction,
                        exponent < 0 ? "-" : "+",
                        Math.abs(exponent));
    }

    /// The value that `text` stands for. Nothing is trimmed or guessed.
    ///
    /// @throws EvaluationFailure when the text isn't a value of the type
    public static Object parse(String text, DataType type) {
        return switch (type) {
            case DataType.Bool _ -> bool(text);
            case DataType.Int whole -> whole(text, whole);
            case DataType.FloatingPoint(int bits) -> floating(text, bits, type);
            case DataType.Decimal decimal -> decimal(text, decimal);
            case DataType.Date _ -> date(text);
            case DataType.Timestamp timestamp -> timestamp(text, timestamp);
            case DataType.Time(var unit) -> Moments.floor(time(text, type), unit);
            case DataType.Duration _ -> duration(text, type);
            case DataType.Utf8 _, DataType.Categorical _ -> text;
            case DataType.Enumeration(var categories) -> {
                if (!categories.contains(text))
                    throw EvaluationFailure.badText(
                            text, type, "one of " + String.join(", ", categories));
                yield text;
            }
            case DataType.Binary _ -> binary(text, type);
            case DataType.ListOf _, DataType.Struct _ ->
                    throw new EvaluationFailure(
                            ErrorCode.UNSUPPORTED,
                            "a text can't become a " + type,
                            "read nested values from Parquet or Arrow");
        };
    }

    private static Boolean bool(String text) {
        if (text.equalsIgnoreCase("true")) return true;
        if (text.equalsIgnoreCase("false")) return false;
        throw EvaluationFailure.badText(text, DataType.BOOL, "true or false");
    }

    private static Object whole(String text, DataType.Int type) {
        if (!WHOLE.matcher(text).matches())
            throw EvaluationFailure.badText(text, type, "42 or -7, digits only");
        return Casts.whole(new BigInteger(text), type);
    }

    private static Double floating(String text, int bits, DataType type) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "nan", "+nan", "-nan" -> Double.NaN;
            case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            default -> {
                if (!NUMBER.matcher(text).matches())
                    throw EvaluationFailure.badText(text, type, "1.5, -2e10, nan or inf");
                yield bits == 64
                        ? Double.parseDouble(text)
                        : Casts.narrowed(Float.parseFloat(text), bits);
            }
        };
    }

    private static BigDecimal decimal(String text, DataType.Decimal type) {
        if (!NUMBER.matcher(text).matches()) throw EvaluationFailure.badText(text, type, "12.34");
        var value = new BigDecimal(text);
        if (value.precision() - (long) value.scale() > 2L * DataType.Decimal.PRECISION_MAX)
            throw EvaluationFailure.outOfRange(text, type);
        return Casts.fit(value.setScale(type.scale(), RoundingMode.HALF_UP), type);
    }

    private static LocalDate date(String text) {
        if (DAY.matcher(text).matches()) {
            try {
                return LocalDate.parse(text);
            } catch (DateTimeException _) {
                throw EvaluationFailure.badText(text, DataType.DATE, "a day that exists");
            }
        }
        throw EvaluationFailure.badText(text, DataType.DATE, "2013-12-31");
    }

    private static LocalTime time(String text, DataType type) {
        Matcher parts = TIME_OF_DAY.matcher(text);
        if (!parts.matches()) throw EvaluationFailure.badText(text, type, "23:59:58.5");
        String second = parts.group(3);
        String fraction = parts.group(4);
        try {
            return LocalTime.of(
                    Integer.parseInt(parts.group(1)),
                    Integer.parseInt(parts.group(2)),
                    second == null ? 0 : Integer.parseInt(second),
                    fraction == null
                            ? 0
                            : Integer.parseInt((fraction + "00000000").substring(0, 9)));
        } catch (DateTimeException _) {
            throw EvaluationFailure.badText(text, type, "23:59:58.5");
        }
    }

    private static Object timestamp(String text, DataType.Timestamp type) {
        String form = type.zone().isPresent() ? "2013-12-31T23:59:58Z" : "2013-12-31T23:59:58";
        Matcher parts = MOMENT.matcher(text);
        if (!parts.matches()) throw EvaluationFailure.badText(text, type, form);
        String offset = parts.group(3);
        if (offset != null && type.zone().isEmpty())
            throw EvaluationFailure.badText(text, type, form + ", without a zone");
        try {
            LocalDate day = LocalDate.parse(parts.group(1));
            String clock = parts.group(2);
            LocalTime time = clock == null ? LocalTime.MIDNIGHT : time(clock, type);
            LocalDateTime wall = Moments.floor(day.atTime(time), type.unit());
            if (type.zone().isEmpty()) return wall;
            return wall.toInstant(
                    offset == null || offset.equalsIgnoreCase("z")
                            ? ZoneOffset.UTC
                            : ZoneOffset.of(offset));
        } catch (DateTimeException _) {
            throw EvaluationFailure.badText(text, type, form);
        }
    }

    private static Duration duration(String text, DataType type) {
        try {
            return Duration.parse(text);
        } catch (DateTimeException _) {
            throw EvaluationFailure.badText(text, type, "PT1H30M");
        }
    }

    private static byte[] binary(String text, DataType type) {
        try {
            return HexFormat.of().parseHex(text);
        } catch (IllegalArgumentException _) {
            throw EvaluationFailure.badText(text, type, "0aff, two hexadecimal digits a byte");
        }
    }

    /// The bytes of a text in UTF-8, the encoding that orders texts.
    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
