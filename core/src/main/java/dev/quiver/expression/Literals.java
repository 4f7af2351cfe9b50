package dev.quiver.expression;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.expression.Expression.Literal;
import dev.quiver.schema.DataType;
import dev.quiver.schema.DataType.TimeUnit;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Java values as constants.
public final class Literals {
    private static final int NANOS_PER_MICRO = 1000;

    private Literals() {}

    /// The constant that a Java value stands for: whole numbers are int64, float and double
    /// float64, BigDecimal a decimal of its own precision and scale, an enum constant its name,
    /// null the null that fits anywhere.
    ///
    /// @throws QuiverException when no type has such values
    public static Literal of(@Nullable Object value) {
        return switch (value) {
            case null -> new Literal(null, DataType.BOOL);
            case Literal literal -> literal;
            case Boolean truth -> new Literal(truth, DataType.BOOL);
            case Byte number -> new Literal(number.longValue(), DataType.INT64);
            case Short number -> new Literal(number.longValue(), DataType.INT64);
            case Integer number -> new Literal(number.longValue(), DataType.INT64);
            case Long number -> new Literal(number, DataType.INT64);
            case Float number -> new Literal(number.doubleValue(), DataType.FLOAT64);
            case Double number -> new Literal(number, DataType.FLOAT64);
            case BigInteger number ->
                    number.bitLength() < Long.SIZE
                            ? new Literal(number.longValueExact(), DataType.INT64)
                            : decimal(new BigDecimal(number));
            case BigDecimal number -> decimal(number);
            case Character letter -> new Literal(letter.toString(), DataType.UTF8);
            case CharSequence text -> new Literal(text.toString(), DataType.UTF8);
            case Enum<?> constant -> new Literal(constant.name(), DataType.UTF8);
            case LocalDate day -> new Literal(day, DataType.DATE);
            case LocalDateTime reading ->
                    new Literal(
                            reading,
                            new DataType.Timestamp(
                                    unit(reading.get(ChronoField.NANO_OF_SECOND)),
                                    Optional.empty()));
            case Instant instant -> instant(instant);
            case OffsetDateTime moment -> instant(moment.toInstant());
            case ZonedDateTime moment -> instant(moment.toInstant());
            case LocalTime time ->
                    new Literal(
                            time, new DataType.Time(unit(time.get(ChronoField.NANO_OF_SECOND))));
            case Duration length ->
                    new Literal(length, new DataType.Duration(unit(length.toNanosPart())));
            case byte[] bytes -> new Literal(bytes, DataType.BINARY);
            default ->
                    throw new QuiverException(
                            ErrorCode.ARGUMENT_INVALID,
                            "a %s can't be a constant".formatted(value.getClass().getName()),
                            List.of("value: " + value),
                            "use a number, text, boolean, date, time, BigDecimal or enum constant");
        };
    }

    private static Literal instant(Instant instant) {
        return new Literal(
                instant,
                new DataType.Timestamp(
                        unit(instant.get(ChronoField.NANO_OF_SECOND)), Optional.of("UTC")));
    }

    private static TimeUnit unit(int nanos) {
        return nanos % NANOS_PER_MICRO == 0 ? TimeUnit.MICRO : TimeUnit.NANO;
    }

    /// The decimal that the text writes, digit by digit.
    static Literal exact(String text) {
        return decimal(new BigDecimal(text));
    }

    private static Literal decimal(BigDecimal number) {
        BigDecimal scaled = number.scale() < 0 ? number.setScale(0) : number;
        int precision = Math.max(scaled.precision(), scaled.scale());
        if (precision > DataType.Decimal.PRECISION_MAX)
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "%s has more than %d digits".formatted(number, DataType.Decimal.PRECISION_MAX),
                    List.of(),
                    "round it, or use a double");
        return new Literal(scaled, new DataType.Decimal(Math.max(1, precision), scaled.scale()));
    }
}
