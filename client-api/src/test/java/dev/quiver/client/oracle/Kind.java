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
    CATEGORY("VARCHAR", DataType.CATEGORICAL),
    TINY("TINYINT", DataType.INT8),
    SMALL("SMALLINT", DataType.INT16),
    UTINY("UTINYINT", DataType.UINT8),
    USMALL("USMALLINT", DataType.UINT16),
    UINT("UINTEGER", DataType.UINT32),
    ULONG("UBIGINT", DataType.UINT64),
    FLOAT("FLOAT", DataType.FLOAT32),
    CLOCK("TIME", new DataType.Time(DataType.TimeUnit.MICRO)),
    BYTES("BLOB", DataType.BINARY);

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
            case INT, LONG, DOUBLE, DECIMAL, WIDE, TINY, SMALL, UTINY, USMALL, UINT, ULONG, FLOAT ->
                    true;
            case BYTES, CLOCK, BOOL, DATE, TIME, INSTANT, TEXT, CATEGORY -> false;
        };
    }

    /// How many frames a cell must be seen on; types that share their kernels with others need
    /// fewer.
    int frames() {
        return compareTo(TINY) < 0 ? 20 : 2;
    }

    boolean isUnsigned() {
        return this == UTINY || this == USMALL || this == UINT || this == ULONG;
    }

    boolean isText() {
        return this == TEXT || this == CATEGORY;
    }

    boolean hasDate() {
        return this == DATE || this == TIME || this == INSTANT;
    }
}
