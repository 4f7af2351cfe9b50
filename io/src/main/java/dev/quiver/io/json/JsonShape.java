package dev.quiver.io.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.quiver.io.csv.kernel.FieldKind;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The kinds of values that a place in JSON has shown: a column, a field of a struct, a list's
/// element.
final class JsonShape {
    /// An object with more keys than this is a map, which stays JSON text.
    static final int FIELDS_MAX = 1000;

    private static final int OBJECT = 1 << 16;
    private static final int ARRAY = 1 << 17;
    private static final int NOT_FINITE = 1 << 18;
    private static final int BYTES_TIME_MIN = 10;
    private static final int BYTES_TIME_MAX = 40;
    private static final int PADDING_BYTES = 16;

    private int bits;
    private final Map<String, JsonShape> fields = new LinkedHashMap<>();
    private @Nullable JsonShape element;

    Map<String, JsonShape> fields() {
        return fields;
    }

    /// Looks at the value at which the parser stands, and leaves it at the value's end.
    void add(JsonParser parser, JsonToken token) throws IOException {
        switch (token) {
            case VALUE_NULL -> {}
            case VALUE_TRUE, VALUE_FALSE -> bits |= FieldKind.BOOL.bit();
            case VALUE_NUMBER_FLOAT ->
                    bits |=
                            Double.isInfinite(parser.getDoubleValue())
                                    ? FieldKind.TEXT.bit()
                                    : FieldKind.FLOAT64.bit();
            case VALUE_NUMBER_INT ->
                    bits |=
                            parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                                    ? FieldKind.TEXT.bit()
                                    : FieldKind.INT64.bit();
            case VALUE_STRING -> bits |= text(parser);
            case START_OBJECT -> {
                bits |= OBJECT;
                addFields(parser);
            }
            case START_ARRAY -> addElements(parser);
            default -> throw new IllegalStateException(token + " is no value");
        }
    }

    /// Looks at the fields of the object at whose begin the parser stands.
    void addFields(JsonParser parser) throws IOException {
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken token = parser.nextToken();
            JsonShape field = fields.get(name);
            if (field == null) {
                field = new JsonShape();
                if (fields.size() <= FIELDS_MAX * 10) fields.put(name, field);
            }
            field.add(parser, token);
        }
    }

    private void addElements(JsonParser parser) throws IOException {
        bits |= ARRAY;
        JsonShape of = element;
        if (of == null) {
            of = new JsonShape();
            element = of;
        }
        for (JsonToken token = parser.nextToken();
                token != JsonToken.END_ARRAY;
                token = parser.nextToken()) of.add(parser, token);
    }

    private int text(JsonParser parser) throws IOException {
        if ((bits & FieldKind.TEXT.bit()) != 0) return 0;
        int length = parser.getTextLength();
        char[] text = parser.getTextCharacters();
        int from = parser.getTextOffset();
        if (length >= BYTES_TIME_MIN && length <= BYTES_TIME_MAX && text[from + 4] == '-')
            return time(text, from, length);
        return isNotFinite(new String(text, from, Math.min(length, 10)))
                ? NOT_FINITE
                : FieldKind.TEXT.bit();
    }

    private static boolean isNotFinite(String text) {
        return text.equals("NaN") || text.equals("Infinity") || text.equals("-Infinity");
    }

    private static int time(char[] text, int from, int length) {
        byte[] bytes = new String(text, from, length).getBytes(StandardCharsets.UTF_8);
        if (bytes.length != length) return FieldKind.TEXT.bit();
        var data = MemorySegment.ofArray(java.util.Arrays.copyOf(bytes, length + PADDING_BYTES));
        return switch (FieldKind.of(data, 0, length)) {
            case DATE -> FieldKind.DATE.bit();
            case TIMESTAMP -> FieldKind.TIMESTAMP.bit();
            case TIMESTAMP_NANOS -> FieldKind.TIMESTAMP_NANOS.bit();
            case INSTANT -> FieldKind.INSTANT.bit();
            case INSTANT_NANOS -> FieldKind.INSTANT_NANOS.bit();
            case BOOL, INT64, FLOAT64, TEXT -> FieldKind.TEXT.bit();
        };
    }

    /// The most special type that holds all values; utf8, which holds any, as the last.
    DataType type() {
        if (bits == OBJECT) return struct();
        if (bits == ARRAY && element != null)
            return new DataType.ListOf(Field.of("element", element.type()));
        if (bits == FieldKind.BOOL.bit()) return DataType.BOOL;
        if (bits == FieldKind.INT64.bit()) return DataType.INT64;
        int numbers = FieldKind.INT64.bit() | FieldKind.FLOAT64.bit();
        if ((bits & numbers) != 0 && only(numbers | NOT_FINITE)) return DataType.FLOAT64;
        if (bits == FieldKind.DATE.bit()) return DataType.DATE;
        int wall = FieldKind.DATE.bit() | FieldKind.TIMESTAMP.bit();
        if (bits != 0 && only(wall)) return DataType.TIMESTAMP;
        if (bits != 0 && only(wall | FieldKind.TIMESTAMP_NANOS.bit()))
            return new DataType.Timestamp(DataType.TimeUnit.NANO, Optional.empty());
        int instant = FieldKind.INSTANT.bit();
        if (bits == instant) return DataType.TIMESTAMP_UTC;
        if (bits != 0 && only(instant | FieldKind.INSTANT_NANOS.bit()))
            return new DataType.Timestamp(DataType.TimeUnit.NANO, Optional.of("UTC"));
        return DataType.UTF8;
    }

    private boolean only(int kinds) {
        return (bits & ~kinds) == 0;
    }

    private DataType struct() {
        if (fields.isEmpty() || fields.size() > FIELDS_MAX) return DataType.UTF8;
        var found = new ArrayList<Field>();
        fields.forEach((name, shape) -> found.add(Field.of(name, shape.type())));
        return new DataType.Struct(found);
    }
}
