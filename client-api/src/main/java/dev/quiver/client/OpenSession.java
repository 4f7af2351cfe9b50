package dev.quiver.client;

import dev.quiver.dataframe.Action;
import dev.quiver.dataframe.Call;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Fn;
import dev.quiver.dataframe.FrameReader;
import dev.quiver.dataframe.Frames;
import dev.quiver.dataframe.QFuture;
import dev.quiver.dataframe.TableText;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.store.Stores;
import dev.quiver.planner.source.FileSources;
import dev.quiver.scheduler.server.SchedulerClient;
import dev.quiver.worker.exec.FileFormats;
import dev.quiver.worker.exec.PipelineRunner;
import dev.quiver.worker.server.PipelineEngine;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A session on some backend.
final class OpenSession implements Session {
    /// Beyond all stages of a cluster, since their outputs come into the same store.
    private static final int OWN_STAGES_FROM = 1 << 29;

    private static final Logger LOG = LoggerFactory.getLogger(OpenSession.class);

    private final String label;
    private final SessionStore store;
    private final Stores.Use remoteFiles = Stores.use();
    private final Conversation conversation;
    private final SessionQueries queries;
    private final Options options;

    /// How actors are called from here, by their names.
    private final Map<String, ActorCalls> actors = new ConcurrentHashMap<>();

    /// Of the actors that were made here, by their names.
    private final Map<String, ActorOwner> owners = new ConcurrentHashMap<>();

    /// Of a session on a cluster, once something runs in this process.
    private @Nullable SessionQueries here;

    private @Nullable Conversation ownConversation;
    private boolean closed;

    /// @param label what `toString` says of the backend
    /// @param store taken over
    OpenSession(String label, Options options, SessionStore store, Backend.Opener backend) {
        this.label = label;
        this.store = store;
        this.options = options;
        this.conversation = new Conversation(backend, store.pool(), options.isStrict());
        boolean quiet = options.isQuiet();
        this.queries =
                new SessionQueries(
                        conversation,
                        store.pool(),
                        store.reclamation(),
                        new FileSources(Path.of("").toAbsolutePath(), hints(quiet)),
                        quiet ? () -> Progress.NONE : progress(),
                        options.isStrict(),
                        SessionQueries::frames);
        conversation.belongsTo(this);
    }

    /// A session whose scheduler and worker are in this process.
    static OpenSession local(Options options) {
        SessionStore store = SessionStore.open(options);
        var session =
                new OpenSession(
                        "local, %d slots".formatted(options.slots()),
                        options,
                        store,
                        client -> local(options, store, 0, client));
        session.conversation.backend().worker().ifPresent(w -> TaskSession.opened(w, session));
        return session;
    }

    private static LocalBackend local(
            Options options, SessionStore store, int firstStage, SchedulerClient client) {
        var runner =
                new PipelineRunner(
                        store.pool(), store.chunks(), store.dictionaries(), new FileFormats());
        var engine = new PipelineEngine(runner, store.chunks());
        return new LocalBackend(options, store.pool(), engine, store.chunks(), firstStage, client);
    }

    /// The session's queries where they run in this process, whatever the session is on: for what
    /// can't be given away.
    synchronized SessionQueries here() {
        if (!conversation.backend().isRemote()) return queries;
        conversation.checkOpen();
        SessionQueries made = here;
        if (made == null) {
            var own =
                    new Conversation(
                            client -> local(options, store, OWN_STAGES_FROM, client),
                            store.pool(),
                            false);
            made = queries.here(own);
            own.backend().worker().ifPresent(w -> TaskSession.opened(w, this));
            ownConversation = own;
            here = made;
        }
        return made;
    }

    @SuppressWarnings("SystemOut") // people are to see hints
    private static Consumer<String> hints(boolean quiet) {
        return quiet ? hint -> LOG.info("{}", hint) : hint -> System.err.println("hint: " + hint);
    }

    private Supplier<Progress> progress() {
        boolean terminal = StandardError.isTerminal();
        return () -> {
            for (FrontEnd found : FrontEnd.ofProcess()) {
                Optional<Progress> shown = found.progress(store.pool()::usedBytes, this::link);
                if (shown.isPresent()) return shown.get();
            }
            return new ProgressLines(
                    System.err,
                    Screen.ofProcess(),
                    terminal,
                    TableText.terminalColumns(),
                    System::nanoTime,
                    store.pool()::usedBytes,
                    this::link);
        };
    }

    Conversation conversation() {
        return conversation;
    }

    SessionQueries queries() {
        return queries;
    }

    SessionStore store() {
        return store;
    }

    @Override
    public FrameReader read() {
        conversation.checkOpen();
        return Frames.reader(queries);
    }

    @Override
    public <R extends Record> DataFrame of(Class<R> type, Collection<R> rows) {
        return queries.of(type, rows);
    }

    @Override
    public Catalog catalog() {
        return new Catalog() {
            @Override
            public List<String> names() {
                return queries.held().publishedNames();
            }

            @Override
            public DataFrame frame(String name) {
                return Frames.frame(queries.published(name), queries);
            }

            @Override
            public <R> QFuture<R> value(String name) {
                return queries.held().publishedValue(name);
            }

            @Override
            public void unpublish(String name) {
                queries.held().withdraw(name);
            }
        };
    }

    @Override
    public <R> QFuture<R> submit(Call<R> call) {
        return submit(TaskOptions.options(), call);
    }

    @Override
    public <R> QFuture<R> submit(TaskOptions options, Call<R> call) {
        return conversation.tasks().submit(options, call, null);
    }

    @Override
    public QFuture<Void> run(Action action) {
        return run(TaskOptions.options(), action);
    }

    @Override
    public QFuture<Void> run(TaskOptions options, Action action) {
        return conversation.tasks().submit(options, action, null);
    }

    @Override
    public <A, R> List<QFuture<R>> map(Fn<A, R> fn, Iterable<A> items) {
        return map(TaskOptions.options(), fn, items);
    }

    @Override
    public <A, R> List<QFuture<R>> map(TaskOptions options, Fn<A, R> fn, Iterable<A> items) {
        var futures = new ArrayList<QFuture<R>>();
        Object mapped = conversation.tasks().mapped(fn);
        for (A item : items) futures.add(conversation.tasks().submit(options, mapped, item));
        return futures;
    }

    @Override
    public <A, R> QFuture<R> submit(Fn<A, R> fn, QFuture<A> input) {
        return submit(TaskOptions.options(), fn, input);
    }

    @Override
    public <A, R> QFuture<R> submit(TaskOptions options, Fn<A, R> fn, QFuture<A> input) {
        return conversation.tasks().submit(options, fn, null, TaskBook.input(input));
    }

    @Override
    public <A, B, R> QFuture<R> submit(Fn2<A, B, R> fn, QFuture<A> first, QFuture<B> second) {
        return submit(TaskOptions.options(), fn, first, second);
    }

    @Override
    public <A, B, R> QFuture<R> submit(
            TaskOptions options, Fn2<A, B, R> fn, QFuture<A> first, QFuture<B> second) {
        return conversation
                .tasks()
                .submit(options, fn, null, TaskBook.input(first), TaskBook.input(second));
    }

    @Override
    public <A, B, R> List<QFuture<R>> map(Fn2<A, B, R> fn, Iterable<A> items, QFuture<B> common) {
        return map(TaskOptions.options(), fn, items, common);
    }

    @Override
    public <A, B, R> List<QFuture<R>> map(
            TaskOptions options, Fn2<A, B, R> fn, Iterable<A> items, QFuture<B> common) {
        TaskInput input = TaskBook.input(common);
        var futures = new ArrayList<QFuture<R>>();
        Object mapped = conversation.tasks().mapped(fn);
        for (A item : items) futures.add(conversation.tasks().submit(options, mapped, item, input));
        return futures;
    }

    @Override
    public <R> Scattered<R> scatter(R value) {
        return conversation.tasks().scatter(value, ScatteredValue.Reach.ONE);
    }

    @Override
    public <R> Scattered<R> broadcast(R value) {
        return conversation.tasks().scatter(value, ScatteredValue.Reach.ALL);
    }

    @Override
    public <R> List<R> gather(Collection<QFuture<R>> futures) {
        return conversation.tasks().gather().results(futures);
    }

    @Override
    public <R> Completed<R> asCompleted(Collection<QFuture<R>> futures) {
        return new Completed<>(futures);
    }

    @Override
    public <R> Delayed<R> delayed(Call<R> call) {
        return delayed(TaskOptions.options(), call);
    }

    @Override
    public <R> Delayed<R> delayed(TaskOptions options, Call<R> call) {
        conversation.checkOpen();
        return new DelayedTask<>(conversation.tasks(), options, call, List.of());
    }

    @Override
    public <R> void publish(String name, R value) {
        queries.held().publish(Coordination.requireValue(name, value), name);
    }

    @Override
    public NamedLock lock(String name) {
        return new NamedLock(conversation.coordination(), name);
    }

    @Override
    public NamedSemaphore semaphore(String name, int permits) {
        return new NamedSemaphore(conversation.coordination(), name, permits);
    }

    @Override
    public NamedEvent event(String name) {
        return new NamedEvent(conversation.coordination(), name);
    }

    @Override
    public <T> NamedQueue<T> queue(String name) {
        return queue(name, Integer.MAX_VALUE);
    }

    @Override
    public <T> NamedQueue<T> queue(String name, int capacity) {
        return new NamedQueue<>(conversation.coordination(), name, capacity);
    }

    @Override
    public <T> NamedVariable<T> variable(String name) {
        return new NamedVariable<>(conversation.coordination(), name);
    }

    @Override
    public NamedLatch latch(String name, long count) {
        return new NamedLatch(conversation.coordination(), name, count);
    }

    @Override
    public NamedCounter counter(String name) {
        return new NamedCounter(conversation.coordination(), name);
    }

    @Override
    public <T> NamedTopic<T> topic(String name) {
        return new NamedTopic<>(conversation.coordination(), name);
    }

    @Override
    public <T> Actor<T> actor(Class<T> type, Call<? extends T> factory) {
        return ActorOwner.open(this, type, factory);
    }

    /// An actor that this session made.
    void keep(ActorLink link, ActorOwner owner) {
        owners.put(link.name(), owner);
        actors.put(link.name(), owner.calls());
    }

    /// An actor has ended.
    void forgetActor(String name) {
        owners.remove(name);
        actors.remove(name);
    }

    /// How the tasks of this session call an actor that came to one of them.
    ActorCalls actorCalls(ActorLink link) {
        ActorCalls calls = actors.computeIfAbsent(link.name(), _ -> new ActorCalls(this, link));
        calls.begin(() -> forgetActor(link.name()));
        return calls;
    }

    @Override
    public Usage usage() {
        conversation.checkOpen();
        return conversation.backend().usage();
    }

    @Override
    public URI dashboard() {
        conversation.checkOpen();
        return conversation
                .backend()
                .dashboard()
                .orElseThrow(() ->
                        new QuiverException(
                                ErrorCode.UNSUPPORTED,
                                "nothing shows what %s does".formatted(this),
                                List.of(),
                                conversation.backend().isRemote()
                                        ? "report(Path) writes it into a file, also where a"
                                                + " cluster has certificates"
                                        : "add dev.quiver:quiver-dashboard to the class path"));
    }

    @Override
    public void report(Path file) {
        conversation.checkOpen();
        String content =
                conversation
                        .backend()
                        .report()
                        .orElseThrow(() ->
                                new QuiverException(
                                        ErrorCode.UNSUPPORTED,
                                        "%s can't tell what it has done".formatted(this),
                                        List.of(),
                                        conversation.backend().isRemote()
                                                ? "start the scheduler with"
                                                        + " dev.quiver:quiver-dashboard on its"
                                                        + " class path"
                                                : "add dev.quiver:quiver-dashboard to the class"
                                                        + " path"));
        new ReportFile(file).write(content);
    }

    /// As `quiver run --report` wants it.
    private void reportAtEnd() {
        ReportFile.ofProcess()
                .ifPresent(file -> conversation.backend().report().ifPresent(file.next()::write));
    }

    /// What a person at a terminal sees beside the progress.
    private String link() {
        if (!options.isShown()) return "";
        Optional<URI> address = conversation.backend().dashboard();
        if (address.isPresent()) conversation.backend().tellAddress();
        return address.map(URI::toString).orElse("");
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) return;
            closed = true;
        }
        try {
            reportAtEnd();
        } finally {
            closeAll();
        }
    }

    private void closeAll() {
        store.reclamation().close();
        if (conversation.backend().isRemote() && !conversation.hasEnded())
            owners.values().forEach(ActorOwner::abandon);
        conversation.close();
        conversation.backend().worker().ifPresent(TaskSession::closed);
        closeOwn();
        queries.close();
        store.close();
        remoteFiles.close();
    }

    private synchronized void closeOwn() {
        Conversation own = ownConversation;
        if (own != null) {
            own.close();
            own.backend().worker().ifPresent(TaskSession::closed);
        }
        if (here != null) here.close();
    }

    @Override
    public String toString() {
        return "Session[%s]".formatted(label);
    }
}
