package dev.quiver.io.parquet;

import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.util.List;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.DateType;
import org.apache.parquet.format.DecimalType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.Float16Type;
import org.apache.parquet.format.IntType;
import org.apache.parquet.format.ListType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.MicroSeconds;
import org.apache.parquet.format.MilliSeconds;
import org.apache.parquet.format.NanoSeconds;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.StringType;
import org.apache.parquet.format.TimeType;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.TimestampType;
import org.apache.parquet.format.Type;

/// How Quiver's types are stored. Seconds become milliseconds; what else Parquet has no word for is
/// marked by [QuiverTypes].
final class ParquetTypes {
    static final int DECIMAL_BYTES = 16;
    static final int FLOAT16_BYTES = 2;

    /// The steps of a list below its own.
    static final String LIST = "list";

    static final String ELEMENT = "element";

    private ParquetTypes() {}

    static Type physical(DataType type) {
        return switch (type) {
            case DataType.Bool _ -> Type.BOOLEAN;
            case DataType.Int(var bits, _) -> bits == 64 ? Type.INT64 : Type.INT32;
            case DataType.FloatingPoint(var bits) ->
                    switch (bits) {
                        case 16 -> Type.FIXED_LEN_BYTE_ARRAY;
                        case 32 -> Type.FLOAT;
                        default -> Type.DOUBLE;
                    };
            case DataType.Decimal(var precision, _) ->
                    precision <= DataType.Decimal.PRECISION_64_MAX
                            ? Type.INT64
                            : Type.FIXED_LEN_BYTE_ARRAY;
            case DataType.Date _ -> Type.INT32;
            case DataType.Time(var unit) -> isMilli(unit) ? Type.INT32 : Type.INT64;
            case DataType.Timestamp _, DataType.Duration _ -> Type.INT64;
            case DataType.Utf8 _,
                    DataType.Binary _,
                    DataType.Categorical _,
                    DataType.Enumeration _,
                    DataType.ListOf _,
                    DataType.Struct _ ->
                    Type.BYTE_ARRAY;
        };
    }

    static boolean isMilli(DataType.TimeUnit unit) {
        return unit == DataType.TimeUnit.SECOND || unit == DataType.TimeUnit.MILLI;
    }

    /// A column's entries in the schema, depth first; lists have the three steps of
    /// LogicalTypes.md.
    static void addElements(Field field, List<SchemaElement> to) {
        switch (field.type()) {
            case DataType.ListOf(var element) -> {
                SchemaElement list = group(field.name(), repetition(field), 1);
                list.setLogicalType(LogicalType.LIST(new ListType()));
                list.setConverted_type(ConvertedType.LIST);
                to.add(list);
                to.add(group(LIST, FieldRepetitionType.REPEATED, 1));
                addElements(element.withName(ELEMENT), to);
            }
            case DataType.Struct(var fields) -> {
                to.add(group(field.name(), repetition(field), fields.size()));
                for (Field part : fields) addElements(part, to);
            }
            default -> to.add(element(field));
        }
    }

    private static SchemaElement group(String name, FieldRepetitionType repetition, int children) {
        var element = new SchemaElement(name);
        element.setRepetition_type(repetition);
        element.setNum_children(children);
        return element;
    }

    private static FieldRepetitionType repetition(Field field) {
        return field.nullable() ? FieldRepetitionType.OPTIONAL : FieldRepetitionType.REQUIRED;
    }

    /// A leaf column's entry in the schema.
    private static SchemaElement element(Field field) {
        var element = new SchemaElement(field.name());
        element.setType(physical(field.type()));
        element.setRepetition_type(repetition(field));
        switch (field.type()) {
            case DataType.Int(var bits, var signed) -> integer(element, bits, signed);
            case DataType.Decimal(var precision, var scale) -> {
                element.setLogicalType(LogicalType.DECIMAL(new DecimalType(scale, precision)));
                element.setConverted_type(ConvertedType.DECIMAL);
                element.setPrecision(precision);
                element.setScale(scale);
                if (precision > DataType.Decimal.PRECISION_64_MAX)
                    element.setType_length(DECIMAL_BYTES);
            }
            case DataType.FloatingPoint(var bits) -> {
                if (bits == 16) {
                    element.setType_length(FLOAT16_BYTES);
                    element.setLogicalType(LogicalType.FLOAT16(new Float16Type()));
                }
            }
            case DataType.Date _ -> {
                element.setLogicalType(LogicalType.DATE(new DateType()));
                element.setConverted_type(ConvertedType.DATE);
            }
            case DataType.Time(var unit) ->
                    element.setLogicalType(LogicalType.TIME(new TimeType(false, unit(unit))));
            case DataType.Timestamp(var unit, var zone) ->
                    timestamp(element, unit, zone.isPresent());
            case DataType.Utf8 _, DataType.Categorical _, DataType.Enumeration _ -> {
                element.setLogicalType(LogicalType.STRING(new StringType()));
                element.setConverted_type(ConvertedType.UTF8);
            }
            case DataType.Bool _,
                    DataType.Duration _,
                    DataType.Binary _,
                    DataType.ListOf _,
                    DataType.Struct _ -> {}
        }
        return element;
    }

    private static void integer(SchemaElement element, int bits, boolean signed) {
        if (signed && bits >= 32) return;
        element.setLogicalType(LogicalType.INTEGER(new IntType((byte) bits, signed)));
        element.setConverted_type(
                switch (bits) {
                    case 8 -> signed ? ConvertedType.INT_8 : ConvertedType.UINT_8;
                    case 16 -> signed ? ConvertedType.INT_16 : ConvertedType.UINT_16;
                    case 32 -> ConvertedType.UINT_32;
                    default -> ConvertedType.UINT_64;
                });
    }

    private static void timestamp(SchemaElement element, DataType.TimeUnit unit, boolean instant) {
        element.setLogicalType(LogicalType.TIMESTAMP(new TimestampType(instant, unit(unit))));
        if (instant && isMilli(unit)) element.setConverted_type(ConvertedType.TIMESTAMP_MILLIS);
        if (instant && unit == DataType.TimeUnit.MICRO)
            element.setConverted_type(ConvertedType.TIMESTAMP_MICROS);
    }

    private static TimeUnit unit(DataType.TimeUnit unit) {
        return switch (unit) {
            case SECOND, MILLI -> TimeUnit.MILLIS(new MilliSeconds());
            case MICRO -> TimeUnit.MICROS(new MicroSeconds());
            case NANO -> TimeUnit.NANOS(new NanoSeconds());
        };
    }
}
