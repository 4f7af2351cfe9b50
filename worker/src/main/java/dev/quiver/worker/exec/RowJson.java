package dev.quiver.worker.exec;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.schema.DataType;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A row as one line of JSON, its columns in order: timestamps as ISO 8601, decimals as plain
/// digits, binary as base64, NaN and infinities as texts.
final class RowJson {
    private static final String HIDDEN = "***";

    private final StringBuilder text = new StringBuilder();

    private RowJson() {}

    /// @param hidden columns whose values are shown as asterisks
    static String of(Chunk chunk, int row, List<String> hidden) {
        var json = new RowJson();
        json.text.append('{');
        for (int i = 0; i < chunk.columns().size(); i++) {
            if (i > 0) json.text.append(',');
            String name = chunk.schema().field(i).name();
            json.string(name);
            json.text.append(':');
            Object value = ColumnValues.get(chunk.column(i), row);
            if (value != null && hidden.contains(name)) json.string(HIDDEN);
            else json.value(chunk.schema().field(i).type(), value);
        }
        return json.text.append('}').toString();
    }

    private void value(DataType type, @Nullable Object value) {
        switch (value) {
            case null -> text.append("null");
            case Double number when !Double.isFinite(number) -> string(number.toString());
            case BigDecimal number -> text.append(number.toPlainString());
            case Number number -> text.append(number);
            case Boolean truth -> text.append(truth);
            case byte[] bytes -> string(Base64.getEncoder().encodeToString(bytes));
            case List<?> several -> several(type, several);
            default -> string(value.toString());
        }
    }

    private void several(DataType type, List<?> values) {
        boolean struct = type instanceof DataType.Struct;
        text.append(struct ? '{' : '[');
        for (int i = 0; i < values.size(); i++) {
            if (i > 0) text.append(',');
            switch (type) {
                case DataType.Struct(var fields) -> {
                    string(fields.get(i).name());
                    text.append(':');
                    value(fields.get(i).type(), values.get(i));
                }
                case DataType.ListOf(var element) -> value(element.type(), values.get(i));
                default -> throw new IllegalStateException("%s holds a list".formatted(type));
            }
        }
        text.append(struct ? '}' : ']');
    }

    private void string(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char letter = value.charAt(i);
            switch (letter) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (letter < 0x20) text.append("\\u%04x".formatted((int) letter));
                    else text.append(letter);
                }
            }
        }
        text.append('"');
    }
}
