package dev.quiver.io.arrow;

import dev.quiver.columnar.FixedColumn;
import dev.quiver.error.QuiverException;
import dev.quiver.io.arrow.ArrowField.Layout;
import dev.quiver.schema.DataType;
import dev.quiver.schema.DataTypeParser;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.arrow.flatbuf.Date;
import org.apache.arrow.flatbuf.DateUnit;
import org.apache.arrow.flatbuf.Decimal;
import org.apache.arrow.flatbuf.Duration;
import org.apache.arrow.flatbuf.FixedSizeBinary;
import org.apache.arrow.flatbuf.FixedSizeList;
import org.apache.arrow.flatbuf.FloatingPoint;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.Precision;
import org.apache.arrow.flatbuf.Time;
import org.apache.arrow.flatbuf.TimeUnit;
import org.apache.arrow.flatbuf.Timestamp;
import org.apache.arrow.flatbuf.Type;

/// The columns of an Arrow file.
///
/// Types become those of the same meaning: large and view types as their plain kind, fixed-size
/// binary as binary, maps as lists of structs, dates of 64 bits as dates, every zone as UTC (the
/// instants are the same), text in a dictionary as categorical.
final class ArrowSchema {
    /// The field metadata that keeps a type of ours which Arrow has no name for.
    static final String TYPE_KEY = "quiver.type";

    private static final int DEPTH_MAX = 64;

    private final ArrowTrouble trouble;
    private final List<ArrowField> fields = new ArrayList<>();

    /// What each dictionary holds.
    private final Map<Long, ArrowField> dictionaries = new HashMap<>();

    ArrowSchema(org.apache.arrow.flatbuf.Schema from, ArrowTrouble trouble) {
        this.trouble = trouble;
        if (from.endianness() != org.apache.arrow.flatbuf.Endianness.Little)
            throw trouble.unsupported("all", "its numbers are big-endian");
        for (int i = 0; i < from.fieldsLength(); i++)
            fields.add(field(Objects.requireNonNull(from.fields(i)), "", 0));
    }

    List<ArrowField> fields() {
        return fields;
    }

    Map<Long, ArrowField> dictionaries() {
        return dictionaries;
    }

    Schema schema() {
        return new Schema(fields.stream().map(ArrowField::field).toList());
    }

    private ArrowField field(org.apache.arrow.flatbuf.Field from, String above, int depth) {
        String name = Objects.requireNonNullElse(from.name(), "");
        String path = above.isEmpty() ? name : above + "." + name;
        if (depth > DEPTH_MAX) throw trouble.unsupported(path, "it is nested too deeply");
        var children = new ArrayList<ArrowField>();
        for (int i = 0; i < from.childrenLength(); i++)
            children.add(field(Objects.requireNonNull(from.children(i)), path, depth + 1));
        ArrowField plain = plain(from, name, path, children);
        var encoding = from.dictionary();
        if (encoding == null) return plain;
        Int index = encoding.indexType();
        int bits = index == null ? 32 : index.bitWidth();
        dictionaries.putIfAbsent(encoding.id(), plain);
        DataType type = plain.type().equals(DataType.UTF8) ? text(from) : plain.type();
        return new ArrowField(
                new Field(name, type, from.nullable()),
                Layout.INTEGERS,
                bits / 8,
                List.of(),
                encoding.id(),
                index == null || index.isSigned());
    }

    /// Categorical, or the enumeration that we wrote.
    private static DataType text(org.apache.arrow.flatbuf.Field from) {
        for (int i = 0; i < from.customMetadataLength(); i++) {
            var pair = from.customMetadata(i);
            String value = pair == null ? null : pair.value();
            if (value == null || !TYPE_KEY.equals(Objects.requireNonNull(pair).key())) continue;
            try {
                DataType type = DataTypeParser.parse(value);
                if (type instanceof DataType.Enumeration) return type;
            } catch (QuiverException _) {
                return DataType.CATEGORICAL; // somebody else's note
            }
        }
        return DataType.CATEGORICAL;
    }

    private ArrowField plain(
            org.apache.arrow.flatbuf.Field from,
            String name,
            String path,
            List<ArrowField> children) {
        var made =
                switch (from.typeType()) {
                    case Type.Null -> new Made(DataType.UTF8, Layout.NULLS, 0);
                    case Type.Bool -> new Made(DataType.BOOL, Layout.BOOLS, 0);
                    case Type.Utf8 -> new Made(DataType.UTF8, Layout.BYTES, 0);
                    case Type.Binary -> new Made(DataType.BINARY, Layout.BYTES, 0);
                    case Type.LargeUtf8 -> new Made(DataType.UTF8, Layout.BYTES_LARGE, 0);
                    case Type.LargeBinary -> new Made(DataType.BINARY, Layout.BYTES_LARGE, 0);
                    case Type.Utf8View -> new Made(DataType.UTF8, Layout.VIEWS, 0);
                    case Type.BinaryView -> new Made(DataType.BINARY, Layout.VIEWS, 0);
                    case Type.FixedSizeBinary -> {
                        var type = (FixedSizeBinary) typed(from, new FixedSizeBinary());
                        yield new Made(DataType.BINARY, Layout.BYTES_FIXED, type.byteWidth());
                    }
                    case Type.List, Type.Map -> new Made(list(children, path), Layout.LISTS, 0);
                    case Type.LargeList -> new Made(list(children, path), Layout.LISTS_LARGE, 0);
                    case Type.FixedSizeList -> {
                        var type = (FixedSizeList) typed(from, new FixedSizeList());
                        DataType list = list(children, path);
                        yield new Made(list, Layout.LISTS_FIXED, type.listSize());
                    }
                    case Type.Struct_ ->
                            new Made(
                                    new DataType.Struct(
                                            children.stream().map(ArrowField::field).toList()),
                                    Layout.STRUCTS,
                                    0);
                    default -> number(from, path);
                };
        return new ArrowField(
                new Field(name, made.type(), from.nullable()),
                made.layout(),
                made.width(),
                children,
                ArrowField.NONE,
                true);
    }

    private record Made(DataType type, Layout layout, int width) {
        static Made fixed(DataType type, int width) {
            boolean same = FixedColumn.width(type) == width;
            return new Made(type, same ? Layout.FIXED : Layout.INTEGERS, width);
        }
    }

    private static com.google.flatbuffers.Table typed(
            org.apache.arrow.flatbuf.Field from, com.google.flatbuffers.Table into) {
        return Objects.requireNonNull(from.type(into));
    }

    private DataType list(List<ArrowField> children, String path) {
        if (children.size() != 1)
            throw trouble.corrupt("the list '%s' has no type".formatted(path));
        return new DataType.ListOf(children.getFirst().field().withName("element"));
    }

    private Made number(org.apache.arrow.flatbuf.Field from, String path) {
        return switch (from.typeType()) {
            case Type.Int -> {
                var type = (Int) typed(from, new Int());
                yield Made.fixed(
                        new DataType.Int(type.bitWidth(), type.isSigned()), type.bitWidth() / 8);
            }
            case Type.FloatingPoint -> {
                var type = (FloatingPoint) typed(from, new FloatingPoint());
                yield switch (type.precision()) {
                    case Precision.HALF -> Made.fixed(DataType.FLOAT16, 2);
                    case Precision.SINGLE -> Made.fixed(DataType.FLOAT32, 4);
                    default -> Made.fixed(DataType.FLOAT64, 8);
                };
            }
            case Type.Decimal -> decimal((Decimal) typed(from, new Decimal()), path);
            case Type.Date -> {
                var type = (Date) typed(from, new Date());
                yield type.unit() == DateUnit.DAY
                        ? Made.fixed(DataType.DATE, 4)
                        : new Made(DataType.DATE, Layout.MILLIS, 8);
            }
            case Type.Time -> {
                var type = (Time) typed(from, new Time());
                yield Made.fixed(new DataType.Time(unit(type.unit())), type.bitWidth() / 8);
            }
            case Type.Timestamp -> {
                var type = (Timestamp) typed(from, new Timestamp());
                String zone = type.timezone();
                boolean zoned = zone != null && !zone.isEmpty();
                yield Made.fixed(
                        new DataType.Timestamp(
                                unit(type.unit()), zoned ? Optional.of("UTC") : Optional.empty()),
                        8);
            }
            case Type.Duration -> {
                var type = (Duration) typed(from, new Duration());
                yield Made.fixed(new DataType.Duration(unit(type.unit())), 8);
            }
            default ->
                    throw trouble.unsupported(
                            path,
                            "Arrow's type %s is not read"
                                    .formatted(
                                            from.typeType() >= 0
                                                            && from.typeType() < Type.names.length
                                                    ? Type.name(from.typeType())
                                                    : from.typeType()));
        };
    }

    private Made decimal(Decimal type, String path) {
        boolean held =
                type.precision() >= 1
                        && type.precision() <= DataType.Decimal.PRECISION_MAX
                        && type.scale() >= 0
                        && type.scale() <= type.precision();
        if (!held)
            throw trouble.unsupported(
                    path,
                    "decimals of precision %d and scale %d are not read"
                            .formatted(type.precision(), type.scale()));
        return Made.fixed(
                new DataType.Decimal(type.precision(), type.scale()), type.bitWidth() / 8);
    }

    private static DataType.TimeUnit unit(short unit) {
        return switch (unit) {
            case TimeUnit.SECOND -> DataType.TimeUnit.SECOND;
            case TimeUnit.MILLISECOND -> DataType.TimeUnit.MILLI;
            case TimeUnit.MICROSECOND -> DataType.TimeUnit.MICRO;
            default -> DataType.TimeUnit.NANO;
        };
    }
}
