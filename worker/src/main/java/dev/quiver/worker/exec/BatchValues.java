package dev.quiver.worker.exec;

import dev.quiver.expression.Values;
import dev.quiver.schema.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;

/// Which Java values a user's function may put into a column of a type.
final class BatchValues {
    private BatchValues() {}

    static boolean isOf(DataType type, Object value) {
        return switch (type) {
            case DataType.Int(var bits, var signed) -> isWhole(value, bits, signed);
            case DataType.FloatingPoint _ -> value instanceof Number;
            case DataType.Decimal(var precision, var scale) ->
                    value instanceof BigDecimal number && fits(number, precision, scale);
            case DataType.Enumeration(var categories) ->
                    value instanceof String text && categories.contains(text);
            case DataType.ListOf(var element) ->
                    value instanceof List<?> items
                            && items.stream().allMatch(i -> i == null || isOf(element.type(), i));
            case DataType.Struct(var fields) -> {
                if (!(value instanceof List<?> items) || items.size() != fields.size()) yield false;
                boolean fits = true;
                for (int i = 0; i < fields.size(); i++) {
                    Object item = items.get(i);
                    fits &= item == null || isOf(fields.get(i).type(), item);
                }
                yield fits;
            }
            case DataType.Bool _,
                    DataType.Date _,
                    DataType.Timestamp _,
                    DataType.Time _,
                    DataType.Duration _,
                    DataType.Utf8 _,
                    DataType.Binary _,
                    DataType.Categorical _ ->
                    Values.javaClass(type).isInstance(value);
        };
    }

    private static boolean isWhole(Object value, int bits, boolean signed) {
        BigInteger number =
                switch (value) {
                    case BigInteger big -> big;
                    case Long _, Integer _, Short _, Byte _ ->
                            BigInteger.valueOf(((Number) value).longValue());
                    default -> null;
                };
        if (number == null) return false;
        return signed
                ? number.bitLength() < bits
                : number.signum() >= 0 && number.bitLength() <= bits;
    }

    private static boolean fits(BigDecimal number, int precision, int scale) {
        BigDecimal plain = number.stripTrailingZeros();
        return plain.scale() <= scale && plain.precision() - plain.scale() <= precision - scale;
    }

    /// What a user is to give for a column of that type.
    static String described(DataType type) {
        return switch (type) {
            case DataType.Int _ -> "whole numbers in its range: a long[], or a list with nulls";
            case DataType.FloatingPoint _ -> "numbers: a double[], or a list with nulls";
            case DataType.Bool _ -> "a boolean[], or a list with nulls";
            case DataType.Decimal _ -> "a list of BigDecimal that needs no rounding";
            case DataType.Enumeration _ -> "a list of its declared texts";
            case DataType.Struct _ -> "lists with a value a field";
            case DataType.Date _,
                    DataType.Timestamp _,
                    DataType.Time _,
                    DataType.Duration _,
                    DataType.Utf8 _,
                    DataType.Binary _,
                    DataType.Categorical _,
                    DataType.ListOf _ ->
                    "a list of " + Values.javaClass(type).getSimpleName();
        };
    }
}
