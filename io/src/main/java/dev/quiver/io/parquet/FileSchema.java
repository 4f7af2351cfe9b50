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
    private static final int DEPTH_MAX = 32;
    private static final int FLOAT16_BYTES = 2;
    private static final int UUID_BYTES = 16;

    private final List<SchemaElement> elements;
    private final Map<String, String> types;
    private final FileErrors errors;
    private final List<String> path = new ArrayList<>();
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
    static List<FileNode> columns(
            List<SchemaElement> elements, Map<String, String> types, FileErrors errors) {
        if (elements.isEmpty()) throw errors.corrupt("the footer has no schema");
        var reader = new FileSchema(elements, types, errors);
        var columns = new ArrayList<FileNode>();
        int count = elements.getFirst().num_children;
        if (count < 0 || count >= elements.size())
            throw errors.corrupt("the footer's schema has %d columns".formatted(count));
        for (int i = 0; i < count; i++) columns.add(reader.node(0, 0, 0));
        if (reader.next != elements.size())
            throw errors.corrupt("the footer's schema isn't one tree");
        return columns;
    }

    /// The next element and what is below it.
    ///
    /// @param slot the definition level of the nearest list around
    /// @param definition the level at which the parent is there
    private FileNode node(int slot, int definition, int repetition) {
        SchemaElement element = take();
        path.add(element.name);
        if (path.size() > DEPTH_MAX)
            throw errors.corrupt("the footer's schema is nested deeper than " + DEPTH_MAX);
        FileNode node;
        if (element.repetition_type == FieldRepetitionType.REPEATED) {
            // A list without a group around it: neither it nor its elements can be null.
            FileNode item = item(element, definition + 1, definition + 1, repetition + 1);
            var field = Field.required(element.name, new DataType.ListOf(item.field()));
            node = new FileNode.Repeated(field, slot, definition, repetition, item);
        } else {
            int own = definition + (nullable(element) ? 1 : 0);
            node = item(element, slot, own, repetition);
        }
        path.removeLast();
        return node;
    }

    private FileNode item(SchemaElement element, int slot, int definition, int repetition) {
        if (element.num_children <= 0) return leaf(element, slot, definition, repetition);
        if (isList(element) && element.num_children == 1 && repeated(peek()))
            return list(element, slot, definition, repetition);
        var parts = new ArrayList<FileNode>();
        for (int i = 0; i < element.num_children; i++)
            parts.add(node(slot, definition, repetition));
        var type = new DataType.Struct(parts.stream().map(FileNode::field).toList());
        return new FileNode.Group(field(element, type), slot, definition, repetition, parts);
    }

    /// A list in two or three steps, by the rules of LogicalTypes.md; a map is a list of pairs.
    private FileNode list(SchemaElement element, int slot, int definition, int repetition) {
        SchemaElement middle = take();
        path.add(middle.name);
        int inner = definition + 1;
        boolean three =
                middle.num_children == 1
                        && !middle.name.equals("array")
                        && !middle.name.equals(element.name + "_tuple");
        FileNode item =
                three
                        ? node(inner, inner, repetition + 1)
                        : item(middle, inner, inner, repetition + 1);
        path.removeLast();
        Field field = field(element, new DataType.ListOf(item.field()));
        return new FileNode.Repeated(field, slot, definition, repetition, item);
    }

    private FileNode leaf(SchemaElement element, int slot, int definition, int repetition) {
        Type physical = element.type;
        String name = String.join(".", path);
        if (physical == null) throw errors.corrupt(name, "the column has neither a type nor parts");
        if (physical == Type.FIXED_LEN_BYTE_ARRAY && element.type_length <= 0)
            throw errors.corrupt(name, "values of %d bytes".formatted(element.type_length));
        int width = physical == Type.FIXED_LEN_BYTE_ARRAY ? element.type_length : 0;
        DataType type = path.size() == 1 ? own(element, type(element)) : type(element);
        Field field = field(element, type);
        var stored = new Field(name, type, field.nullable());
        return new FileNode.Leaf(
                field,
                new FileColumn(leaf++, stored, physical, width, definition, repetition),
                slot);
    }

    private static Field field(SchemaElement element, DataType type) {
        return new Field(element.name, type, nullable(element));
    }

    private static boolean nullable(SchemaElement element) {
        return element.repetition_type == FieldRepetitionType.OPTIONAL
                || element.repetition_type == null;
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

    private static boolean isList(SchemaElement element) {
        return element.converted_type == ConvertedType.LIST
                || element.converted_type == ConvertedType.MAP
                || element.converted_type == ConvertedType.MAP_KEY_VALUE
                || (element.logicalType != null
                        && (element.logicalType.isSetLIST() || element.logicalType.isSetMAP()));
    }

    private SchemaElement take() {
        SchemaElement element = peek();
        next++;
        return element;
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
        // Of a newer format than this one: only the old annotation, if any, is understood.
        LogicalType logical =
                element.logicalType != null && element.logicalType.getSetField() == null
                        ? null
                        : element.logicalType;
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
                if (isUuid(element)) yield DataType.UTF8;
                yield decimal(element).orElse(DataType.BINARY);
            }
        };
    }

    /// Stored as 16 bytes, read as text.
    private static boolean isUuid(SchemaElement element) {
        return element.type == Type.FIXED_LEN_BYTE_ARRAY
                && element.type_length == UUID_BYTES
                && element.logicalType != null
                && element.logicalType.isSetUUID();
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
            return decimal(element).orElse(DataType.INT32);
        }
        return switch (element.converted_type) {
            case INT_8 -> DataType.INT8;
            case INT_16 -> DataType.INT16;
            case UINT_8 -> DataType.UINT8;
            case UINT_16 -> DataType.UINT16;
            case UINT_32 -> DataType.UINT32;
            case DATE -> DataType.DATE;
            case TIME_MILLIS -> new DataType.Time(TimeUnit.MILLI);
            case DECIMAL -> decimal(element).orElse(DataType.INT32);
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
            return decimal(element).orElse(DataType.INT64);
        }
        return switch (element.converted_type) {
            case UINT_64 -> DataType.UINT64;
            case TIME_MICROS -> new DataType.Time(TimeUnit.MICRO);
            case TIMESTAMP_MILLIS -> new DataType.Timestamp(TimeUnit.MILLI, Optional.of("UTC"));
            case TIMESTAMP_MICROS -> new DataType.Timestamp(TimeUnit.MICRO, Optional.of("UTC"));
            case DECIMAL -> decimal(element).orElse(DataType.INT64);
            case null, default -> DataType.INT64;
        };
    }

    private static TimeUnit unit(org.apache.parquet.format.TimeUnit unit) {
        if (unit.isSetMILLIS()) return TimeUnit.MILLI;
        return unit.isSetMICROS() ? TimeUnit.MICRO : TimeUnit.NANO;
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
