package dev.quiver.dataframe;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.SourceFiles;
import dev.quiver.dataframe.plan.TableWrite;
import dev.quiver.dataframe.plan.WriteOptions;

/// Runs plans for frames: what a session gives to the frames that it makes. Not for users.
///
/// Every method throws a [dev.quiver.error.QuiverException] when the query fails or the session is
/// closed.
public interface QueryRunner {
    /// Files and what is in them.
    SourceFiles files();

    /// Runs the plan and holds its rows.
    Table collect(LogicalPlan plan);

    /// Runs the plan and gives its rows as they come, with bounded memory.
    Rows rows(LogicalPlan plan);

    /// Runs the plan and gives its rows in tables of a size as they come, with bounded memory.
    Chunks chunks(LogicalPlan plan, ChunkSize size);

    long count(LogicalPlan plan);

    String explain(LogicalPlan plan);

    PlanGraph visualize(LogicalPlan plan);

    Analysis analyze(LogicalPlan plan);

    /// Runs the plan and keeps its output until [#release].
    ///
    /// @return a leaf that reads what is kept, with the order of `plan`
    LogicalPlan.Held persist(LogicalPlan plan);

    /// Keeps the rows of a plan under a name.
    LogicalPlan.Held publish(LogicalPlan plan, String name);

    void release(LogicalPlan.Held held);

    /// Measures what a held plan keeps; runs and measures any other.
    MemoryReport memory(LogicalPlan plan);

    /// How much is kept of a held plan; nothing runs.
    HeldSize heldSize(LogicalPlan.Held held);

    Written write(LogicalPlan plan, WriteOptions options);

    Written write(LogicalPlan plan, TableWrite options);
}
