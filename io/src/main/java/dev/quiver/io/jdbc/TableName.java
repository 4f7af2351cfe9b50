package dev.quiver.io.jdbc;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.operator.TableQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/// The name of a table, with the schema before it where that was said.
///
/// @param parts such as `[public, flights]`; the last is the table's
public record TableName(List<String> parts) {
    public TableName {
        parts = List.copyOf(parts);
    }

    /// Reads `table`, `schema.table` or `"a.b"."c"`; in double quotes two of them are one.
    public static TableName parse(String text) {
        var parts = new ArrayList<String>();
        int at = 0;
        while (true) {
            var part = new StringBuilder();
            at = text.startsWith("\"", at) ? quoted(text, at, part) : plain(text, at, part);
            if (part.isEmpty()) throw refused(text);
            parts.add(part.toString());
            if (at == text.length()) return new TableName(parts);
            if (text.charAt(at) != '.') throw refused(text);
            at++;
        }
    }

    private static int plain(String text, int from, StringBuilder part) {
        int end = text.indexOf('.', from);
        if (end < 0) end = text.length();
        part.append(text, from, end);
        return end;
    }

    private static int quoted(String text, int from, StringBuilder part) {
        int at = from + 1;
        while (true) {
            int end = text.indexOf('"', at);
            if (end < 0) throw refused(text);
            part.append(text, at, end);
            if (!text.startsWith("\"", end + 1)) return end + 1;
            part.append('"');
            at = end + 2;
        }
    }

    private static QuiverException refused(String text) {
        return new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "'%s' is no name of a table".formatted(text),
                List.of(),
                "write table or schema.table; put a part with a dot in it in double quotes");
    }

    /// As SQL.
    public String sql(String quote) {
        var sql = new StringJoiner(".");
        for (String part : parts) sql.add(TableQuery.quoted(part, quote));
        return sql.toString();
    }

    /// Another table in the same schema.
    TableName sibling(String name) {
        var others = new ArrayList<>(parts.subList(0, parts.size() - 1));
        others.add(name);
        return new TableName(others);
    }

    String last() {
        return parts.getLast();
    }

    @Override
    public String toString() {
        return String.join(".", parts);
    }
}
