package dev.quiver.dataframe;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TypeMismatch;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which Java class goes with which column type, and how values change from one to the other.
final class RecordTypes {
    private static final Map<Class<?>, Class<?>> BOXED =
            Map.of(
                    boolean.class, Boolean.class,
                    byte.class, Byte.class,
                    short.class, Short.class,
                    int.class, Integer.class,
                    long.class, Long.class,
                    float.class, Float.class,
                    double.class, Double.class,
                    char.class, Character.class);

    private static final Map<Class<?>, DataType> COLUMNS =
            Map.ofEntries(
                    Map.entry(Boolean.class, DataType.BOOL),
                    Map.entry(Byte.class, DataType.INT8),
                    Map.entry(Short.class, DataType.INT16),
                    Map.entry(Integer.class, DataType.INT32),
                    Map.entry(Long.class, DataType.INT64),
                    Map.entry(Float.class, DataType.FLOAT32),
                    Map.entry(Double.class, DataType.FLOAT64),
                    Map.entry(String.class, DataType.UTF8),
                    Map.entry(LocalDate.class, DataType.DATE),
                    Map.entry(LocalDateTime.class, DataType.TIMESTAMP),
                    Map.entry(Instant.class, DataType.TIMESTAMP_UTC),
                    Map.entry(LocalTime.class, DataType.TIME),
                    Map.entry(Duration.class, DataType.DURATION),
                    Map.entry(byte[].class, DataType.BINARY));

    private static final String FITTING =
            "use boolean, int, long, double, String, BigDecimal, LocalDate, LocalDateTime, Instant,"
                    + " LocalTime, Duration, an enum or a boxed class";

    private RecordTypes() {}

    static Class<?> boxed(Class<?> type) {
        return BOXED.getOrDefault(type, type);
    }

    static DataType columnType(Class<?> type, Optional<Column> column) {
        DataType known = COLUMNS.get(boxed(type));
        if (known != null) return known;
        if (type.isEnum()) return DataType.UTF8;
        if (type == BigDecimal.class) {
            return DataType.decimal(
                    column.map(Column::precision).orElse(DataType.Decimal.PRECISION_64_MAX),
                    column.map(Column::scale).orElse(4));
        }
        throw new TypeMismatch(
                "no column type for the class %s".formatted(type.getTypeName()),
                List.of(),
                FITTING);
    }

    /// @throws TypeMismatch when values of the column don't fit the component
    static void check(Class<?> type, RecordComponent component, Field field) {
        Class<?> target = boxed(component.getType());
        if (accepts(target, field.type())) return;
        throw new TypeMismatch(
                "column '%s' is %s, and %s.%s is %s"
                        .formatted(
                                field.name(),
                                field.type(),
                                type.getSimpleName(),
                                component.getName(),
                                component.getType().getSimpleName()),
                List.of(),
                "declare it as %s, or cast the column before".formatted(javaName(field.type())));
    }

    private static boolean accepts(Class<?> target, DataType type) {
        return switch (type) {
            case DataType.Bool _ -> target == Boolean.class;
            case DataType.Int(var bits, var signed) -> acceptsInt(target, signed ? bits : bits + 1);
            case DataType.FloatingPoint(var bits) ->
                    target == Double.class || (target == Float.class && bits <= 32);
            case DataType.Decimal _ -> target == BigDecimal.class;
            case DataType.Date _ -> target == LocalDate.class;
            case DataType.Timestamp(_, var zone) ->
                    target == (zone.isPresent() ? Instant.class : LocalDateTime.class);
            case DataType.Time _ -> target == LocalTime.class;
            case DataType.Duration _ -> target == Duration.class;
            case DataType.Utf8 _, DataType.Categorical _, DataType.Enumeration _ ->
                    target == String.class || target.isEnum();
            case DataType.Binary _ -> target == byte[].class;
            case DataType.ListOf _, DataType.Struct _ -> target == List.class;
        };
    }

    /// @param bits that a signed number needs to hold every value
    private static boolean acceptsInt(Class<?> target, int bits) {
        if (target == Byte.class) return bits <= 8;
        if (target == Short.class) return bits <= 16;
        if (target == Integer.class) return bits <= 32;
        if (target == Long.class) return bits <= 64;
        if (target == Double.class) return bits <= 53;
        return target == BigDecimal.class || target == BigInteger.class;
    }

    private static String javaName(DataType type) {
        return switch (type) {
            case DataType.Bool _ -> "boolean";
            case DataType.Int(var bits, var signed) when bits == 64 ->
                    signed ? "long" : "BigInteger";
            case DataType.Int(var bits, var signed) when bits == 32 -> signed ? "int" : "long";
            case DataType.Int _ -> "int";
            case DataType.FloatingPoint _ -> "double";
            case DataType.Binary _ -> "byte[]";
            default -> dev.quiver.expression.Values.javaClass(type).getSimpleName();
        };
    }

    /// A column's value as a component takes it; the two fit ([#check]).
    static Object toComponent(Object value, RecordComponent component) {
        Class<?> target = boxed(component.getType());
        if (target.isInstance(value)) return value;
        return switch (value) {
            case Long n -> whole(n, target);
            case Double n when target == Float.class -> n.floatValue();
            case BigInteger n when target == BigDecimal.class -> new BigDecimal(n);
            case String text when target.isEnum() -> constant(text, target);
            default ->
                    throw new IllegalStateException(
                            "%s for %s".formatted(value.getClass(), component));
        };
    }

    private static Object whole(long value, Class<?> target) {
        if (target == Integer.class) return Math.toIntExact(value);
        if (target == Double.class) return (double) value;
        if (target == Short.class) return (short) value;
        if (target == Byte.class) return (byte) value;
        if (target == BigInteger.class) return BigInteger.valueOf(value);
        return BigDecimal.valueOf(value);
    }

    private static Object constant(String text, Class<?> target) {
        Object[] constants = target.getEnumConstants();
        for (Object constant : constants) {
            if (((Enum<?>) constant).name().equals(text)) return constant;
        }
        throw new QuiverException(
                ErrorCode.BAD_VALUE,
                "'%s' is no constant of %s".formatted(text, target.getSimpleName()),
                List.of("has: " + Arrays.toString(constants)),
                "add the constant, or declare the component as String");
    }

    /// A component's value as its column takes it.
    static @Nullable Object toColumn(@Nullable Object value, RecordComponent component) {
        return switch (value) {
            case null -> null;
            case Byte n -> n.longValue();
            case Short n -> n.longValue();
            case Integer n -> n.longValue();
            case Float n -> n.doubleValue();
            case Enum<?> constant -> constant.name();
            case BigDecimal n -> decimal(n, component);
            default -> value;
        };
    }

    private static BigDecimal decimal(BigDecimal value, RecordComponent component) {
        var type =
                (DataType.Decimal)
                        columnType(
                                BigDecimal.class,
                                Optional.ofNullable(component.getAnnotation(Column.class)));
        BigDecimal scaled = value.setScale(type.scale(), RoundingMode.HALF_UP);
        if (scaled.precision() <= type.precision()) return scaled;
        throw new QuiverException(
                ErrorCode.BAD_VALUE,
                "%s doesn't fit %s".formatted(value, type),
                List.of("component: " + component.getName()),
                "give its digits with @Column(precision = …, scale = …)");
    }
}
