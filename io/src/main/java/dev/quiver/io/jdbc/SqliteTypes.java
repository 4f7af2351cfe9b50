package dev.quiver.io.jdbc;

import dev.quiver.schema.DataType;
import java.sql.Types;
import org.jspecify.annotations.Nullable;

/// SQLite's types: what a column was declared as, where the values follow; a value may be of
/// another class and is an error then.
final class SqliteTypes {
    private SqliteTypes() {}

    /// @param declared in lower case; that of an expression is the class of its first value
    /// @param code what the driver makes of it
    static @Nullable DataType of(String declared, int code, int precision, int scale) {
        if (declared.startsWith("decimal") || declared.startsWith("numeric"))
            return ColumnTypes.decimal(precision, scale).orElse(null);
        if (declared.startsWith("bool")) return DataType.BOOL;
        if (declared.startsWith("timestamp_tz")) return DataType.TIMESTAMP_UTC;
        if (declared.startsWith("timestamp") || declared.startsWith("datetime"))
            return DataType.TIMESTAMP;
        if (declared.startsWith("date")) return DataType.DATE;
        if (declared.startsWith("time")) return DataType.TIME;
        if (declared.contains("int")) return DataType.INT64;
        if (declared.contains("char") || declared.contains("text") || declared.contains("clob"))
            return DataType.UTF8;
        if (declared.contains("blob")) return DataType.BINARY;
        if (declared.contains("real") || declared.contains("floa") || declared.contains("doub"))
            return DataType.FLOAT64;
        return switch (code) {
            case Types.INTEGER, Types.BIGINT -> DataType.INT64;
            case Types.REAL, Types.FLOAT, Types.DOUBLE -> DataType.FLOAT64;
            case Types.VARCHAR -> DataType.UTF8;
            case Types.BLOB -> DataType.BINARY;
            default -> null;
        };
    }
}
