package dev.quiver.io.jdbc;

import dev.quiver.error.ColumnNotFound;
import dev.quiver.operator.TableQuery;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The columns of a staging table as those of a table that is there take them.
final class TargetColumns {
    private static final List<String> TEXTS = List.of("text", "varchar", "bpchar", "char", "name");

    private TargetColumns() {}

    /// Expressions in the order of `schema`: text is cast where PostgreSQL wouldn't by itself, to
    /// uuid, json or an enumeration; the rest is assigned, and refused when it doesn't fit.
    ///
    /// @throws ColumnNotFound when the table lacks one
    static List<String> of(Connection connection, Dialect dialect, TableName table, Schema schema)
            throws SQLException {
        Map<String, String> types = types(connection, table);
        var values = new ArrayList<String>();
        for (Field field : schema.fields()) {
            String type = types.get(field.name());
            if (type == null)
                throw new ColumnNotFound(
                        field.name(), "the table " + table, List.copyOf(types.keySet()));
            String column = TableQuery.quoted(field.name(), "\"");
            boolean cast =
                    dialect == Dialect.POSTGRESQL
                            && DataType.isText(field.type())
                            && !TEXTS.contains(type);
            values.add(cast ? "CAST(%s AS %s)".formatted(column, named(type)) : column);
        }
        return values;
    }

    /// A type's name as SQL; drivers quote those that need it and say their schema.
    private static String named(String type) {
        return type.startsWith("\"") ? type : TableQuery.quoted(type, "\"");
    }

    private static Map<String, String> types(Connection connection, TableName table)
            throws SQLException {
        var types = new LinkedHashMap<String, String>();
        String sql = "SELECT * FROM %s WHERE 1 = 0".formatted(table.sql("\""));
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet results = statement.executeQuery()) {
            ResultSetMetaData columns = results.getMetaData();
            for (int i = 1; i <= columns.getColumnCount(); i++)
                types.put(columns.getColumnName(i), columns.getColumnTypeName(i));
        }
        return types;
    }
}
