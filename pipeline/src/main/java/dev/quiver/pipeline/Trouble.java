package dev.quiver.pipeline;

/// What goes wrong in a run on purpose, so that a test sees what becomes of it.
///
/// ```java
/// Trouble gone = (step, unit) -> {
///     if (step.startsWith("load") && unit == 3) throw new IllegalStateException("gone");
/// };
/// pipeline.troubled(gone).run(q);
/// ```
///
/// The test kit has ready ones.
@FunctionalInterface
public interface Trouble {
    /// Nothing goes wrong.
    Trouble NONE = (_, _) -> {};

    /// Called before the work of a step, each time that it is tried, and when the files of a unit
    /// are written but not yet entered in the ledger. What it throws happens to the run there: a
    /// `QuiverException` as any other failure, an `Error` as if the process had been killed.
    ///
    /// @param step such as `extract`, `load parquet out/flights/` or `publish`
    /// @param unit from 1; 0 for the step itself
    void before(String step, int unit);
}
