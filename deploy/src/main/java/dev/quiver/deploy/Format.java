package dev.quiver.deploy;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Row;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/// How rows are written to standard output: for people, or for the next program.
final class Format {
    enum Kind {
        TABLE,
        CSV,
        JSONL
    }

    @Option(
            names = "--format",
            paramLabel = "table|csv|jsonl",
            description = "How to write it (default: table).")
    private Kind kind = Kind.TABLE;

    /// Writes the first `rows` rows of a frame.
    void write(DataFrame frame, int rows, PrintStream out) {
        if (kind == Kind.TABLE) {
            frame.show(rows);
            return;
        }
        List<String> names = frame.schema().names();
        if (kind == Kind.CSV) out.println(csvLine(names.stream().map(Optional::of).toList()));
        try (var table = frame.head(rows)) {
            for (Row row : table.rows()) out.println(line(row, names));
        }
    }

    /// Writes a schema: a row for each column.
    void writeSchema(Schema schema, PrintStream out) {
        int width = schema.names().stream().mapToInt(String::length).max().orElse(0);
        if (kind == Kind.CSV) out.println("column,type");
        for (Field field : schema.fields()) {
            String type = field.type().toString();
            out.println(
                    switch (kind) {
                        case TABLE ->
                                field.name() + " ".repeat(width + 2 - field.name().length()) + type;
                        case CSV -> csvLine(List.of(Optional.of(field.name()), Optional.of(type)));
                        case JSONL ->
                                "{\"column\":%s,\"type\":%s}"
                                        .formatted(quoted(field.name()), quoted(type));
                    });
        }
    }

    private String line(Row row, List<String> names) {
        if (kind == Kind.CSV) {
            var cells = new ArrayList<Optional<?>>();
            for (String name : names) cells.add(row.find(name, Object.class));
            return csvLine(cells);
        }
        return names.stream()
                .map(name -> quoted(name) + ":" + json(row.find(name, Object.class)))
                .collect(Collectors.joining(",", "{", "}"));
    }

    /// RFC 4180; null is the empty field, an empty text is quoted.
    private static String csvLine(List<? extends Optional<?>> cells) {
        return cells.stream()
                .map(cell -> cell.map(value -> csvCell(value.toString())).orElse(""))
                .collect(Collectors.joining(","));
    }

    private static String csvCell(String text) {
        boolean isPlain = !text.isEmpty() && text.chars().noneMatch(c -> ",\"\r\n".indexOf(c) >= 0);
        return isPlain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    /// Numbers and booleans bare, null as null, all else as a text: JSON has no NaN and no dates.
    private static String json(Optional<?> cell) {
        if (cell.isEmpty()) return "null";
        Object value = cell.get();
        boolean isBare =
                switch (value) {
                    case Double number -> Double.isFinite(number);
                    case Float number -> Float.isFinite(number);
                    case Number _, Boolean _ -> true;
                    default -> false;
                };
        return isBare ? value.toString() : quoted(value.toString());
    }

    private static String quoted(String text) {
        var quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (c < ' ') {
                        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }
}
