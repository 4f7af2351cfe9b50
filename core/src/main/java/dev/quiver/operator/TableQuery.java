package dev.quiver.operator;

import java.util.List;
import java.util.StringJoiner;

/// What is read of a database: a table or the rows of a query.
///
/// @param label what people call it: the table's name, or the beginning of the query
/// @param text the table's name as SQL, or the query
/// @param isQuery whether it is a query
/// @param parameters values of the query's `?`, in order
/// @param quote what stands around names
public record TableQuery(
        String label, String text, boolean isQuery, List<Object> parameters, String quote) {
    public TableQuery {
        parameters = List.copyOf(parameters);
    }

    /// A name as SQL.
    public static String quoted(String name, String quote) {
        return quote + name.replace(quote, quote + quote) + quote;
    }

    /// The SQL for some columns of some rows.
    ///
    /// @param columns as SQL
    /// @param condition of the rows as SQL; empty for all
    public String sql(List<String> columns, String condition) {
        // Rows are counted by one column when nothing of them is needed.
        var list = new StringJoiner(", ");
        columns.forEach(list::add);
        String from = isQuery ? "(%s\n) AS q".formatted(text) : text;
        String where = condition.isEmpty() ? "" : " WHERE " + condition;
        return "SELECT %s FROM %s%s".formatted(columns.isEmpty() ? "1" : list, from, where);
    }
}
