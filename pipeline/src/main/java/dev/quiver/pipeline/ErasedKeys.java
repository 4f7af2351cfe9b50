package dev.quiver.pipeline;

import static dev.quiver.dataframe.Functions.col;

import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Expr;
import dev.quiver.dataframe.Table;
import dev.quiver.error.QuiverException;
import dev.quiver.schema.DataType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;

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
            if (isNumber(text)
                    && isNumber(wanted)
                    && new BigDecimal(text).compareTo(new BigDecimal(wanted)) == 0) return true;
        }
        return false;
    }

    private static boolean isNumber(String text) {
        return text.matches("-?[0-9]{1,40}(\\.[0-9]{1,40})?(E-?[0-9]{1,3})?");
    }

    /// The keys as texts; numbers with and without zeros behind the point.
    private List<String> texts() {
        var texts = new LinkedHashSet<String>();
        for (Object value : values) {
            texts.add(text(value));
            if (value instanceof Number && isNumber(value.toString()))
                texts.add(new BigDecimal(value.toString()).stripTrailingZeros().toPlainString());
        }
        return List.copyOf(texts);
    }

    private static String text(Object value) {
        return value instanceof BigDecimal number ? number.toPlainString() : value.toString();
    }

    /// Whether the text of a row, as a line of a file or as JSON or XML, has one of the keys as a
    /// word; what escapes letters in these may be the beginning of one.
    Expr inText(Expr text) {
        String keys = texts().stream().map(ErasedKeys::pattern).collect(Collectors.joining("|"));
        return text.str()
                .matches(
                        "(?:^|[^\\p{L}\\p{N}]|\\\\[bfnrt]|\\\\u[0-9a-fA-F]{4})(?:%s)(?:$|[^\\p{L}\\p{N}])"
                                .formatted(keys));
    }

    private static String pattern(String key) {
        if (key.matches("-?[0-9]+(\\.[0-9]+)?")) return number(key);
        return key.codePoints().mapToObj(ErasedKeys::letter).collect(Collectors.joining());
    }

    /// With more zeros, too.
    private static String number(String key) {
        String plain = new BigDecimal(key).stripTrailingZeros().toPlainString();
        String digits = plain.replace("-", "").replaceFirst("^0+(?=[0-9])", "");
        String sign = plain.startsWith("-") ? "-" : "";
        return sign + "0*" + digits.replace(".", "\\.") + (digits.contains(".") ? "0*" : "");
    }

    /// A letter as it is, or as CSV, JSON and XML escape it.
    private static String letter(int letter) {
        if (letter < 0x80 && Character.isLetterOrDigit(letter)) return Character.toString(letter);
        var forms = new ArrayList<String>();
        forms.add("\\x{%x}".formatted(letter));
        var units = new StringBuilder();
        for (char unit : Character.toChars(letter)) units.append("\\\\u").append(hex(unit));
        forms.add(units.toString());
        String other =
                switch (letter) {
                    case '"' -> "\"\"|\\\\\"|&quot;";
                    case '\'' -> "&apos;";
                    case '\\' -> "\\\\\\\\";
                    case '/' -> "\\\\/";
                    case '&' -> "&amp;";
                    case '<' -> "&lt;";
                    case '>' -> "&gt;";
                    case '\b' -> "\\\\b";
                    case '\f' -> "\\\\f";
                    case '\n' -> "\\\\n";
                    case '\r' -> "\\\\r";
                    case '\t' -> "\\\\t";
                    default -> "";
                };
        if (!other.isEmpty()) forms.add(other);
        return "(?:" + String.join("|", forms) + ")";
    }

    /// Four digits of either case.
    private static String hex(char unit) {
        var hex = new StringBuilder();
        for (char digit : "%04x".formatted((int) unit).toCharArray())
            hex.append(
                    digit <= '9'
                            ? String.valueOf(digit)
                            : "[%c%c]".formatted(digit, Character.toUpperCase(digit)));
        return hex.toString();
    }
}
