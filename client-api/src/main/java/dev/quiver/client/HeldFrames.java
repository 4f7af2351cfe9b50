package dev.quiver.client;

import dev.quiver.dataframe.QFuture;
import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.planner.SourceCatalog;
import dev.quiver.planner.StagePlan;
import dev.quiver.worker.store.TaskOutput;
import java.util.List;

/// The frames whose chunks a session keeps: rows of the user's objects, tables, persisted frames;
/// and what was published.
interface HeldFrames extends SourceCatalog, AutoCloseable {
    /// Keeps outputs that are here, which are taken over.
    ///
    /// @param kind what its name begins with
    /// @return under which they are held until [#release]
    String hold(String kind, List<TaskOutput> outputs);

    /// Computes a plan and keeps what comes out where it comes out, until [#release]. Does not keep
    /// the frame, so that it can be found out when nobody has it any more; as long as it has a name
    /// it can be reached.
    LogicalPlan.Held persist(StagePlan plan, String label, Progress progress);

    /// The plan as its tasks can run it, wherever they do: what this process holds is there.
    StagePlan placed(StagePlan plan);

    /// Whether that frame is kept where others find it, too.
    boolean isKept(String id);

    /// Lets others find a kept frame under a name.
    ///
    /// @throws dev.quiver.error.QuiverException ARGUMENT_INVALID when something has that name
    void publish(LogicalPlan.Held frame, String name);

    /// The names of what was published, in order.
    List<String> publishedNames();

    /// What was published under a name.
    ///
    /// @throws dev.quiver.error.QuiverException ARGUMENT_INVALID when nothing was
    LogicalPlan.Held published(String name);

    /// Lets others find a value under a name.
    ///
    /// @throws dev.quiver.error.QuiverException ARGUMENT_INVALID when something has that name
    void publish(Object value, String name);

    /// The value that was published under a name.
    ///
    /// @throws dev.quiver.error.QuiverException ARGUMENT_INVALID when none was
    <R> QFuture<R> publishedValue(String name);

    /// Takes a name away.
    ///
    /// @throws dev.quiver.error.QuiverException ARGUMENT_INVALID when nothing has it
    void withdraw(String name);

    /// Lets a frame go; one that isn't kept is ignored.
    void release(String id);

    /// Frees all; after the conversation has ended.
    @Override
    void close();
}
