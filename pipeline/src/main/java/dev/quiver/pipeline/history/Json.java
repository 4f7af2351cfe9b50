package dev.quiver.pipeline.history;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// JSON objects as maps of texts, whole numbers, floats, booleans, lists and maps. Null isn't among
/// them: a name without a value is left out. Not for users.
public final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    /// An object in one line, its names in the order of the map.
    public static String text(Map<String, ?> object) {
        var text = new StringWriter();
        try (JsonGenerator out = FACTORY.createGenerator(text)) {
            write(object, out);
        } catch (IOException e) {
            throw new UncheckedIOException("a writer in memory failed", e);
        }
        return text.toString();
    }

    private static void write(Object value, JsonGenerator out) throws IOException {
        switch (value) {
            case Map<?, ?> object -> {
                out.writeStartObject();
                for (Map.Entry<?, ?> entry : object.entrySet()) {
                    out.writeFieldName(String.valueOf(entry.getKey()));
                    write(entry.getValue(), out);
                }
                out.writeEndObject();
            }
            case List<?> list -> {
                out.writeStartArray();
                for (Object one : list) write(one, out);
                out.writeEndArray();
            }
            case Boolean truth -> out.writeBoolean(truth);
            case Integer number -> out.writeNumber(number);
            case Long number -> out.writeNumber(number);
            case Double number when Double.isFinite(number) -> out.writeNumber(number);
            default -> out.writeString(value.toString());
        }
    }

    /// The object that a text is.
    ///
    /// @throws IOException when it is something else
    public static Map<String, Object> object(String text) throws IOException {
        try (JsonParser in = FACTORY.createParser(text)) {
            if (in.nextToken() != JsonToken.START_OBJECT) throw new IOException("no JSON object");
            Map<String, Object> object = object(in);
            if (in.nextToken() != null) throw new IOException("more behind a JSON object");
            return object;
        }
    }

    private static Map<String, Object> object(JsonParser in) throws IOException {
        var object = new LinkedHashMap<String, Object>();
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = in.currentName();
            in.nextToken();
            value(in).ifPresent(value -> object.put(name, value));
        }
        return object;
    }

    /// Empty for null.
    private static Optional<Object> value(JsonParser in) throws IOException {
        return switch (in.currentToken()) {
            case START_OBJECT -> Optional.of(object(in));
            case START_ARRAY -> {
                var list = new ArrayList<Object>();
                while (in.nextToken() != JsonToken.END_ARRAY) value(in).ifPresent(list::add);
                yield Optional.of(list);
            }
            case VALUE_TRUE, VALUE_FALSE -> Optional.of(in.getBooleanValue());
            case VALUE_NUMBER_INT -> Optional.of(in.getLongValue());
            case VALUE_NUMBER_FLOAT -> Optional.of(in.getDoubleValue());
            case VALUE_STRING -> Optional.of(in.getText());
            case VALUE_NULL -> Optional.empty();
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
                    throw new IOException("no JSON value: " + in.currentToken());
            case null -> throw new IOException("the JSON ends too soon");
        };
    }
}
