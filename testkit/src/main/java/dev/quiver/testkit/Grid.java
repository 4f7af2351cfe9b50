package dev.quiver.testkit;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Row;
import dev.quiver.dataframe.Table;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Schema;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Rows as texts, one for each cell, so that they can be compared and shown.
///
/// A null is `null`; texts that could be taken for something else are in quotes.
record Grid(List<String> names, List<List<String>> rows) {
    private static final String NULL = "null";

    Grid {
        names = List.copyOf(names);
        rows = rows.stream().map(List::copyOf).toList();
    }

    /// The rows of a frame.
    static Grid of(DataFrame frame) {
        try (Table table = frame.collect()) {
            List<String> names = table.schema().names();
            var rows = new ArrayList<List<String>>();
            for (long i = 0; i < table.rowCount(); i++) {
                Row row = table.row(i);
                rows.add(names.stream().map(name -> cell(row, name)).toList());
            }
            return new Grid(names, rows);
        }
    }

    private static String cell(Row row, String name) {
        return row.find(name, Object.class).map(Grid::text).orElse(NULL);
    }

    private static String text(Object value) {
        return switch (value) {
            case String text -> quoted(text);
            case BigDecimal number -> number.toPlainString();
            case byte[] bytes -> HexFormat.of().formatHex(bytes);
            default -> value.toString();
        };
    }

    private static String quoted(String text) {
        boolean isPlain =
                !text.isEmpty()
                        && !text.equals(NULL)
                        && text.equals(text.strip())
                        && text.chars().noneMatch(c -> c < ' ' || c == '"' || c == '|');
        if (isPlain) return text;
        return '"' + text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + '"';
    }

    /// Rows as people write them in a test: names, then a line for each row, cells between bars.
    /// Nothing between bars is null, `""` is the empty text.
    static Grid parse(String table) {
        var lines = new ArrayList<List<String>>();
        for (String line : table.lines().toList()) {
            if (line.isBlank() || line.matches("[-|+\\s]+") && line.contains("-")) continue;
            lines.add(List.of(line.split("\\|", -1)).stream().map(String::strip).toList());
        }
        if (lines.isEmpty()) throw new IllegalArgumentException("a table without a line of names");
        List<String> names = lines.getFirst();
        var rows = new ArrayList<List<String>>();
        for (List<String> line : lines.subList(1, lines.size())) {
            if (line.size() != names.size())
                throw new IllegalArgumentException(
                        "row %d of the table has %d cells and there are %d names: %s"
                                .formatted(rows.size() + 1, line.size(), names.size(), line));
            rows.add(line.stream().map(Grid::written).toList());
        }
        return new Grid(names, rows);
    }

    private static String written(String cell) {
        if (cell.isEmpty()) return NULL;
        boolean isQuoted = cell.length() > 1 && cell.startsWith("\"") && cell.endsWith("\"");
        return isQuoted ? quoted(cell.substring(1, cell.length() - 1)) : cell;
    }

    /// As CSV, for a reader to which nothing is null and `""` is the empty text.
    String csv() {
        var text = new StringBuilder(String.join(",", names.stream().map(Grid::field).toList()));
        for (List<String> row : rows) {
            text.append('\n').append(String.join(",", row.stream().map(Grid::field).toList()));
        }
        return text.append('\n').toString();
    }

    private static String field(String cell) {
        if (cell.equals(NULL)) return "";
        if (cell.startsWith("\"")) return cell;
        return cell.matches("[^,\"]*") ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }

    /// These rows with the columns in the order of a schema, each cell as a value of its type is
    /// shown.
    Grid like(Schema schema) {
        List<String> order = schema.names();
        var changed = new ArrayList<List<String>>();
        for (List<String> row : rows) {
            changed.add(
                    order.stream()
                            .map(name -> like(row.get(names.indexOf(name)), schema.type(name)))
                            .toList());
        }
        return new Grid(order, changed);
    }

    private static String like(String cell, DataType type) {
        if (cell.equals(NULL)) return cell;
        try {
            return switch (type) {
                case DataType.FloatingPoint _ -> Double.toString(Double.parseDouble(cell));
                case DataType.Decimal decimal ->
                        new BigDecimal(cell).setScale(decimal.scale()).toPlainString();
                case DataType.Timestamp timestamp ->
                        timestamp.zone().isPresent()
                                ? Instant.parse(cell).toString()
                                : LocalDateTime.parse(cell).toString();
                default -> cell;
            };
        } catch (ArithmeticException | NumberFormatException | DateTimeException e) {
            return cell; // it isn't a value of the type, so it differs, as it is to
        }
    }
}
