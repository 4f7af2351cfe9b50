package dev.quiver.client;

import dev.quiver.dataframe.QFuture;

/// A value of this process's that tasks read where they run.
///
/// ```java
/// try (Scattered<Model> model = q.broadcast(Model.load("model.bin"))) {
///     List<QFuture<Double>> scores = q.map((row, m) -> m.score(row), rows, model);
///     System.out.println(q.gather(scores));
/// }
/// ```
///
/// It is there at once: [#result] gives it back without waiting, and [#cancel] does nothing. It
/// lives until it is closed or nobody can reach it any more; tasks that were submitted with it
/// before still read it. When a worker is lost that had it, this process sends it again.
public interface Scattered<R> extends QFuture<R>, AutoCloseable {
    /// Lets the value go. Closing again does nothing.
    @Override
    void close();
}
