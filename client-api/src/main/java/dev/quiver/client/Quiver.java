package dev.quiver.client;

import dev.quiver.config.Settings;
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

    /// A session in this process, set up by the settings (`quiver.yaml` of the working directory,
    /// variables `QUIVER_…`); without any, it has a slot for each processor and the default memory
    /// budget.
    ///
    /// @throws dev.quiver.error.QuiverException (CONFIG_INVALID) for an unknown setting or one
    ///   whose value can't be used
    public static Session local() {
        return local(Options.defaults());
    }

    /// A session in this process; settings hold where the options say nothing.
    ///
    /// @throws dev.quiver.error.QuiverException (CONFIG_INVALID) as [#local()]
    public static Session local(Options options) {
        return OpenSession.local(options.over(Settings.ofProcess()));
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
