package dev.quiver.planner;

import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;

/// About how many bytes a row takes in memory.
public final class Widths {
    private static final double TEXT_BYTES = 12;
    private static final double NESTED_BYTES = 32;

    private Widths() {}

    /// Bytes of a row.
    public static double ofRow(Schema schema) {
        double bytes = 0;
        for (Field field : schema.fields()) bytes += of(field.type());
        return Math.max(bytes, 1.0 / 8);
    }

    /// Bytes of a value of that type.
    public static double of(DataType type) {
        double validity = 1.0 / 8;
        return validity
                + switch (type) {
                    case DataType.Bool _ -> 1.0 / 8;
                    case DataType.Int(var bits, _) -> bits / 8.0;
                    case DataType.FloatingPoint(var bits) -> bits / 8.0;
                    case DataType.Decimal(var precision, _) ->
                            precision <= DataType.Decimal.PRECISION_64_MAX ? 8 : 16;
                    case DataType.Date _ -> 4;
                    case DataType.Timestamp _, DataType.Time _, DataType.Duration _ -> 8;
                    case DataType.Utf8 _, DataType.Binary _ -> TEXT_BYTES;
                    case DataType.Categorical _, DataType.Enumeration _ -> 4;
                    case DataType.ListOf _, DataType.Struct _ -> NESTED_BYTES;
                };
    }
}
