package dev.quiver.io.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.csv.FieldText;
import dev.quiver.io.rows.BoolAppender;
import dev.quiver.io.rows.ColumnAppender;
import dev.quiver.io.rows.FixedAppender;
import dev.quiver.io.rows.ListAppender;
import dev.quiver.io.rows.StructAppender;
import dev.quiver.io.rows.TextAppender;
import dev.quiver.schema.DataType;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// Takes a column's values out of a parser, of nested ones too.
final class JsonCell {
    private static final JsonFactory COPIES = new JsonFactory();

    private final ColumnAppender appender;
    private final DataType type;
    private final String path;
    private final JsonTrouble trouble;
    private final List<JsonCell> children = new ArrayList<>();
    private final JsonKeys keys;

    /// @param path what errors call the column: `a.b` for the field of a struct
    JsonCell(ColumnAppender appender, String path, JsonTrouble trouble) {
        this.appender = appender;
        this.type = appender.field().type();
        this.path = path;
        this.trouble = trouble;
        var names = new ArrayList<String>();
        switch (appender) {
            case ListAppender list ->
                    children.add(new JsonCell(list.elements(), path + "[]", trouble));
            case StructAppender struct -> {
                for (ColumnAppender field : struct.fields()) {
                    String name = field.field().name();
                    names.add(name);
                    children.add(new JsonCell(field, path + "." + name, trouble));
                }
            }
            case FixedAppender _, BoolAppender _, TextAppender _ -> {}
        }
        this.keys = new JsonKeys(names, names);
    }

    int rows() {
        return appender.rows();
    }

    String path() {
        return path;
    }

    /// Appends the value at which the parser stands, and leaves it at the value's end.
    void take(JsonParser parser, JsonToken token) throws IOException {
        if (token == JsonToken.VALUE_NULL) {
            appender.appendNull();
            return;
        }
        switch (appender) {
            case FixedAppender fixed -> fixed(fixed, parser, token);
            case BoolAppender bool -> {
                if (!token.isBoolean()) throw bad(parser, token);
                bool.append(token == JsonToken.VALUE_TRUE);
            }
            case TextAppender text -> text(text, parser, token);
            case ListAppender list -> {
                if (token != JsonToken.START_ARRAY) throw bad(parser, token);
                JsonCell element = children.getFirst();
                for (JsonToken next = parser.nextToken();
                        next != JsonToken.END_ARRAY;
                        next = parser.nextToken()) element.take(parser, next);
                list.endRow();
            }
            case StructAppender struct -> {
                if (token != JsonToken.START_OBJECT) throw bad(parser, token);
                takeFields(parser, keys, children, struct.rows(), false, trouble);
                struct.endRow();
            }
        }
    }

    /// Takes the fields of the object at whose begin the parser stands.
    ///
    /// @param row that is being made
    /// @param closed whether a key that isn't known is an error
    static void takeFields(
            JsonParser parser,
            JsonKeys keys,
            List<JsonCell> cells,
            int row,
            boolean closed,
            JsonTrouble trouble)
            throws IOException {
        int guess = 0;
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            int index = keys.find(name, guess);
            JsonToken token = parser.nextToken();
            if (index >= 0) {
                JsonCell cell = cells.get(index);
                if (cell.rows() > row)
                    throw trouble.keyTwice(parser.currentTokenLocation(), cell.path());
                cell.take(parser, token);
                guess = index + 1;
                continue;
            }
            if (closed && index == JsonKeys.UNKNOWN)
                throw trouble.keyUnknown(parser.currentTokenLocation(), name, keys.known());
            parser.skipChildren();
        }
    }

    private void fixed(FixedAppender fixed, JsonParser parser, JsonToken token) throws IOException {
        if (token == JsonToken.VALUE_NUMBER_INT && isLong(parser)) {
            if (fixed.appendLong(parser.getLongValue())) return;
        } else if (token.isNumeric() && type.equals(DataType.FLOAT64)) {
            double value = parser.getDoubleValue();
            if (Double.isInfinite(value)) throw bad(parser, token);
            fixed.appendDouble(value);
            return;
        }
        boolean isText = token == JsonToken.VALUE_STRING;
        if (!isText && !token.isNumeric()) throw bad(parser, token);
        Object value = FieldText.value(type, parser.getText());
        if (value == null) throw bad(parser, token);
        try {
            fixed.append(value);
        } catch (ArithmeticException e) {
            throw bad(parser, token);
        }
    }

    private static boolean isLong(JsonParser parser) throws IOException {
        return switch (parser.getNumberType()) {
            case INT, LONG -> true;
            default -> false;
        };
    }

    private void text(TextAppender text, JsonParser parser, JsonToken token) throws IOException {
        if (type instanceof DataType.Binary) {
            if (token != JsonToken.VALUE_STRING) throw bad(parser, token);
            try {
                text.append(Base64.getDecoder().decode(parser.getText()));
            } catch (IllegalArgumentException e) {
                throw bad(parser, token);
            }
            return;
        }
        try {
            if (token.isStructStart()) text.append(copy(parser));
            else
                text.append(
                        parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
        } catch (QuiverException e) {
            if (e.code() != ErrorCode.BAD_VALUE) throw e;
            throw trouble.at(parser.currentTokenLocation(), path, e);
        }
    }

    /// A nested value as compact JSON.
    private static String copy(JsonParser parser) throws IOException {
        var text = new StringWriter();
        try (JsonGenerator to = COPIES.createGenerator(text)) {
            to.copyCurrentStructure(parser);
        }
        return text.toString();
    }

    private RuntimeException bad(JsonParser parser, JsonToken token) throws IOException {
        String text =
                switch (token) {
                    case START_OBJECT -> "{…}";
                    case START_ARRAY -> "[…]";
                    default -> parser.getText();
                };
        return trouble.badValue(parser.currentTokenLocation(), path, type, text);
    }
}
