package dev.quiver.cluster.control;

/// What a worker is to do about a submitted program.
public sealed interface DriverOrder {
    /// Run it.
    ///
    /// @param attempt the fence: what is told of another attempt counts for nothing
    record Start(String driver, int attempt, DriverPlan plan) implements DriverOrder {}

    /// Stop it.
    record Stop(String driver, int attempt) implements DriverOrder {}
}
