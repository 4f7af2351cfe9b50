package dev.quiver.dataframe;

import java.io.Serializable;

/// Work with a result, without an argument, that may throw and that can travel to a worker.
///
/// ```java
/// QFuture<Long> lines = q.submit(() -> Files.lines(file).count());
/// ```
@FunctionalInterface
public interface Call<R> extends Serializable {
    R call() throws Exception;
}
