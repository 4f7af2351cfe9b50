package dev.quiver.dataframe;

import dev.quiver.expression.Values;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Rows as aligned text that fits a terminal: numbers to the right, texts to the left, columns that
/// don't fit left out of the middle.
public final class TableText {
    private static final int CELL_WIDTH_MAX = 40;
    private static final int COLUMNS_DEFAULT = 100;
    private static final String GAP = "  ";

    private final List<Field> fields;
    private final List<List<String>> cells;

    private TableText(List<Field> fields, List<List<String>> cells) {
        this.fields = fields;
        this.cells = cells;
    }

    /// The first `rows` rows of a table.
    ///
    /// @param width of the terminal, in characters
    public static String of(Table table, int rows, int width) {
        List<Field> fields = table.schema().fields();
        var cells = new ArrayList<List<String>>();
        long shown = Math.min(rows, table.rowCount());
        for (long i = 0; i < shown; i++) {
            Row row = table.row(i);
            cells.add(fields.stream().map(field -> cell(row, field).orElse("null")).toList());
        }
        String text = new TableText(fields, cells).layOut(width);
        if (table.rowCount() == 0) return text + "\n(no rows)";
        return table.rowCount() > shown ? text + "\n… more rows follow" : text;
    }

    /// The width of the terminal as the environment says, else a common one.
    public static int terminalColumns() {
        String said =
                Optional.ofNullable(System.getProperty("quiver.columns"))
                        .or(() -> Optional.ofNullable(System.getenv("COLUMNS")))
                        .orElse("");
        return said.matches("[1-9]\\d{1,4}") ? Integer.parseInt(said) : COLUMNS_DEFAULT;
    }

    /// A value as people read it, on one line and of at most 40 characters; empty for a null.
    public static Optional<String> cell(Row row, Field field) {
        return cell(row, field, CELL_WIDTH_MAX);
    }

    /// A value as people read it, on one line; empty for a null.
    ///
    /// @param widthMax characters
    public static Optional<String> cell(Row row, Field field, int widthMax) {
        Class<?> type = Values.javaClass(field.type());
        return row.find(field.name(), type).map(value -> text(value, widthMax));
    }

    private static String text(Object value, int widthMax) {
        String text =
                switch (value) {
                    case Double number -> number(number);
                    case byte[] bytes -> "%d bytes".formatted(bytes.length);
                    default -> value.toString();
                };
        return cut(text.replace('\n', ' ').replace('\r', ' ').replace('\t', ' '), widthMax);
    }

    /// Four digits behind the point, six significant ones below one; exponents at the extremes.
    static String number(double value) {
        double size = Math.abs(value);
        if (Double.isNaN(value) || Double.isInfinite(value) || size >= 1e15) {
            return Double.toString(value);
        }
        if (size == 0) return "0.0";
        if (size < 1e-4) return String.format(Locale.ROOT, "%.5e", value);
        BigDecimal rounded =
                size < 1
                        ? new BigDecimal(value).round(new MathContext(6))
                        : new BigDecimal(value).setScale(4, RoundingMode.HALF_EVEN);
        BigDecimal plain = rounded.stripTrailingZeros();
        return (plain.scale() < 1 ? plain.setScale(1, RoundingMode.UNNECESSARY) : plain)
                .toPlainString();
    }

    private static String cut(String text, int width) {
        if (text.codePointCount(0, text.length()) <= width) return text;
        return text.substring(0, text.offsetByCodePoints(0, width - 1)) + "…";
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }

    private String layOut(int width) {
        int[] widths = new int[fields.size()];
        for (int c = 0; c < widths.length; c++) {
            Field field = fields.get(c);
            widths[c] =
                    Math.max(
                            width(cut(field.name(), CELL_WIDTH_MAX)),
                            width(cut(field.type().toString(), CELL_WIDTH_MAX)));
            for (List<String> row : cells) widths[c] = Math.max(widths[c], width(row.get(c)));
        }
        List<Integer> visible = visible(widths, width);
        var text = new StringBuilder();
        line(text, visible, widths, fields.stream().map(Field::name).toList());
        line(text, visible, widths, fields.stream().map(f -> f.type().toString()).toList());
        rule(text, visible, widths);
        for (List<String> row : cells) line(text, visible, widths, row);
        text.setLength(text.length() - 1);
        int hidden = fields.size() - visible.size() + (visible.contains(-1) ? 1 : 0);
        if (hidden > 0) {
            text.append("\n… %d of %d columns don't fit".formatted(hidden, fields.size()));
        }
        return text.toString();
    }

    /// The columns that fit, from both ends; -1 stands for those left out.
    private static List<Integer> visible(int[] widths, int width) {
        int total = -GAP.length();
        for (int w : widths) total += w + GAP.length();
        var all = new ArrayList<Integer>();
        for (int c = 0; c < widths.length; c++) all.add(c);
        if (total <= width) return all;
        total += 1 + GAP.length();
        int middle = -1;
        while (all.size() > 1 && total > width) {
            middle = all.size() / 2;
            total -= widths[all.remove(middle)] + GAP.length();
        }
        all.add(middle, -1);
        return all;
    }

    private void line(
            StringBuilder text, List<Integer> visible, int[] widths, List<String> values) {
        var line = new StringBuilder();
        for (int c : visible) {
            if (c < 0) {
                line.append('…').append(GAP);
                continue;
            }
            String value = cut(values.get(c), CELL_WIDTH_MAX);
            String pad = " ".repeat(widths[c] - width(value));
            line.append(right(fields.get(c).type()) ? pad + value : value + pad).append(GAP);
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }

    private static void rule(StringBuilder text, List<Integer> visible, int[] widths) {
        var line = new StringBuilder();
        for (int c : visible) {
            line.append(c < 0 ? "…" : "─".repeat(widths[c])).append(GAP);
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }

    private static boolean right(DataType type) {
        return DataType.isNumeric(type);
    }
}
