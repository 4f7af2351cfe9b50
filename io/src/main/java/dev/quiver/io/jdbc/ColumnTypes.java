package dev.quiver.io.jdbc;

import dev.quiver.error.ColumnNotFound;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The types of a query's columns. All may be null: what a query gives follows no constraint.
final class ColumnTypes {
    private ColumnTypes() {}

    /// @param declared by the user, by column
    /// @throws QuiverException with the code `UNSUPPORTED` naming a column that can't be read
    static Schema schema(ResultSetMetaData columns, Dialect dialect, Map<String, DataType> declared)
            throws SQLException {
        var fields = new ArrayList<Field>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            String name = columns.getColumnLabel(i);
            DataType found = type(columns, i, dialect);
            DataType said = declared.get(name);
            if (said == null && found == null) throw unsupported(columns, i);
            DataType type = said == null ? found : said;
            if (said != null) checkDeclared(name, found, said);
            fields.add(Field.of(name, java.util.Objects.requireNonNull(type)));
        }
        var schema = new Schema(fields);
        for (String name : declared.keySet())
            if (!schema.has(name)) throw new ColumnNotFound(name, "the table", schema.names());
        return schema;
    }

    private static void checkDeclared(String name, @Nullable DataType found, DataType said) {
        boolean bothNumbers =
                (found == null || DataType.isNumeric(found)) && DataType.isNumeric(said);
        boolean bothTexts =
                found != null && DataType.isOpenText(found) && DataType.isOpenText(said);
        if (bothNumbers || bothTexts || said.equals(found)) return;
        throw new QuiverException(
                ErrorCode.TYPE_MISMATCH,
                "column '%s' is %s and can't be read as %s"
                        .formatted(name, found == null ? "something else" : found, said),
                List.of(),
                "read it as it is and cast it: withColumn(\"…\", col(\"…\").cast(…))");
    }

    private static QuiverException unsupported(ResultSetMetaData columns, int i)
            throws SQLException {
        String name = columns.getColumnLabel(i);
        boolean number =
                columns.getColumnType(i) == Types.NUMERIC
                        || columns.getColumnType(i) == Types.DECIMAL;
        return new QuiverException(
                ErrorCode.UNSUPPORTED,
                number
                        ? "column '%s' is numeric without a number of digits".formatted(name)
                        : "column '%s' is of the type %s, which can't be read"
                                .formatted(name, columns.getColumnTypeName(i)),
                List.of(),
                number
                        ? "say what it is: read().type(\"%s\", DataType.decimal(38, 6)) or FLOAT64"
                                .formatted(name)
                        : "leave it out or convert it in a query: cast(%s as text)"
                                .formatted(name));
    }

    private static @Nullable DataType type(ResultSetMetaData columns, int i, Dialect dialect)
            throws SQLException {
        String name = columns.getColumnTypeName(i);
        name = name == null ? "" : name.toLowerCase(Locale.ROOT);
        int precision = columns.getPrecision(i);
        int scale = columns.getScale(i);
        return switch (dialect) {
            case POSTGRESQL -> postgres(name, columns.getColumnType(i), precision, scale);
            case SQLITE -> SqliteTypes.of(name, columns.getColumnType(i), precision, scale);
            case DUCKDB -> {
                DataType own = duck(name);
                yield own != null ? own : general(columns.getColumnType(i), precision, scale);
            }
            case OTHER -> general(columns.getColumnType(i), precision, scale);
        };
    }

    private static @Nullable DataType postgres(String name, int code, int precision, int scale) {
        return switch (name) {
            case "bool" -> DataType.BOOL;
            case "int2", "smallserial" -> DataType.INT16;
            case "int4", "serial" -> DataType.INT32;
            case "int8", "bigserial", "oid" -> DataType.INT64;
            case "float4" -> DataType.FLOAT32;
            case "float8" -> DataType.FLOAT64;
            case "numeric" -> decimal(precision, scale).orElse(null);
            case "date" -> DataType.DATE;
            case "timestamp" -> DataType.TIMESTAMP;
            case "timestamptz" -> DataType.TIMESTAMP_UTC;
            case "time" -> DataType.TIME;
            case "bytea" -> DataType.BINARY;
            case "text",
                    "varchar",
                    "bpchar",
                    "char",
                    "name",
                    "citext",
                    "uuid",
                    "json",
                    "jsonb",
                    "xml" ->
                    DataType.UTF8;
            // Enumerations are of types of their own.
            default -> code == Types.VARCHAR ? DataType.UTF8 : null;
        };
    }

    private static @Nullable DataType duck(String name) {
        return switch (name) {
            case "utinyint" -> DataType.UINT8;
            case "usmallint" -> DataType.UINT16;
            case "uinteger" -> DataType.UINT32;
            case "hugeint" -> DataType.decimal(38, 0);
            case "ubigint" -> DataType.decimal(20, 0);
            case "uuid", "json" -> DataType.UTF8;
            case "timestamp with time zone" -> DataType.TIMESTAMP_UTC;
            case "timestamp_ns" -> new DataType.Timestamp(DataType.TimeUnit.NANO, Optional.empty());
            default -> name.startsWith("enum") ? DataType.UTF8 : null;
        };
    }

    private static @Nullable DataType general(int code, int precision, int scale) {
        return switch (code) {
            case Types.BIT, Types.BOOLEAN -> DataType.BOOL;
            case Types.TINYINT -> DataType.INT8;
            case Types.SMALLINT -> DataType.INT16;
            case Types.INTEGER -> DataType.INT32;
            case Types.BIGINT -> DataType.INT64;
            case Types.REAL -> DataType.FLOAT32;
            case Types.FLOAT, Types.DOUBLE -> DataType.FLOAT64;
            case Types.DECIMAL, Types.NUMERIC -> decimal(precision, scale).orElse(null);
            case Types.DATE -> DataType.DATE;
            case Types.TIME -> DataType.TIME;
            case Types.TIMESTAMP -> DataType.TIMESTAMP;
            case Types.TIMESTAMP_WITH_TIMEZONE -> DataType.TIMESTAMP_UTC;
            case Types.CHAR,
                    Types.VARCHAR,
                    Types.LONGVARCHAR,
                    Types.NCHAR,
                    Types.NVARCHAR,
                    Types.LONGNVARCHAR,
                    Types.CLOB,
                    Types.NCLOB ->
                    DataType.UTF8;
            case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> DataType.BINARY;
            default -> null;
        };
    }

    static Optional<DataType> decimal(int precision, int scale) {
        boolean fits =
                precision >= 1
                        && precision <= DataType.Decimal.PRECISION_MAX
                        && scale >= 0
                        && scale <= precision;
        return fits ? Optional.of(DataType.decimal(precision, scale)) : Optional.empty();
    }
}
