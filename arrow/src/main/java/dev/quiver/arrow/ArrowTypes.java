package dev.quiver.arrow;

import dev.quiver.schema.DataType;
import java.util.List;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/// Types as Arrow's Java classes name them. Categorical text and enumerations are plain text there.
final class ArrowTypes {
    private static final int DECIMAL_BITS = 128;

    private ArrowTypes() {}

    static Field field(dev.quiver.schema.Field field) {
        return field(field.name(), field.type());
    }

    private static Field field(String name, DataType type) {
        List<Field> children =
                switch (type) {
                    case DataType.ListOf(var element) -> List.of(field(element));
                    case DataType.Struct(var fields) ->
                            fields.stream().map(ArrowTypes::field).toList();
                    default -> List.of();
                };
        return new Field(name, FieldType.nullable(type(type)), children);
    }

    static ArrowType type(DataType type) {
        return switch (type) {
            case DataType.Bool _ -> ArrowType.Bool.INSTANCE;
            case DataType.Int(var bits, var signed) -> new ArrowType.Int(bits, signed);
            case DataType.FloatingPoint(var bits) ->
                    new ArrowType.FloatingPoint(
                            switch (bits) {
                                case 16 -> FloatingPointPrecision.HALF;
                                case 32 -> FloatingPointPrecision.SINGLE;
                                default -> FloatingPointPrecision.DOUBLE;
                            });
            case DataType.Decimal(var precision, var scale) ->
                    new ArrowType.Decimal(precision, scale, DECIMAL_BITS);
            case DataType.Date _ -> new ArrowType.Date(DateUnit.DAY);
            case DataType.Timestamp(var unit, var zone) ->
                    new ArrowType.Timestamp(unit(unit), zone.orElse(null));
            case DataType.Time(var unit) -> new ArrowType.Time(unit(unit), isShort(unit) ? 32 : 64);
            case DataType.Duration(var unit) -> new ArrowType.Duration(unit(unit));
            case DataType.Utf8 _, DataType.Categorical _, DataType.Enumeration _ ->
                    ArrowType.Utf8.INSTANCE;
            case DataType.Binary _ -> ArrowType.Binary.INSTANCE;
            case DataType.ListOf _ -> ArrowType.List.INSTANCE;
            case DataType.Struct _ -> ArrowType.Struct.INSTANCE;
        };
    }

    /// Whether times of this unit have 32 bits in Arrow.
    static boolean isShort(DataType.TimeUnit unit) {
        return unit == DataType.TimeUnit.SECOND || unit == DataType.TimeUnit.MILLI;
    }

    /// Bytes a value of a fixed width has in Arrow.
    static int width(DataType type, int ours) {
        return switch (type) {
            case DataType.Decimal _ -> DECIMAL_BITS / 8;
            case DataType.Time(var unit) -> isShort(unit) ? 4 : 8;
            default -> ours;
        };
    }

    private static TimeUnit unit(DataType.TimeUnit unit) {
        return switch (unit) {
            case SECOND -> TimeUnit.SECOND;
            case MILLI -> TimeUnit.MILLISECOND;
            case MICRO -> TimeUnit.MICROSECOND;
            case NANO -> TimeUnit.NANOSECOND;
        };
    }
}
