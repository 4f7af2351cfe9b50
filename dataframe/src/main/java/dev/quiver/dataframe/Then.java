package dev.quiver.dataframe;

/// Conditions with their values, waiting for more or for the end; see [Functions#when].
///
/// ```java
/// when(col("x").gt(0)).then(1).when(col("x").lt(0)).then(-1).otherwise(0).as("sign")
/// ```
///
/// The first condition that is true decides.
public interface Then {
    /// A further condition, tried where those before aren't true.
    When when(Expr condition);

    /// The value where no condition is true: an [Expr] or a literal. Ends it.
    Expr otherwise(Object value);

    /// Null where no condition is true. Ends it.
    Expr otherwiseNull();
}
