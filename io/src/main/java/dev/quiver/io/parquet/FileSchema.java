package dev.quiver.io.parquet;

import dev.quiver.schema.DataType;
import dev.quiver.schema.DataType.TimeUnit;
import dev.quiver.schema.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.jspecify.annotations.Nullable;

/// Turns a file's flattened schema tree into columns.
final class FileSchema {
    private static final int DEPTH_MAX = 64;
    private static final int FLOAT16_BYTES = 2;

    private final List<SchemaElement> elements;
    private final Map<String, String> types;
    private final FileErrors errors;
    private int next = 1;
    private int leaf;

    private FileSchema(List<SchemaElement> elements, Map<String, String> types, FileErrors errors) {
        this.elements = elements;
        this.types = types;
        this.errors = errors;
    }

    /// The columns of the tree, in order.
    ///
    /// @param elements depth first, the root first
    /// @param types what a Quiver file says of columns whose type Parquet has no word for
    static List<FileColumn> columns(
            List<SchemaElement> elements, Map<String, String> types, FileErrors errors) {
        if (elements.isEmpty()) throw errors.corrupt("the footer has no schema");
        var reader = new FileSchema(elements, types, errors);
        var columns = new ArrayList<FileColumn>();
        int count = elements.getFirst().num_children;
        if (count < 0 || count >= elements.size())
            throw errors.corrupt("the footer's schema has %d columns".formatted(count));
        for (int i = 0; i < count; i++) columns.add(reader.column());
        if (reader.next != elements.size())
            throw errors.corrupt("the footer's schema isn't one tree");
        return columns;
    }

    private FileColumn column() {
        int first = leaf;
        SchemaElement element = peek();
        if (element.num_children > 0 || repeated(element)) {
            int at = next;
            Field field = nested(0);
            SchemaElement leafElement = elements.get(firstLeaf(at));
            return new FileColumn(
                    first,
                    field,
                    leafElement.type == null ? Type.BYTE_ARRAY : leafElement.type,
                    0,
                    true,
                    Optional.of("nested columns can't be read yet"));
        }
        next++;
        leaf++;
        return flat(element, first);
    }

    private int firstLeaf(int at) {
        int index = at;
        while (index + 1 < elements.size() && elements.get(index).num_children > 0) index++;
        return index;
    }

    private FileColumn flat(SchemaElement element, int index) {
        Type physical = element.type;
        if (physical == null)
            throw errors.corrupt(element.name, "the column has neither a type nor parts");
        if (physical == Type.FIXED_LEN_BYTE_ARRAY && element.type_length <= 0)
            throw errors.corrupt(element.name, "values of %d bytes".formatted(element.type_length));
        boolean nullable = element.repetition_type != FieldRepetitionType.REQUIRED;
        int width = physical == Type.FIXED_LEN_BYTE_ARRAY ? element.type_length : 0;
        DataType type = own(element, type(element));
        return new FileColumn(
                index,
                new Field(element.name, type, nullable),
                physical,
                width,
                nullable,
                Optional.empty());
    }

    /// The type, with what a Quiver file adds to it.
    private DataType own(SchemaElement element, DataType type) {
        String declared = types.get(element.name);
        if (declared == null) return type;
        if (declared.equals(QuiverTypes.CATEGORICAL) && type instanceof DataType.Utf8)
            return DataType.CATEGORICAL;
        if (type.equals(DataType.INT64)) return QuiverTypes.duration(declared).orElse(type);
        return type;
    }

    private Field nested(int depth) {
        if (depth > DEPTH_MAX) throw errors.corrupt("the footer's schema is nested too deep");
        SchemaElement element = peek();
        next++;
        DataType type;
        if (element.num_children > 0) {
            var fields = new ArrayList<Field>();
            for (int i = 0; i < element.num_children; i++) fields.add(nested(depth + 1));
            type = group(element, fields);
        } else {
            leaf++;
            type = element.type == null ? DataType.BINARY : type(element);
        }
        boolean nullable = element.repetition_type != FieldRepetitionType.REQUIRED;
        if (repeated(element)) type = new DataType.ListOf(Field.required("element", type));
        return new Field(element.name, type, nullable);
    }

    /// A group is a list, a map (a list of pairs) or a struct.
    private static DataType group(SchemaElement element, List<Field> fields) {
        boolean list =
                element.converted_type == ConvertedType.LIST
                        || element.converted_type == ConvertedType.MAP
                        || element.converted_type == ConvertedType.MAP_KEY_VALUE
                        || (element.logicalType != null
                                && (element.logicalType.isSetLIST()
                                        || element.logicalType.isSetMAP()));
        if (!list
                || fields.size() != 1
                || !(fields.getFirst().type() instanceof DataType.ListOf of))
            return new DataType.Struct(fields);
        // The three-level form: a repeated group with one part that is the element.
        if (of.element().type() instanceof DataType.Struct(var parts) && parts.size() == 1)
            return new DataType.ListOf(parts.getFirst());
        return of;
    }

    private SchemaElement peek() {
        if (next >= elements.size()) throw errors.corrupt("the footer's schema ends too early");
        return elements.get(next);
    }

    private static boolean repeated(SchemaElement element) {
        return element.repetition_type == FieldRepetitionType.REPEATED;
    }

    /// The type of a flat column. Annotations that don't fit the physical type are ignored.
    static DataType type(SchemaElement element) {
        LogicalType logical = element.logicalType;
        return switch (element.type) {
            case BOOLEAN -> DataType.BOOL;
            case FLOAT -> DataType.FLOAT32;
            case DOUBLE -> DataType.FLOAT64;
            case INT96 -> new DataType.Timestamp(TimeUnit.NANO, Optional.empty());
            case INT32 -> int32(element, logical);
            case INT64 -> int64(element, logical);
            case BYTE_ARRAY ->
                    isText(element, logical)
                            ? DataType.UTF8
                            : decimal(element).orElse(DataType.BINARY);
            case FIXED_LEN_BYTE_ARRAY -> {
                if (logical != null
                        && logical.isSetFLOAT16()
                        && element.type_length == FLOAT16_BYTES) yield DataType.FLOAT16;
                yield decimal(element).orElse(DataType.BINARY);
            }
        };
    }

    private static boolean isText(SchemaElement element, @Nullable LogicalType logical) {
        if (logical != null)
            return logical.isSetSTRING() || logical.isSetENUM() || logical.isSetJSON();
        return element.converted_type == ConvertedType.UTF8
                || element.converted_type == ConvertedType.ENUM
                || element.converted_type == ConvertedType.JSON;
    }

    private static DataType int32(SchemaElement element, @Nullable LogicalType logical) {
        if (logical != null) {
            if (logical.isSetINTEGER()) {
                int bits = logical.getINTEGER().bitWidth;
                if (bits == 8 || bits == 16 || bits == 32)
                    return new DataType.Int(bits, logical.getINTEGER().isSigned);
            }
            if (logical.isSetDATE()) return DataType.DATE;
            if (logical.isSetTIME()) return new DataType.Time(TimeUnit.MILLI);
            return decimal64(element, DataType.INT32);
        }
        return switch (element.converted_type) {
            case INT_8 -> DataType.INT8;
            case INT_16 -> DataType.INT16;
            case UINT_8 -> DataType.UINT8;
            case UINT_16 -> DataType.UINT16;
            case UINT_32 -> DataType.UINT32;
            case DATE -> DataType.DATE;
            case TIME_MILLIS -> new DataType.Time(TimeUnit.MILLI);
            case DECIMAL -> decimal64(element, DataType.INT32);
            case null, default -> DataType.INT32;
        };
    }

    private static DataType int64(SchemaElement element, @Nullable LogicalType logical) {
        if (logical != null) {
            if (logical.isSetINTEGER())
                return logical.getINTEGER().isSigned ? DataType.INT64 : DataType.UINT64;
            if (logical.isSetTIME()) return new DataType.Time(unit(logical.getTIME().unit));
            if (logical.isSetTIMESTAMP())
                return new DataType.Timestamp(
                        unit(logical.getTIMESTAMP().unit),
                        logical.getTIMESTAMP().isAdjustedToUTC
                                ? Optional.of("UTC")
                                : Optional.empty());
            return decimal64(element, DataType.INT64);
        }
        return switch (element.converted_type) {
            case UINT_64 -> DataType.UINT64;
            case TIME_MICROS -> new DataType.Time(TimeUnit.MICRO);
            case TIMESTAMP_MILLIS -> new DataType.Timestamp(TimeUnit.MILLI, Optional.of("UTC"));
            case TIMESTAMP_MICROS -> new DataType.Timestamp(TimeUnit.MICRO, Optional.of("UTC"));
            case DECIMAL -> decimal64(element, DataType.INT64);
            case null, default -> DataType.INT64;
        };
    }

    private static TimeUnit unit(org.apache.parquet.format.TimeUnit unit) {
        if (unit.isSetMILLIS()) return TimeUnit.MILLI;
        return unit.isSetMICROS() ? TimeUnit.MICRO : TimeUnit.NANO;
    }

    /// A decimal whose unscaled value fits 64 bits, or `otherwise`.
    private static DataType decimal64(SchemaElement element, DataType otherwise) {
        return decimal(element)
                .map(type ->
                        type instanceof DataType.Decimal(var precision, var scale)
                                        && precision > DataType.Decimal.PRECISION_64_MAX
                                ? DataType.decimal(
                                        DataType.Decimal.PRECISION_64_MAX,
                                        Math.min(scale, DataType.Decimal.PRECISION_64_MAX))
                                : type)
                .orElse(otherwise);
    }

    private static Optional<DataType> decimal(SchemaElement element) {
        int precision;
        int scale;
        if (element.logicalType != null && element.logicalType.isSetDECIMAL()) {
            precision = element.logicalType.getDECIMAL().precision;
            scale = element.logicalType.getDECIMAL().scale;
        } else if (element.logicalType == null && element.converted_type == ConvertedType.DECIMAL) {
            precision = element.precision;
            scale = element.scale;
        } else {
            return Optional.empty();
        }
        if (precision < 1
                || precision > DataType.Decimal.PRECISION_MAX
                || scale < 0
                || scale > precision) return Optional.empty();
        return Optional.of(DataType.decimal(precision, scale));
    }
}
