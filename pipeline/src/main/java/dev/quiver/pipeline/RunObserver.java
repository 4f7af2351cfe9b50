package dev.quiver.pipeline;

/// Hears of a pipeline's runs: what a history, alerts or a status on the screen hang on.
///
/// ```java
/// RunObserver printed = new RunObserver() {
///     public void ended(RunEnd run) {
///         System.out.println(run.start().run() + ": " + run.state());
///     }
/// };
/// pipeline.observer(printed).run(q);
/// ```
///
/// Those that are services (`META-INF/services`) hear of all runs. It is called in the thread that
/// runs the pipeline, so it should be quick. What it throws is logged and doesn't fail the run.
public interface RunObserver {
    /// A run begins, or goes on in another process.
    default void began(RunStart run) {}

    /// A step begins, or a unit of it is done.
    ///
    /// @param step such as `load parquet out/flights/`
    /// @param unitsDone of all loads of the run
    /// @param units of all loads of the run; 0 as long as it isn't known
    default void stepped(RunStart run, String step, int unitsDone, int units) {}

    /// How far a run is: told when a step begins or ends, behind each unit, and before the run
    /// ends.
    default void progressed(RunProgress run) {}

    /// A run ended in this process, well or not.
    default void ended(RunEnd run) {}

    /// A run that didn't end was given up; not called in the thread of a run.
    default void givenUp(UnfinishedRun run) {}

    /// Whether the run shall stop where it can go on later: behind the unit that is being written.
    /// Asked often.
    default boolean stops() {
        return false;
    }
}
