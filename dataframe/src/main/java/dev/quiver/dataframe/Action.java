package dev.quiver.dataframe;

import java.io.Serializable;

/// Work without a result that may throw and that can travel to a worker.
///
/// ```java
/// QFuture<Void> done = q.run(() -> Files.delete(file));
/// ```
@FunctionalInterface
public interface Action extends Serializable {
    void run() throws Exception;
}
