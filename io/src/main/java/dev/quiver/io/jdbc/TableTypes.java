package dev.quiver.io.jdbc;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.util.List;

/// The types that columns have in tables that are made.
final class TableTypes {
    private static final int DIGITS_EXACT_IN_SQLITE = 15;

    private TableTypes() {}

    /// @throws QuiverException with the code `UNSUPPORTED` naming the column
    static String of(Field field, Dialect dialect) {
        String type =
                switch (dialect) {
                    case POSTGRESQL -> postgres(field.type());
                    case DUCKDB -> duck(field.type());
                    case SQLITE -> sqlite(field.type());
                    case OTHER -> "";
                };
        if (!type.isEmpty()) return type;
        throw new QuiverException(
                ErrorCode.UNSUPPORTED,
                "column '%s' is %s, which has no type in the database"
                        .formatted(field.name(), field.type()),
                List.of(),
                "leave it out with drop(\"%s\"), or cast it".formatted(field.name()));
    }

    private static String postgres(DataType type) {
        return switch (type) {
            case DataType.Bool _ -> "boolean";
            case DataType.Int(var bits, var signed) ->
                    switch (signed ? bits : bits * 2) {
                        case 8, 16 -> "smallint";
                        case 32 -> "integer";
                        case 64 -> "bigint";
                        default -> "numeric(20,0)";
                    };
            case DataType.FloatingPoint(var bits) -> bits == 64 ? "double precision" : "real";
            case DataType.Decimal(var precision, var scale) ->
                    "numeric(%d,%d)".formatted(precision, scale);
            case DataType.Date _ -> "date";
            case DataType.Timestamp(_, var zone) -> zone.isPresent() ? "timestamptz" : "timestamp";
            case DataType.Time _ -> "time";
            case DataType.Utf8 _, DataType.Categorical _, DataType.Enumeration _ -> "text";
            case DataType.Binary _ -> "bytea";
            case DataType.Duration _, DataType.ListOf _, DataType.Struct _ -> "";
        };
    }

    private static String duck(DataType type) {
        return switch (type) {
            case DataType.Bool _ -> "BOOLEAN";
            case DataType.Int(var bits, var signed) ->
                    (signed ? "" : "U")
                            + switch (bits) {
                                case 8 -> "TINYINT";
                                case 16 -> "SMALLINT";
                                case 32 -> "INTEGER";
                                default -> "BIGINT";
                            };
            case DataType.FloatingPoint(var bits) -> bits == 64 ? "DOUBLE" : "FLOAT";
            case DataType.Decimal(var precision, var scale) ->
                    "DECIMAL(%d,%d)".formatted(precision, scale);
            case DataType.Date _ -> "DATE";
            case DataType.Timestamp(_, var zone) ->
                    zone.isPresent() ? "TIMESTAMP WITH TIME ZONE" : "TIMESTAMP";
            case DataType.Time _ -> "TIME";
            case DataType.Utf8 _, DataType.Categorical _, DataType.Enumeration _ -> "VARCHAR";
            case DataType.Binary _ -> "BLOB";
            case DataType.Duration _, DataType.ListOf _, DataType.Struct _ -> "";
        };
    }

    /// What SQLite doesn't have is text under a name that says what it is.
    private static String sqlite(DataType type) {
        return switch (type) {
            case DataType.Bool _ -> "BOOLEAN";
            case DataType.Int(var bits, var signed) ->
                    signed || bits < 64 ? "INTEGER" : "DECIMAL_TEXT(20,0)";
            case DataType.FloatingPoint _ -> "REAL";
            case DataType.Decimal(var precision, var scale) ->
                    (precision <= DIGITS_EXACT_IN_SQLITE ? "DECIMAL(%d,%d)" : "DECIMAL_TEXT(%d,%d)")
                            .formatted(precision, scale);
            case DataType.Date _ -> "DATE";
            case DataType.Timestamp(_, var zone) -> zone.isPresent() ? "TIMESTAMP_TZ" : "TIMESTAMP";
            case DataType.Time _ -> "TIME";
            case DataType.Utf8 _, DataType.Categorical _, DataType.Enumeration _ -> "TEXT";
            case DataType.Binary _ -> "BLOB";
            case DataType.Duration _, DataType.ListOf _, DataType.Struct _ -> "";
        };
    }
}
