package dev.quiver.client;

import dev.quiver.dataframe.Action;
import dev.quiver.dataframe.Call;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Fn;
import dev.quiver.dataframe.FrameReader;
import dev.quiver.dataframe.QFuture;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TaskFailed;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/// Reads files, runs queries and tasks, and owns what they leave in memory.
///
/// ```java
/// try (Session q = Quiver.local()) {
///     QFuture<Integer> six = q.submit(() -> 2 * 3);
///     System.out.println(six.result());
/// }
/// ```
///
/// Safe for use by several threads. After [#close] every method throws [Unavailable].
public interface Session extends AutoCloseable {
    /// Begins to read files: `q.read().csv("flights.csv")`.
    FrameReader read();

    /// A frame of the rows that the records are; its columns are the record's components.
    <R extends Record> DataFrame of(Class<R> type, Collection<R> rows);

    /// What was published under names: see [DataFrame#publish] and [#publish].
    Catalog catalog();

    /// Gives a value a name under which other sessions on the cluster, and all tasks, find it:
    /// [Catalog#value]. It stays when the session ends, until somebody takes the name away; a
    /// worker keeps it, and when that is lost the session sends it again, as long as it is open.
    ///
    /// @throws QuiverException ARGUMENT_INVALID when something has that name; `NOT_SERIALIZABLE` on
    ///   a cluster and in a strict session, when it can't travel
    <R> void publish(String name, R value);

    /// Runs a call on a worker.
    ///
    /// @throws QuiverException with the code `NOT_SERIALIZABLE` in a strict session, when it
    ///   captures what can't travel
    <R> QFuture<R> submit(Call<R> call);

    <R> QFuture<R> submit(TaskOptions options, Call<R> call);

    /// Runs an action, which has no result, on a worker.
    QFuture<Void> run(Action action);

    QFuture<Void> run(TaskOptions options, Action action);

    /// Calls a function for each item, each in a task of its own.
    ///
    /// @return in the order of the items
    <A, R> List<QFuture<R>> map(Fn<A, R> fn, Iterable<A> items);

    <A, R> List<QFuture<R>> map(TaskOptions options, Fn<A, R> fn, Iterable<A> items);

    /// Calls a function with the result of a future, where that result is.
    <A, R> QFuture<R> submit(Fn<A, R> fn, QFuture<A> input);

    <A, R> QFuture<R> submit(TaskOptions options, Fn<A, R> fn, QFuture<A> input);

    /// Calls a function with the results of two futures.
    <A, B, R> QFuture<R> submit(Fn2<A, B, R> fn, QFuture<A> first, QFuture<B> second);

    <A, B, R> QFuture<R> submit(
            TaskOptions options, Fn2<A, B, R> fn, QFuture<A> first, QFuture<B> second);

    /// Calls a function for each item, each in a task of its own, with the item and the result of a
    /// future.
    ///
    /// @param common what every task reads, such as a [#broadcast] value
    /// @return in the order of the items
    <A, B, R> List<QFuture<R>> map(Fn2<A, B, R> fn, Iterable<A> items, QFuture<B> common);

    <A, B, R> List<QFuture<R>> map(
            TaskOptions options, Fn2<A, B, R> fn, Iterable<A> items, QFuture<B> common);

    /// Gives tasks a value of this process's: it travels to one worker now, and from there to
    /// whichever runs a task that reads it. Each task is given a copy of its own, except in this
    /// process.
    ///
    /// @throws QuiverException with the code `NOT_SERIALIZABLE` on a cluster and in a strict
    ///   session, when it can't travel; `MEMORY_REFUSED` when the session has no room for it
    <R> Scattered<R> scatter(R value);

    /// As [#scatter], for a value that many tasks read: it travels once to each worker that runs
    /// one of them and stays there, and the tasks of a worker are given the same object, which they
    /// must not change.
    <R> Scattered<R> broadcast(R value);

    /// Waits for the results of all, or for the first failure.
    ///
    /// @return in the order of the futures
    /// @throws TaskFailed when one of them threw
    <R> List<R> gather(Collection<QFuture<R>> futures);

    /// The futures in the order in which they end: results can be used while others are computed.
    <R> Completed<R> asCompleted(Collection<QFuture<R>> futures);

    /// A task for a graph under construction; nothing runs before [Delayed#compute].
    <R> Delayed<R> delayed(Call<R> call);

    <R> Delayed<R> delayed(TaskOptions options, Call<R> call);

    /// The lock of that name, which one at a time holds. As the following it is the same for all
    /// sessions on a cluster and their tasks; a local session and its tasks have their own.
    NamedLock lock(String name);

    /// The semaphore of that name, of which at most so many permits are held.
    NamedSemaphore semaphore(String name, int permits);

    /// The event of that name, which is set or isn't.
    NamedEvent event(String name);

    /// The queue of that name, without a capacity of its own; what a scheduler keeps in all is
    /// bounded.
    <T> NamedQueue<T> queue(String name);

    /// The queue of that name, which holds so many values at most.
    <T> NamedQueue<T> queue(String name, int capacity);

    /// The variable of that name.
    <T> NamedVariable<T> variable(String name);

    /// The latch of that name, which counts down from `count`.
    NamedLatch latch(String name, long count);

    /// The counter of that name.
    NamedCounter counter(String name);

    /// The topic of that name, to publish and subscribe to.
    <T> NamedTopic<T> topic(String name);

    /// Makes an object that lives on a worker, and that is called through an interface.
    ///
    /// @param factory is called on the worker: once, and again for each time that an object whose
    ///   class is [Restorable] goes on elsewhere
    /// @throws QuiverException ARGUMENT_INVALID when `type` isn't an interface; NOT_SERIALIZABLE on
    ///   a cluster and in a strict session, when `factory` captures what can't travel
    <T> Actor<T> actor(Class<T> type, Call<? extends T> factory);

    /// How many slots and bytes are in use now. Cheap: it may be asked often.
    Usage usage();

    /// Where a browser shows what this session does: its stages, tasks, workers and memory, live.
    /// It is served from the first time on that this is called, or that a run on a terminal takes a
    /// moment, until the session is closed; to this machine alone. On a cluster it is the
    /// scheduler's, which shows what all clients do to the machine that the scheduler is on.
    ///
    /// @throws dev.quiver.error.QuiverException UNSUPPORTED when nothing shows it: there is no
    ///   dashboard on the class path, or the cluster asks who looks by certificates
    URI dashboard();

    /// Writes what this session has done since [#dashboard] or this method was called first, as one
    /// HTML file that opens anywhere: what stands out, queries with what each step did, tasks,
    /// stages, workers, failures. `quiver run --report FILE` does so for all of a program. On a
    /// cluster it is what the scheduler that is there now has seen of this session.
    ///
    /// @param file is replaced
    /// @throws dev.quiver.error.QuiverException UNSUPPORTED without a dashboard on the class path,
    ///   here or of the scheduler; IO_FAILED when it can't be written
    void report(Path file);

    /// Cancels what runs and frees what is held: tables and persisted frames too. Waits a few
    /// seconds for tasks that don't heed it. Closing again does nothing.
    @Override
    void close();
}
