package dev.quiver.expression;

import dev.quiver.schema.DataType;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Comparator;

/// The order of the values of a type, which also says what is equal: NaN equals itself and is
/// greater than all numbers, −0.0 equals 0.0, texts are ordered by their UTF-8 bytes, enumerations
/// as declared, false before true.
public final class Ordering {
    private Ordering() {}

    /// The order of non-null values of the type.
    public static Comparator<Object> of(DataType type) {
        return switch (type) {
            case DataType.FloatingPoint _ -> (a, b) -> compare((Double) a, (Double) b);
            case DataType.Decimal _ -> (a, b) -> ((BigDecimal) a).compareTo((BigDecimal) b);
            case DataType.Utf8 _, DataType.Categorical _ ->
                    (a, b) -> compare((String) a, (String) b);
            case DataType.Enumeration(var categories) ->
                    Comparator.comparingInt(value -> categories.indexOf((String) value));
            case DataType.Binary _ -> (a, b) -> Arrays.compareUnsigned((byte[]) a, (byte[]) b);
            case DataType.Bool _,
                    DataType.Int _,
                    DataType.Date _,
                    DataType.Timestamp _,
                    DataType.Time _,
                    DataType.Duration _ ->
                    Ordering::natural;
            case DataType.ListOf _, DataType.Struct _ ->
                    throw new IllegalArgumentException(type + " has no order");
        };
    }

    @SuppressWarnings("unchecked") // values of one type have one class, as Values says
    private static int natural(Object a, Object b) {
        return ((Comparable<Object>) a).compareTo(b);
    }

    /// Numbers, with NaN last and both zeros equal.
    public static int compare(double a, double b) {
        if (a < b) return -1;
        if (a > b) return 1;
        if (a == b) return 0;
        return Boolean.compare(Double.isNaN(a), Double.isNaN(b));
    }

    /// Texts by their UTF-8 bytes, which is by code points.
    public static int compare(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x == y) continue;
            boolean pairX = Character.isSurrogate(x);
            boolean pairY = Character.isSurrogate(y);
            // Characters outside the basic plane come after all inside it.
            return pairX == pairY ? Character.compare(x, y) : Boolean.compare(pairX, pairY);
        }
        return Integer.compare(a.length(), b.length());
    }
}
