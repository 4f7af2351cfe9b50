package dev.quiver.dataframe;

/// Rows in groups of equal keys, waiting to be told what to make of each group.
///
/// ```java
/// flights.groupBy("carrier", "month").agg(count(), mean("dep_delay"), max("dep_delay").as("worst"))
/// ```
///
/// Null is a key like any other. The groups come in no particular order.
public interface GroupBy {
    /// One row a group: the keys, then these aggregates.
    ///
    /// An aggregate without a name is called `column_sum`, `column_mean` and so on, a
    /// [Functions#count] of rows `count`; two of the same name are an error. An expression may
    /// combine aggregates: `sum("a").divide(sum("b")).as("ratio")`.
    DataFrame agg(Expr first, Expr... more);

    /// One row a group: the keys, then the number of rows as `count`.
    DataFrame count();
}
