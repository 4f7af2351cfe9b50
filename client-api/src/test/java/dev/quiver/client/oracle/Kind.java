package dev.quiver.client.oracle;

import dev.quiver.schema.DataType;

/// The column types of the matrix: each frame has one column of each, named as the constant in
/// lower case.
enum Kind {
    BOOL("BOOLEAN", DataType.BOOL),
    INT("INTEGER", DataType.INT32),
    LONG("BIGINT", DataType.INT64),
    DOUBLE("DOUBLE", DataType.FLOAT64),
    DECIMAL("DECIMAL(12,2)", DataType.decimal(12, 2)),
    WIDE("DECIMAL(25,3)", DataType.decimal(25, 3)),
    DATE("DATE", DataType.DATE),
    TIME("TIMESTAMP", DataType.TIMESTAMP),
    INSTANT("TIMESTAMPTZ", DataType.TIMESTAMP_UTC),
    TEXT("VARCHAR", DataType.UTF8),
    CATEGORY("VARCHAR", DataType.CATEGORICAL);

    final String sql;
    final DataType type;

    Kind(String sql, DataType type) {
        this.sql = sql;
        this.type = type;
    }

    /// The column's name.
    String column() {
        return "c_" + name().toLowerCase(java.util.Locale.ROOT);
    }

    boolean isNumber() {
        return switch (this) {
            case INT, LONG, DOUBLE, DECIMAL, WIDE -> true;
            case BOOL, DATE, TIME, INSTANT, TEXT, CATEGORY -> false;
        };
    }

    boolean isText() {
        return this == TEXT || this == CATEGORY;
    }

    boolean hasDate() {
        return this == DATE || this == TIME || this == INSTANT;
    }
}
