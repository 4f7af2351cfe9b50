package dev.quiver.cluster.control;

/// What a worker is to do about a submitted program.
public sealed interface DriverOrder {
    /// Run it.
    ///
    /// @param attempt the fence: what is told of another attempt counts for nothing
    /// @param owner the name of who submitted it
    /// @param submittedMillis since 1970
    record Start(String driver, int attempt, DriverPlan plan, String owner, long submittedMillis)
            implements DriverOrder {}

    /// Stop it.
    record Stop(String driver, int attempt) implements DriverOrder {}
}
