package dev.quiver.expression;

import dev.quiver.schema.DataType;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;

/// The Java classes that stand for values of each type wherever single values are handled:
/// literals, the interpreter, rows.
///
/// | type | class |
/// |---|---|
/// | bool | Boolean |
/// | int8 … int64, uint8 … uint32 | Long |
/// | uint64 | java.math.BigInteger |
/// | float16, float32, float64 | Double |
/// | decimal(p,s) | BigDecimal of scale s |
/// | date | LocalDate |
/// | timestamp[u] | LocalDateTime |
/// | timestamp[u, zone] | Instant |
/// | time | LocalTime |
/// | duration | Duration |
/// | utf8, categorical, enum | String |
/// | binary | byte[] |
/// | list | List |
/// | struct | List of the fields' values |
public final class Values {
    private Values() {}

    /// The class of the non-null values of `type`.
    public static Class<?> javaClass(DataType type) {
        return switch (type) {
            case DataType.Bool _ -> Boolean.class;
            case DataType.Int(var bits, var signed) ->
                    bits == 64 && !signed ? java.math.BigInteger.class : Long.class;
            case DataType.FloatingPoint _ -> Double.class;
            case DataType.Decimal _ -> BigDecimal.class;
            case DataType.Date _ -> LocalDate.class;
            case DataType.Timestamp(_, var zone) ->
                    zone.isPresent() ? Instant.class : LocalDateTime.class;
            case DataType.Time _ -> LocalTime.class;
            case DataType.Duration _ -> Duration.class;
            case DataType.Utf8 _, DataType.Categorical _, DataType.Enumeration _ -> String.class;
            case DataType.Binary _ -> byte[].class;
            case DataType.ListOf _, DataType.Struct _ -> List.class;
        };
    }
}
