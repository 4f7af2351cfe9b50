package dev.quiver.dataframe;

/// A condition that waits for its value; see [Functions#when].
///
/// ```java
/// when(col("dep_delay").gt(15)).then("late").otherwise("in time").as("kind")
/// ```
public interface When {
    /// The value where the condition is true: an [Expr] or a literal.
    Then then(Object value);
}
