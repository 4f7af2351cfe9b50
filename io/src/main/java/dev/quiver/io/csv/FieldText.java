package dev.quiver.io.csv;

import dev.quiver.schema.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The general way from a field's text to a value: for all that the kernels leave, such as spaces
/// around, a plus, long numbers, `NaN`, years beyond 9999.
public final class FieldText {
    private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,40}");
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,9})?");

    private FieldText() {}

    /// The value of the class that `Values` says, or null when the text isn't of the type.
    public static @Nullable Object value(DataType type, String text) {
        try {
            return parse(type, text.strip());
        } catch (DateTimeException | ArithmeticException e) {
            return null;
        }
    }

    private static @Nullable Object parse(DataType type, String text) {
        return switch (type) {
            case DataType.Bool _ ->
                    text.equalsIgnoreCase("true")
                            ? Boolean.TRUE
                            : text.equalsIgnoreCase("false") ? Boolean.FALSE : null;
            case DataType.Int(var bits, var signed) -> integer(bits, signed, text);
            case DataType.FloatingPoint(var bits) -> floating(bits, text);
            case DataType.Decimal(var precision, var scale) -> decimal(precision, scale, text);
            case DataType.Date _ -> LocalDate.parse(text);
            case DataType.Timestamp(var unit, var zone) ->
                    zone.isPresent() ? instant(unit, text) : wallClock(unit, text);
            case DataType.Time(var unit) -> time(unit, text);
            case DataType.Duration _ -> Duration.parse(text);
            case DataType.Utf8 _,
                    DataType.Categorical _,
                    DataType.Enumeration _,
                    DataType.Binary _,
                    DataType.ListOf _,
                    DataType.Struct _ ->
                    null;
        };
    }

    private static @Nullable Object integer(int bits, boolean signed, String text) {
        if (!WHOLE.matcher(text).matches()) return null;
        var value = new BigInteger(text.startsWith("+") ? text.substring(1) : text);
        if (signed ? value.bitLength() >= bits : value.signum() < 0 || value.bitLength() > bits)
            return null;
        if (bits == 64 && !signed) return value;
        return value.longValue();
    }

    private static @Nullable Object floating(int bits, String text) {
        String word = text.toLowerCase(Locale.ROOT);
        boolean negative = word.startsWith("-");
        String unsigned = negative || word.startsWith("+") ? word.substring(1) : word;
        if (unsigned.equals("nan")) return Double.NaN;
        if (unsigned.equals("inf") || unsigned.equals("infinity"))
            return negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        if (!NUMBER.matcher(text).matches()) return null;
        return bits == 64 ? Double.parseDouble(text) : (double) Float.parseFloat(text);
    }

    private static @Nullable Object decimal(int precision, int scale, String text) {
        if (!NUMBER.matcher(text).matches()) return null;
        var exact = new BigDecimal(text);
        if (exact.precision() - exact.scale() > DataType.Decimal.PRECISION_MAX + 1L) return null;
        BigDecimal value = exact.setScale(scale, RoundingMode.UNNECESSARY);
        return value.precision() <= precision ? value : null;
    }

    private static @Nullable Object instant(DataType.TimeUnit unit, String text) {
        Instant value = OffsetDateTime.parse(text.replace(' ', 'T')).toInstant();
        return isWhole(unit, value.get(ChronoField.NANO_OF_SECOND)) ? value : null;
    }

    private static @Nullable Object wallClock(DataType.TimeUnit unit, String text) {
        if (text.indexOf(':') < 0) return LocalDate.parse(text).atStartOfDay();
        LocalDateTime value = LocalDateTime.parse(text.replace(' ', 'T'));
        return isWhole(unit, value.get(ChronoField.NANO_OF_SECOND)) ? value : null;
    }

    private static @Nullable Object time(DataType.TimeUnit unit, String text) {
        LocalTime value = LocalTime.parse(text);
        return isWhole(unit, value.get(ChronoField.NANO_OF_SECOND)) ? value : null;
    }

    private static boolean isWhole(DataType.TimeUnit unit, int nanos) {
        return nanos % (1_000_000_000L / unit.perSecond()) == 0;
    }
}
