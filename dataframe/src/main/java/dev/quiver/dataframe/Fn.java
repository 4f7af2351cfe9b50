package dev.quiver.dataframe;

import java.io.Serializable;

/// A function of one argument that may throw and that can travel to a worker.
///
/// ```java
/// Fn<String, Integer> length = text -> text.length();
/// ```
@FunctionalInterface
public interface Fn<A, R> extends Serializable {
    R apply(A argument) throws Exception;
}
