package dev.quiver.dataframe;

import java.util.List;

/// A frame whose rows are seen as records of the user's.
///
/// ```java
/// record Trade(String sym, double price, long qty) {}
/// record Notional(String sym, double value) {}
/// DataFrame notionals =
///         trades.as(Trade.class)
///                 .filter(t -> t.qty() > 100)
///                 .map(Notional.class, t -> new Notional(t.sym(), t.price() * t.qty()))
///                 .df();
/// ```
///
/// Functions run on the workers; one that throws fails the query, naming the row.
public interface TypedFrame<R extends Record> {
    /// Rows for which `f` is true.
    TypedFrame<R> filter(Fn<R, Boolean> f);

    /// A row of another class for each row. The class is given because erasure hides it.
    <S extends Record> TypedFrame<S> map(Class<S> type, Fn<R, S> f);

    /// Runs the query.
    List<R> toList();

    /// The frame, whose columns have the names they had before [DataFrame#as].
    DataFrame df();
}
