package dev.quiver.client;

import dev.quiver.dataframe.Action;
import dev.quiver.dataframe.Call;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Fn;
import dev.quiver.dataframe.FrameReader;
import dev.quiver.dataframe.QFuture;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.UserLine;
import dev.quiver.worker.server.Slot;
import dev.quiver.worker.server.WorkerShell;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The session that a task finds where it runs: one that others use, too, and which it can't close.
record TaskSession(Session shared) implements Session {
    /// The sessions of this process by the workers that they have here.
    private static final Map<WorkerShell, Session> HERE = new ConcurrentHashMap<>();

    /// The session of a task that runs for a debugger, in its client's thread.
    private static final ThreadLocal<@Nullable Session> DEBUGGED = new ThreadLocal<>();

    /// Calls a task's code outside of any worker.
    static <T extends @Nullable Object> T within(TaskBook book, Callable<T> code) throws Exception {
        Session outer = DEBUGGED.get();
        DEBUGGED.set(book.conversation().session().orElse(outer));
        try {
            return code.call();
        } finally {
            DEBUGGED.set(outer);
        }
    }

    static void opened(WorkerShell worker, Session session) {
        HERE.put(worker, session);
    }

    static void closed(WorkerShell worker) {
        HERE.remove(worker);
    }

    /// The one of the task that the current thread runs.
    ///
    /// @throws QuiverException UNAVAILABLE outside of tasks
    static Session current() {
        Optional<Session> found =
                RunningTask.current()
                        .map(RunningTask::session)
                        .or(() -> Slot.worker().map(HERE::get))
                        .or(() -> Optional.ofNullable(DEBUGGED.get()));
        return new TaskSession(
                found.orElseThrow(() ->
                        new QuiverException(
                                ErrorCode.UNAVAILABLE,
                                "Quiver.current() outside of a task",
                                UserLine.here()
                                        .map(line -> List.of("at: " + line))
                                        .orElse(List.of()),
                                "call it in what submit, run, map or delayed run; elsewhere use the"
                                        + " session itself")));
    }

    @Override
    public FrameReader read() {
        return shared.read();
    }

    @Override
    public <R extends Record> DataFrame of(Class<R> type, Collection<R> rows) {
        return shared.of(type, rows);
    }

    @Override
    public Catalog catalog() {
        return shared.catalog();
    }

    @Override
    public <R> QFuture<R> submit(Call<R> call) {
        return shared.submit(call);
    }

    @Override
    public <R> QFuture<R> submit(TaskOptions options, Call<R> call) {
        return shared.submit(options, call);
    }

    @Override
    public QFuture<Void> run(Action action) {
        return shared.run(action);
    }

    @Override
    public QFuture<Void> run(TaskOptions options, Action action) {
        return shared.run(options, action);
    }

    @Override
    public <A, R> List<QFuture<R>> map(Fn<A, R> fn, Iterable<A> items) {
        return shared.map(fn, items);
    }

    @Override
    public <A, R> List<QFuture<R>> map(TaskOptions options, Fn<A, R> fn, Iterable<A> items) {
        return shared.map(options, fn, items);
    }

    @Override
    public <A, R> QFuture<R> submit(Fn<A, R> fn, QFuture<A> input) {
        return shared.submit(fn, input);
    }

    @Override
    public <A, R> QFuture<R> submit(TaskOptions options, Fn<A, R> fn, QFuture<A> input) {
        return shared.submit(options, fn, input);
    }

    @Override
    public <A, B, R> QFuture<R> submit(Fn2<A, B, R> fn, QFuture<A> first, QFuture<B> second) {
        return shared.submit(fn, first, second);
    }

    @Override
    public <A, B, R> QFuture<R> submit(
            TaskOptions options, Fn2<A, B, R> fn, QFuture<A> first, QFuture<B> second) {
        return shared.submit(options, fn, first, second);
    }

    @Override
    public <A, B, R> List<QFuture<R>> map(Fn2<A, B, R> fn, Iterable<A> items, QFuture<B> common) {
        return shared.map(fn, items, common);
    }

    @Override
    public <A, B, R> List<QFuture<R>> map(
            TaskOptions options, Fn2<A, B, R> fn, Iterable<A> items, QFuture<B> common) {
        return shared.map(options, fn, items, common);
    }

    @Override
    public <R> Scattered<R> scatter(R value) {
        return shared.scatter(value);
    }

    @Override
    public <R> Scattered<R> broadcast(R value) {
        return shared.broadcast(value);
    }

    @Override
    public <R> List<R> gather(Collection<QFuture<R>> futures) {
        return shared.gather(futures);
    }

    @Override
    public <R> Completed<R> asCompleted(Collection<QFuture<R>> futures) {
        return shared.asCompleted(futures);
    }

    @Override
    public <R> Delayed<R> delayed(Call<R> call) {
        return shared.delayed(call);
    }

    @Override
    public <R> Delayed<R> delayed(TaskOptions options, Call<R> call) {
        return shared.delayed(options, call);
    }

    @Override
    public <R> void publish(String name, R value) {
        shared.publish(name, value);
    }

    @Override
    public NamedLock lock(String name) {
        return shared.lock(name);
    }

    @Override
    public NamedSemaphore semaphore(String name, int permits) {
        return shared.semaphore(name, permits);
    }

    @Override
    public NamedEvent event(String name) {
        return shared.event(name);
    }

    @Override
    public <T> NamedQueue<T> queue(String name) {
        return shared.queue(name);
    }

    @Override
    public <T> NamedQueue<T> queue(String name, int capacity) {
        return shared.queue(name, capacity);
    }

    @Override
    public <T> NamedVariable<T> variable(String name) {
        return shared.variable(name);
    }

    @Override
    public NamedLatch latch(String name, long count) {
        return shared.latch(name, count);
    }

    @Override
    public NamedCounter counter(String name) {
        return shared.counter(name);
    }

    @Override
    public <T> NamedTopic<T> topic(String name) {
        return shared.topic(name);
    }

    @Override
    public <T> Actor<T> actor(Class<T> type, Call<? extends T> factory) {
        return shared.actor(type, factory);
    }

    @Override
    public Usage usage() {
        return shared.usage();
    }

    @Override
    public URI dashboard() {
        return shared.dashboard();
    }

    @Override
    public void report(Path file) {
        shared.report(file);
    }

    /// Does nothing: other tasks use the session, too.
    @Override
    public void close() {}
}
