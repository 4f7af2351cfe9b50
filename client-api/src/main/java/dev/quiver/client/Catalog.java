package dev.quiver.client;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.QFuture;
import dev.quiver.error.QuiverException;
import java.util.List;

/// The frames and values that sessions have published under names: all sessions on a cluster see
/// the same, a local one its own.
///
/// ```java
/// q.read().parquet("/data/flights").publish("flights");      // in one program
/// other.catalog().frame("flights").groupBy("carrier").count().show();   // in another one
/// ```
public interface Catalog {
    /// In alphabetical order.
    List<String> names();

    /// A published frame. It can be read until somebody takes its name away.
    ///
    /// @throws QuiverException ARGUMENT_INVALID when nothing has that name
    DataFrame frame(String name);

    /// A published value: tasks take it as they take a [Session#broadcast] one, and
    /// [QFuture#result] gives a copy.
    ///
    /// @param <R> the value; who reads it must know its class
    /// @throws QuiverException ARGUMENT_INVALID when no value has that name
    <R> QFuture<R> value(String name);

    /// Takes a name away. The rows or the value go when the session that published them has
    /// released them or has ended.
    ///
    /// @throws QuiverException ARGUMENT_INVALID when nothing has that name
    void unpublish(String name);
}
