package dev.quiver.client;

import dev.quiver.dataframe.Action;
import dev.quiver.dataframe.Call;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Fn;
import dev.quiver.dataframe.FrameReader;
import dev.quiver.dataframe.QFuture;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// A session whose scheduler and worker are in this process.
final class LocalSession implements Session {
    private final SessionMemory memory;
    private final LocalRuntime runtime;
    private final int slots;
    private boolean closed;

    LocalSession(Options options) {
        this.slots = options.slots();
        this.memory = SessionMemory.open(options.memoryBytes());
        this.runtime = new LocalRuntime(options, new NoPipelines(), memory.limitBytes());
    }

    LocalRuntime runtime() {
        return runtime;
    }

    SessionMemory memory() {
        return memory;
    }

    @Override
    public FrameReader read() {
        throw new UnsupportedOperationException();
    }

    @Override
    public <R extends Record> DataFrame of(Class<R> type, Collection<R> rows) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <R> QFuture<R> submit(Call<R> call) {
        return submit(TaskOptions.options(), call);
    }

    @Override
    public <R> QFuture<R> submit(TaskOptions options, Call<R> call) {
        return runtime.tasks().submit(options, call, null);
    }

    @Override
    public QFuture<Void> run(Action action) {
        return run(TaskOptions.options(), action);
    }

    @Override
    public QFuture<Void> run(TaskOptions options, Action action) {
        return runtime.tasks().submit(options, action, null);
    }

    @Override
    public <A, R> List<QFuture<R>> map(Fn<A, R> fn, Iterable<A> items) {
        return map(TaskOptions.options(), fn, items);
    }

    @Override
    public <A, R> List<QFuture<R>> map(TaskOptions options, Fn<A, R> fn, Iterable<A> items) {
        var futures = new ArrayList<QFuture<R>>();
        for (A item : items) futures.add(runtime.tasks().submit(options, fn, item));
        return futures;
    }

    @Override
    public <R> List<R> gather(Collection<QFuture<R>> futures) {
        return runtime.tasks().gather().results(futures);
    }

    @Override
    public <R> Delayed<R> delayed(Call<R> call) {
        return delayed(TaskOptions.options(), call);
    }

    @Override
    public <R> Delayed<R> delayed(TaskOptions options, Call<R> call) {
        runtime.checkOpen();
        return new DelayedTask<>(runtime.tasks(), options, call, List.of());
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) return;
            closed = true;
        }
        runtime.close();
        memory.close();
    }

    @Override
    public String toString() {
        return "Session[local, %d slots]".formatted(slots);
    }
}
