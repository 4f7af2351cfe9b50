package dev.quiver.client;

import dev.quiver.config.Settings;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.worker.server.Slot;
import java.util.List;
import java.util.ServiceLoader;

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

    /// A session on a cluster.
    ///
    /// ```java
    /// try (var q = Quiver.connect("quiver://localhost:8786")) {
    ///     q.read().parquet("/data/flights").groupBy("carrier").agg(count().as("flights")).show();
    /// }
    /// ```
    ///
    /// @param address of a scheduler, such as `quiver://host:8786`
    /// @throws dev.quiver.error.QuiverException ARGUMENT_INVALID for an address that makes no
    ///   sense, UNAVAILABLE when no scheduler answers there, ACCESS_DENIED when it doesn't let this
    ///   process in or isn't believed to be the cluster's, UNSUPPORTED when it is of another
    ///   version, or the module `quiver-cluster` isn't on the class path
    public static Session connect(String address) {
        return connect(address, Options.defaults());
    }

    /// A session on the cluster that the setting `cluster.address` names. A program that was
    /// submitted to a cluster finds its cluster this way.
    ///
    /// @throws dev.quiver.error.QuiverException CONFIG_INVALID when it names none, else as
    ///   [#connect(String)]
    public static Session connect() {
        Settings.Setting address = Settings.ofProcess().setting(Settings.Key.CLUSTER_ADDRESS);
        if (address.value().isEmpty())
            throw new QuiverException(
                    ErrorCode.CONFIG_INVALID,
                    "no cluster is set",
                    List.of("setting: cluster.address"),
                    "set QUIVER_CLUSTER_ADDRESS to quiver://host:8786, or give connect an address");
        return connect(address.value());
    }

    /// A session on a cluster; `slots` of the options say nothing there, its `memory` is for what
    /// the session holds in this process.
    ///
    /// @throws dev.quiver.error.QuiverException as [#connect(String)]
    public static Session connect(String address, Options options) {
        Settings settings = options.cluster(Settings.ofProcess());
        for (Connector connector : ServiceLoader.load(Connector.class))
            return connector.connect(address, options.over(settings), settings);
        throw new QuiverException(
                ErrorCode.UNSUPPORTED,
                "there is nothing here that connects to '%s'".formatted(address),
                List.of(),
                "put the artifact quiver-cluster on the class path; Quiver.local() needs none");
    }

    /// The session of the task that calls it, which can submit others and wait for them: while it
    /// waits, its slot is theirs.
    ///
    /// ```java
    /// static long fibonacci(int n) {
    ///     if (n < 2) return n;
    ///     Session q = Quiver.current();
    ///     QFuture<Long> before = q.submit(() -> fibonacci(n - 1));
    ///     return q.submit(() -> fibonacci(n - 2)).result() + before.result();
    /// }
    /// ```
    ///
    /// What tasks submit belongs to them all: the session isn't to be closed, and closing it does
    /// nothing.
    ///
    /// @throws QuiverException UNAVAILABLE outside of tasks
    public static Session current() {
        return TaskSession.current();
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
