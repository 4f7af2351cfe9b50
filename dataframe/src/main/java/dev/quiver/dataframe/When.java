package dev.quiver.dataframe;

/// A condition that waits for its value; see [Functions#when].
public interface When {
    /// The value where the condition is true: an [Expr] or a literal.
    Then then(Object value);
}
