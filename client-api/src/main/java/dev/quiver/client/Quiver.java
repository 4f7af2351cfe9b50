package dev.quiver.client;

import dev.quiver.worker.server.Slot;

/// The way in.
///
/// ```java
/// try (var q = Quiver.local()) {
///     var flights = q.read().nulls("NA").csv("data/flights.csv.gz");
///     flights.groupBy("carrier").agg(count().as("late")).show();
/// }
/// ```
public final class Quiver {
    /// Where slf4j is told how much to say of itself.
    private static final String LOGGING_VERBOSITY = "slf4j.internal.verbosity";

    static {
        // a program without a logging provider isn't to be warned of that by a library of ours
        if (System.getProperty(LOGGING_VERBOSITY) == null)
            System.setProperty(LOGGING_VERBOSITY, "ERROR");
    }

    private Quiver() {}

    /// A session in this process, with a slot for each processor and the default memory budget.
    public static Session local() {
        return local(Options.defaults());
    }

    /// A session in this process.
    public static Session local(Options options) {
        return new LocalSession(options);
    }

    /// For loops inside tasks: throws when the task has been cancelled or has run past its timeout,
    /// and does nothing otherwise, nor outside of tasks. Costs nanoseconds.
    ///
    /// ```java
    /// q.run(() -> {
    ///     while (!converged()) {
    ///         Quiver.checkCancelled();
    ///         step();
    ///     }
    /// });
    /// ```
    ///
    /// @throws dev.quiver.error.Cancelled when the task's result isn't wanted any more
    public static void checkCancelled() {
        Slot.checkCancelled();
    }
}
