package dev.quiver.dataframe;

/// An expression to sort by, with its direction. Nulls come last unless told otherwise; NaN is
/// greater than any number.
///
/// ```java
/// flights.sort(desc("dep_delay"), col("carrier").asc().nullsFirst())
/// ```
public sealed interface SortKey permits TreeSortKey {
    /// The same key with nulls before all values.
    SortKey nullsFirst();

    /// The same key with nulls behind all values.
    SortKey nullsLast();
}
