package dev.quiver.client;

import java.io.Serializable;

/// A function of two arguments that may throw and that can travel to a worker.
///
/// ```java
/// Fn2<Integer, Integer, Integer> plus = (a, b) -> a + b;
/// ```
@FunctionalInterface
public interface Fn2<A, B, R> extends Serializable {
    R apply(A first, B second) throws Exception;
}
