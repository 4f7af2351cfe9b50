package dev.quiver.pipeline;

import static dev.quiver.dataframe.Functions.col;

import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Expr;
import dev.quiver.dataframe.Table;
import dev.quiver.error.QuiverException;
import dev.quiver.schema.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The keys whose rows go.
record ErasedKeys(String column, List<Object> values) {
    ErasedKeys {
        values = List.copyOf(values);
    }

    /// A text that is to be a value of a column's type.
    record Text(String text) {}

    /// Whether a row of files has one of the keys; those that are texts, and the column isn't, mean
    /// what they are cast to.
    ///
    /// @param type of the column
    /// @throws QuiverException when a text is no value of the type
    Expr condition(DataType type, Session session) {
        Expr value = col(column);
        if (DataType.isText(type)) return value.isIn(texts());
        var wanted = new ArrayList<Object>();
        var texts = new ArrayList<Text>();
        for (Object key : values) {
            if (key instanceof CharSequence) texts.add(new Text(key.toString()));
            else wanted.add(key);
        }
        if (!texts.isEmpty()) wanted.addAll(cast(texts, type, session));
        return value.isIn(wanted);
    }

    private static List<Object> cast(List<Text> texts, DataType type, Session session) {
        DataFrame cast = session.of(Text.class, texts).select(col("text").cast(type).as("value"));
        try (Table table = cast.collect()) {
            return table.rows().stream()
                    .flatMap(row -> row.find("value", Object.class).stream())
                    .toList();
        }
    }

    /// Whether the name of a folder says one of the keys: the same text, or the same number.
    boolean hasText(String text) {
        for (Object value : values) {
            String wanted = text(value);
            if (text.equals(wanted)) return true;
            if (isWhole(text)
                    && isWhole(wanted)
                    && new BigInteger(text).equals(new BigInteger(wanted))) return true;
        }
        return false;
    }

    private static boolean isWhole(String text) {
        return text.matches("-?[0-9]{1,40}");
    }

    private List<String> texts() {
        return values.stream().map(ErasedKeys::text).toList();
    }

    private static String text(Object value) {
        return value instanceof BigDecimal number ? number.toPlainString() : value.toString();
    }

    /// Whether the text of a row, as a line of a file or as JSON, has one of the keys as a word.
    Expr inText(Expr text) {
        Set<String> forms = new LinkedHashSet<>();
        for (String key : texts()) {
            forms.add(key);
            forms.add(key.replace("\"", "\"\""));
            forms.add(key.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"));
        }
        var quoted = new ArrayList<String>();
        for (String form : forms) quoted.add(quoted(form));
        return text.str()
                .matches(
                        "(?:^|[^\\p{L}\\p{N}])(?:%s)(?:$|[^\\p{L}\\p{N}])"
                                .formatted(String.join("|", quoted)));
    }

    private static String quoted(String text) {
        var quoted = new StringBuilder();
        text.codePoints()
                .forEach(letter -> {
                    if (letter < 0x80 && !Character.isLetterOrDigit(letter))
                        quoted.append("\\x{%x}".formatted(letter));
                    else quoted.appendCodePoint(letter);
                });
        return quoted.toString();
    }
}
