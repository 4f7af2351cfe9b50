package dev.quiver.cluster.control;

import java.util.List;

/// What people who look at a worker want to know of it, beside what it tells anyway.
public sealed interface Inquiry {
    /// What its tasks are found doing, for a while: it ends by itself when nobody asks again.
    record Samples() implements Inquiry {}

    /// The first rows of an output that it holds; it answers by [WorkerWord.Head].
    ///
    /// @param number the question's
    /// @param columns which ones are told
    /// @param rows how many at most
    record Head(long number, int stage, int partition, int attempt, List<String> columns, int rows)
            implements Inquiry {
        public Head {
            columns = List.copyOf(columns);
        }
    }
}
