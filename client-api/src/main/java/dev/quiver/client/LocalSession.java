package dev.quiver.client;

import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.dataframe.Action;
import dev.quiver.dataframe.Call;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Fn;
import dev.quiver.dataframe.FrameReader;
import dev.quiver.dataframe.Frames;
import dev.quiver.dataframe.QFuture;
import dev.quiver.dataframe.TableText;
import dev.quiver.io.DictionarySet;
import dev.quiver.io.store.Stores;
import dev.quiver.planner.source.FileSources;
import dev.quiver.worker.exec.FileFormats;
import dev.quiver.worker.exec.PipelineRunner;
import dev.quiver.worker.server.PipelineEngine;
import dev.quiver.worker.store.ChunkStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A session whose scheduler and worker are in this process.
final class LocalSession implements Session {
    private static final Logger LOG = LoggerFactory.getLogger(LocalSession.class);

    private final int slots;
    private final SessionMemory memory;
    private final Stores.Use remoteFiles = Stores.use();
    private final MemoryAccount dictionaryMemory;
    private final DictionarySet dictionaries;
    private final ChunkStore store = new ChunkStore();
    private final LocalRuntime runtime;
    private final LocalQueries queries;
    private boolean closed;

    LocalSession(Options options) {
        this.slots = options.slots();
        this.memory = SessionMemory.open(options.memoryBytes());
        this.dictionaryMemory = memory.pool().account(new Owner("session", "Dictionaries", -1));
        this.dictionaries = new DictionarySet(dictionaryMemory);
        var runner = new PipelineRunner(memory.pool(), store, dictionaries, new FileFormats());
        var engine = new PipelineEngine(runner, store);
        this.runtime = new LocalRuntime(options, engine, memory.pool());
        boolean quiet = options.isQuiet();
        this.queries =
                new LocalQueries(
                        runtime,
                        engine,
                        store,
                        memory.pool(),
                        new FileSources(Path.of("").toAbsolutePath(), hints(quiet)),
                        quiet ? () -> Progress.NONE : progress(),
                        options.isStrict());
    }

    @SuppressWarnings("SystemOut") // people are to see hints
    private static Consumer<String> hints(boolean quiet) {
        return quiet ? hint -> LOG.info("{}", hint) : hint -> System.err.println("hint: " + hint);
    }

    private Supplier<Progress> progress() {
        boolean terminal = StandardError.isTerminal();
        return () ->
                new ProgressLines(
                        System.err,
                        terminal,
                        TableText.terminalColumns(),
                        System::nanoTime,
                        memory.pool()::usedBytes);
    }

    LocalRuntime runtime() {
        return runtime;
    }

    LocalQueries queries() {
        return queries;
    }

    SessionMemory memory() {
        return memory;
    }

    @Override
    public FrameReader read() {
        runtime.checkOpen();
        return Frames.reader(queries);
    }

    @Override
    public <R extends Record> DataFrame of(Class<R> type, Collection<R> rows) {
        return queries.of(type, rows);
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
    public Usage usage() {
        runtime.checkOpen();
        return new Usage(
                slots, runtime.worker().running(), memory.pool().usedBytes(), memory.limitBytes());
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) return;
            closed = true;
        }
        runtime.close();
        queries.close();
        store.close();
        dictionaries.close();
        dictionaryMemory.close();
        memory.close();
        remoteFiles.close();
    }

    @Override
    public String toString() {
        return "Session[local, %d slots]".formatted(slots);
    }
}
