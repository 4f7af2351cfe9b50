package dev.quiver.client;

import dev.quiver.graph.TaskKey;
import dev.quiver.operator.Program;
import dev.quiver.scheduler.server.CatalogEntry;
import dev.quiver.scheduler.server.FirstRows;
import dev.quiver.scheduler.server.PipelineNews;
import dev.quiver.scheduler.server.SchedulerClient;
import dev.quiver.scheduler.state.PublishedJob;
import dev.quiver.scheduler.state.StageStatus;
import dev.quiver.worker.exec.PipelineCounts;
import dev.quiver.worker.server.WorkerShell;
import dev.quiver.worker.store.ChunkStore;
import dev.quiver.worker.store.CopyStore;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What a session's jobs run on: a scheduler and its workers, in this process or in others. Not for
/// users.
///
/// What the client is told of has happened: an output whose task has finished is in [#outputs] or
/// can be asked of [#result] before the client hears of it.
public interface Backend extends AutoCloseable {
    /// Makes a backend that talks with a client from its [#start] on.
    interface Opener {
        Backend open(SchedulerClient client);
    }

    /// Begins to talk with the client.
    void start();

    /// Lets the scheduler ask soon what the client has to say.
    void nudge();

    /// Has everything taken in that the client has to say, and waits for it.
    void settle();

    /// Whether every slot runs a task whose end lets the client speak anyway.
    boolean isBusy();

    /// The worker in this process that runs its tasks; empty where others do.
    Optional<WorkerShell> worker();

    /// A number that no other stage of the scheduler has.
    int newStage();

    /// A number that no other job of the scheduler has.
    long newJob();

    /// Whether code and results go to other processes and back, as bytes.
    boolean isRemote();

    /// How code and results of a class loader's classes travel; null is the JDK's own loader.
    Packing packing(@Nullable ClassLoader loader);

    /// The wanted outputs of pipelines that have finished.
    ChunkStore outputs();

    /// What a task of user code returned that has finished; from another process as
    /// [dev.quiver.operator.Bytes], which the task's [Packing] makes a value of.
    Object result(int stage, int partition);

    /// What a task threw whose failure the client was told of; empty when it isn't known.
    Optional<Throwable> thrown(int stage, int partition);

    /// Says of a stage that will be submitted that the i-th task which its tasks list is the
    /// pipeline's input `i`.
    void listsInputs(int stage);

    /// Says of a stage that will be submitted that its outputs stay where they come out: others
    /// read them, the client doesn't.
    void keepsOutputs(int stage);

    /// Says of a stage that will be submitted that its outputs stay where they come out, and only
    /// how many rows their slices have is wanted here: [#sliceRows].
    void measuresSlices(int stage);

    /// How many rows each slice has of a finished output of a stage whose slices are measured; may
    /// be asked once.
    long[] sliceRows(int stage, int partition);

    /// Gives the tasks of a stage that will be submitted what this process has, until it is
    /// [#withdraw]n.
    ///
    /// @param outputs the output of a partition, of which the caller owns a share; null when it is
    ///   gone. Called by many threads
    /// @return the stage's program
    Program offer(int stage, IntFunction<CopyStore.@Nullable Copy> outputs);

    /// Gives the only task of a stage that will be submitted an object, until it is [#withdraw]n.
    ///
    /// @param object as a [Packing] makes it; kept, not copied
    /// @return the stage's program
    Program offer(int stage, byte[] object);

    /// What was offered to a stage isn't there any more.
    void withdraw(int stage);

    /// Says of a stage that will be submitted that its [#counts] will be asked for.
    void wantsCounts(int stage);

    /// What the tasks of a stage did, until it is forgotten; empty when it isn't known.
    Optional<PipelineCounts> counts(int stage);

    /// Lets go of the counts of a stage.
    void forgetCounts(int stage);

    /// How far stages are, of those that the scheduler knows.
    List<StageStatus> statuses(List<Integer> stages);

    /// What happened to a task, a line each.
    List<String> story(TaskKey task);

    /// The budget of the smallest worker; `Long.MAX_VALUE` while there is none.
    long workerBytes();

    /// What was published under names.
    List<PublishedJob> catalog();

    /// What a session of this process has published, for those who look; the scheduler of a cluster
    /// knows it by itself.
    ///
    /// @param heads gives the first rows of a frame by its name
    default void shows(Supplier<List<CatalogEntry>> published, Function<String, FirstRows> heads) {}

    /// Tells those who look at a scheduler in another process of a pipeline of this one. May wait
    /// for a second.
    ///
    /// @throws dev.quiver.error.QuiverException when it doesn't get there
    default void tell(PipelineNews news) {}

    /// How many slots and bytes are in use now.
    Usage usage();

    /// Where people see what the scheduler does, from now on; empty when nothing shows it.
    Optional<URI> dashboard();

    /// A person is told the dashboard's address.
    void tellAddress();

    /// Whether somebody may look at what jobs do, so that they are to be described.
    boolean isWatched();

    /// What the scheduler did since somebody looked first, as one HTML file; empty when nothing
    /// tells.
    Optional<String> report();

    /// Ends the talk, after [#settle]; waits a few seconds for tasks that don't heed it.
    @Override
    void close();
}
