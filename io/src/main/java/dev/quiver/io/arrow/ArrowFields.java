package dev.quiver.io.arrow;

import com.google.flatbuffers.FlatBufferBuilder;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.flatbuf.Binary;
import org.apache.arrow.flatbuf.Bool;
import org.apache.arrow.flatbuf.Date;
import org.apache.arrow.flatbuf.DateUnit;
import org.apache.arrow.flatbuf.Decimal;
import org.apache.arrow.flatbuf.DictionaryEncoding;
import org.apache.arrow.flatbuf.Duration;
import org.apache.arrow.flatbuf.FloatingPoint;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.KeyValue;
import org.apache.arrow.flatbuf.Precision;
import org.apache.arrow.flatbuf.Struct_;
import org.apache.arrow.flatbuf.Time;
import org.apache.arrow.flatbuf.TimeUnit;
import org.apache.arrow.flatbuf.Timestamp;
import org.apache.arrow.flatbuf.Type;
import org.apache.arrow.flatbuf.Utf8;
import org.jspecify.annotations.Nullable;

/// The columns of a file that is written: their description, and what their dictionaries have.
final class ArrowFields {
    private static final int INDEX_BITS = 32;

    /// A column or a part of one.
    ///
    /// @param coded null but for categorical text and enumerations
    record Written(Field field, @Nullable Coded coded, List<Written> children) {}

    /// A dictionary that grows while batches are written.
    static final class Coded {
        private final long id;
        private final List<String> values = new ArrayList<>();
        private final Map<String, Integer> codes = new HashMap<>();
        private int written = -1;

        Coded(long id) {
            this.id = id;
        }

        long id() {
            return id;
        }

        List<String> values() {
            return values;
        }

        /// How many values were written; negative before the first time.
        int written() {
            return written;
        }

        int code(String value) {
            Integer known = codes.putIfAbsent(value, values.size());
            if (known != null) return known;
            values.add(value);
            return values.size() - 1;
        }

        List<String> takeNew() {
            List<String> fresh = List.copyOf(values.subList(Math.max(written, 0), values.size()));
            written = values.size();
            return fresh;
        }
    }

    private final List<Written> columns = new ArrayList<>();
    private final List<Coded> dictionaries = new ArrayList<>();

    ArrowFields(Schema schema) {
        for (Field field : schema.fields()) columns.add(written(field));
    }

    List<Written> columns() {
        return columns;
    }

    List<Coded> dictionaries() {
        return dictionaries;
    }

    private Written written(Field field) {
        var children = new ArrayList<Written>();
        Coded coded = null;
        switch (field.type()) {
            case DataType.ListOf(var element) -> children.add(written(element));
            case DataType.Struct(var fields) -> fields.forEach(f -> children.add(written(f)));
            case DataType.Categorical _, DataType.Enumeration _ -> {
                coded = new Coded(dictionaries.size());
                dictionaries.add(coded);
                if (field.type() instanceof DataType.Enumeration(var categories))
                    categories.forEach(coded::code);
            }
            default -> {}
        }
        return new Written(field, coded, children);
    }

    /// The schema, in `builder`.
    int schema(FlatBufferBuilder builder) {
        int[] offsets = columns.stream().mapToInt(c -> field(builder, c)).toArray();
        int vector = org.apache.arrow.flatbuf.Schema.createFieldsVector(builder, offsets);
        return org.apache.arrow.flatbuf.Schema.createSchema(
                builder, org.apache.arrow.flatbuf.Endianness.Little, vector, 0, 0);
    }

    private static int field(FlatBufferBuilder builder, Written column) {
        int[] children = column.children().stream().mapToInt(c -> field(builder, c)).toArray();
        int childVector = org.apache.arrow.flatbuf.Field.createChildrenVector(builder, children);
        Field field = column.field();
        int name = builder.createString(field.name());
        int dictionary = 0;
        int metadata = 0;
        Coded coded = column.coded();
        if (coded != null) {
            int index = Int.createInt(builder, INDEX_BITS, true);
            boolean ordered = field.type() instanceof DataType.Enumeration;
            dictionary =
                    DictionaryEncoding.createDictionaryEncoding(
                            builder, coded.id(), index, ordered, (short) 0);
            if (ordered) metadata = metadata(builder, field.type().toString());
        }
        int type = type(builder, field.type());
        return org.apache.arrow.flatbuf.Field.createField(
                builder,
                name,
                field.nullable(),
                kind(field.type()),
                type,
                dictionary,
                childVector,
                metadata);
    }

    private static int metadata(FlatBufferBuilder builder, String type) {
        int pair =
                KeyValue.createKeyValue(
                        builder,
                        builder.createString(ArrowSchema.TYPE_KEY),
                        builder.createString(type));
        return org.apache.arrow.flatbuf.Field.createCustomMetadataVector(builder, new int[] {pair});
    }

    private static byte kind(DataType type) {
        return switch (type) {
            case DataType.Bool _ -> Type.Bool;
            case DataType.Int _ -> Type.Int;
            case DataType.FloatingPoint _ -> Type.FloatingPoint;
            case DataType.Decimal _ -> Type.Decimal;
            case DataType.Date _ -> Type.Date;
            case DataType.Timestamp _ -> Type.Timestamp;
            case DataType.Time _ -> Type.Time;
            case DataType.Duration _ -> Type.Duration;
            case DataType.Utf8 _, DataType.Categorical _, DataType.Enumeration _ -> Type.Utf8;
            case DataType.Binary _ -> Type.Binary;
            case DataType.ListOf _ -> Type.List;
            case DataType.Struct _ -> Type.Struct_;
        };
    }

    private static int type(FlatBufferBuilder builder, DataType type) {
        return switch (type) {
            case DataType.Bool _ -> empty(builder, Bool::startBool, Bool::endBool);
            case DataType.Int(var bits, var signed) -> Int.createInt(builder, bits, signed);
            case DataType.FloatingPoint(var bits) ->
                    FloatingPoint.createFloatingPoint(
                            builder,
                            switch (bits) {
                                case 16 -> Precision.HALF;
                                case 32 -> Precision.SINGLE;
                                default -> Precision.DOUBLE;
                            });
            case DataType.Decimal(var precision, var scale) ->
                    Decimal.createDecimal(builder, precision, scale, 128);
            case DataType.Date _ -> Date.createDate(builder, DateUnit.DAY);
            case DataType.Timestamp(var unit, var zone) -> {
                int zoneName = zone.isPresent() ? builder.createString(zone.get()) : 0;
                yield Timestamp.createTimestamp(builder, unit(unit), zoneName);
            }
            case DataType.Time(var unit) ->
                    Time.createTime(builder, unit(unit), isShort(unit) ? 32 : 64);
            case DataType.Duration(var unit) -> Duration.createDuration(builder, unit(unit));
            case DataType.Utf8 _, DataType.Categorical _, DataType.Enumeration _ ->
                    empty(builder, Utf8::startUtf8, Utf8::endUtf8);
            case DataType.Binary _ -> empty(builder, Binary::startBinary, Binary::endBinary);
            case DataType.ListOf _ ->
                    empty(
                            builder,
                            org.apache.arrow.flatbuf.List::startList,
                            org.apache.arrow.flatbuf.List::endList);
            case DataType.Struct _ -> empty(builder, Struct_::startStruct_, Struct_::endStruct_);
        };
    }

    private static int empty(
            FlatBufferBuilder builder,
            java.util.function.Consumer<FlatBufferBuilder> start,
            java.util.function.ToIntFunction<FlatBufferBuilder> end) {
        start.accept(builder);
        return end.applyAsInt(Objects.requireNonNull(builder));
    }

    /// Whether times of this unit have 32 bits in Arrow.
    static boolean isShort(DataType.TimeUnit unit) {
        return unit == DataType.TimeUnit.SECOND || unit == DataType.TimeUnit.MILLI;
    }

    private static short unit(DataType.TimeUnit unit) {
        return switch (unit) {
            case SECOND -> TimeUnit.SECOND;
            case MILLI -> TimeUnit.MILLISECOND;
            case MICRO -> TimeUnit.MICROSECOND;
            case NANO -> TimeUnit.NANOSECOND;
        };
    }
}
