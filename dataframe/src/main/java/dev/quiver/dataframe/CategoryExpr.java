package dev.quiver.dataframe;

import dev.quiver.schema.DataType;

/// What can be done with a categorical; see [Expr#cat].
///
/// ```java
/// flights.withColumn("carrier", col("carrier").cat().encode())
/// ```
public final class CategoryExpr {
    private final TreeExpr text;

    CategoryExpr(TreeExpr text) {
        this.text = text;
    }

    /// A text as a categorical: kept as codes of a dictionary everywhere.
    public Expr encode() {
        return text.cast(DataType.CATEGORICAL);
    }

    /// A categorical as a plain text.
    public Expr decode() {
        return text.cast(DataType.UTF8);
    }
}
