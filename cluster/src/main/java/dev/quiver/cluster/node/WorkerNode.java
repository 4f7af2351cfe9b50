package dev.quiver.cluster.node;

import dev.quiver.client.Session;
import dev.quiver.client.TaskCode;
import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.DriverAnswer;
import dev.quiver.cluster.control.DriverQuestion;
import dev.quiver.cluster.control.Inquiry;
import dev.quiver.cluster.control.Language;
import dev.quiver.cluster.control.Orders;
import dev.quiver.cluster.control.Programs;
import dev.quiver.cluster.control.PublishedRows;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.control.StageCounts;
import dev.quiver.cluster.control.WorkerWord;
import dev.quiver.cluster.data.DataSettings;
import dev.quiver.cluster.data.FlightEndpoints;
import dev.quiver.cluster.process.DriverProcesses;
import dev.quiver.cluster.security.Credentials;
import dev.quiver.cluster.security.Doorkeeper;
import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import dev.quiver.graph.Stage;
import dev.quiver.operator.Bytes;
import dev.quiver.operator.Closures;
import dev.quiver.operator.EncodedProgram;
import dev.quiver.protocol.Inbox;
import dev.quiver.protocol.SchedulerMessage;
import dev.quiver.scheduler.server.FirstRows;
import dev.quiver.worker.server.WorkerShell;
import dev.quiver.worker.state.WorkerSettings;
import dev.quiver.worker.store.SpillRoom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A worker in this process. When its scheduler goes it keeps what it holds, looks for the next one
/// and tells it; it gives up after a while.
public final class WorkerNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerNode.class);
    private static final long TICK_MILLIS = 500;

    /// Who fetches always answers, so that nothing is asked for again.
    private static final long FETCHED_IN_ANY_CASE = 0;

    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Setup setup;
    private final AlarmClock clock = new AlarmClock("quiver-worker-clock");
    private final CompletableFuture<WorkerEnd> end = new CompletableFuture<>();
    private final CodeStore codes = new CodeStore();
    private final ClientPrints prints = new ClientPrints();
    private final LoggedLines logged = new LoggedLines();
    private final Onlooking onlooking = new Onlooking(asked -> head(asked));
    private final PackedFailures failures = new PackedFailures();
    private final SchedulerDoors doors;
    private final ClientCodes clients;
    private final Holdings holdings;
    private final DecodingEngine programs;
    private final WorkerShell shell;
    private final ScratchDirectory scratch = ScratchDirectory.make("quiver-drivers");
    private final DriverProcesses drivers;
    private final Leaving leaving;
    private final long startNanos = System.nanoTime();
    private volatile boolean hasStandbys;
    private final WorkerSession.Host host = new Host();
    private final Thread connecting;
    private final long cluster;
    private final int number;
    private WorkerSession session;
    private volatile boolean closed;

    /// @param schedulers where one of them is found that it joins
    /// @param name for people
    /// @param host the address that it listens on
    /// @param slots how many tasks run at a time
    /// @param memoryBytes its budget of counted memory
    /// @param spill where it puts what there is no memory for
    /// @param patience how long it waits for a scheduler when its own has gone
    /// @param credentials which it needs where other machines reach it
    /// @param after why the process ended that was there before it; empty when none was
    /// @param lifespan when it leaves by itself
    public record Setup(
            List<SchedulerAddress> schedulers,
            String name,
            String host,
            int slots,
            long memoryBytes,
            SpillRoom spill,
            Duration patience,
            Credentials credentials,
            String after,
            Lifespan lifespan) {
        /// So long a worker waits for a scheduler where nobody says how long.
        public static final Duration PATIENCE = Duration.ofSeconds(60);

        public Setup {
            schedulers = List.copyOf(schedulers);
        }

        /// Whether a worker may listen there.
        ///
        /// @throws QuiverException when it may not, as [WorkerNode#start] would
        public void check() {
            Binding.requireWorker(host, credentials);
        }

        /// Of a cluster whose schedulers are at one place.
        public Setup(
                SchedulerAddress scheduler,
                String name,
                String host,
                int slots,
                long memoryBytes,
                SpillRoom spill) {
            this(
                    List.of(scheduler),
                    name,
                    host,
                    slots,
                    memoryBytes,
                    spill,
                    PATIENCE,
                    Credentials.NONE,
                    "",
                    Lifespan.ENDLESS);
        }
    }

    private WorkerNode(Setup setup, DriverProcesses.Launcher launcher) {
        this.setup = setup;
        setup.check();
        this.doors = new SchedulerDoors(setup.schedulers(), setup.credentials());
        Answer.Joined joined = firstJoin();
        this.cluster = joined.cluster();
        this.number = joined.worker();
        this.clients = new ClientCodes(doors, this::sessionOfTasks);
        var endpoints =
                FlightEndpoints.of(DataSettings.DEFAULTS, setup.credentials())
                        .guarded(
                                Doorkeeper.ofWorker(
                                        new ConnectedClients(doors), new TokenOwners(doors)));
        this.holdings =
                new Holdings(
                        number,
                        setup.host(),
                        setup.memoryBytes(),
                        setup.spill(),
                        endpoints,
                        this::publishedRows);
        this.programs =
                new DecodingEngine(
                        holdings, clients, prints, new SharedFiles(number, setup.name()));
        this.session = new WorkerSession(setup, joined, host);
        this.shell = newShell();
        this.drivers = new DriverProcesses(number, launcher, scratch.path(), this::ask);
        this.leaving = new Leaving(drivers::isEmpty);
        this.connecting =
                Thread.ofPlatform()
                        .daemon()
                        .name("quiver-worker-connection")
                        .unstarted(this::stayConnected);
        shell.start();
        begin(session);
        clock.every(TICK_MILLIS, this::tick);
        connecting.start();
    }

    private Answer.Joined firstJoin() {
        try {
            return join(0, Question.NEW, Duration.ZERO);
        } catch (RuntimeException | Error e) {
            clock.close();
            doors.close();
            logged.close();
            onlooking.close();
            throw e;
        }
    }

    private Answer.Joined join(long inCluster, int as, Duration patience) {
        var handshake = Bytes.of(Language.handshake().encode());
        Answer.Joined joined =
                doors.ask(
                        new Question.Join(handshake, setup.name(), inCluster, as),
                        Answer.Joined.class,
                        patience);
        doors.learn(joined.schedulers());
        hasStandbys = joined.schedulers().size() > 1;
        return joined;
    }

    private WorkerShell newShell() {
        var alarm = clock.alarm(() -> nudge());
        return new WorkerShell(
                new WorkerSettings(
                        number, setup.slots(), setup.memoryBytes(), true, FETCHED_IN_ANY_CASE),
                "quiver-worker",
                new WorkerShell.Surroundings(
                        session.scheduler(),
                        holdings.objects(),
                        programs,
                        holdings.fetcher(),
                        holdings::freeBytes,
                        clock::nanos,
                        alarm::set,
                        Inbox.Relief.NONE));
    }

    /// A session for what tasks of a client submit here.
    private Session sessionOfTasks(int client) {
        return ServiceLoader.load(TaskSessions.class, WorkerNode.class.getClassLoader())
                .findFirst()
                .orElseThrow()
                .open(setup.schedulers(), setup.credentials(), client, number);
    }

    private DriverAnswer ask(DriverQuestion question) {
        Duration patience = closed ? Duration.ZERO : setup.patience();
        return doors.ask(new Question.Drivers(question), Answer.Drivers.class, patience).answer();
    }

    private List<PublishedRows> publishedRows() {
        return doors.ask(new Question.Frames(), Answer.Frames.class, Duration.ZERO).frames();
    }

    /// Joins a cluster.
    ///
    /// @param launcher of submitted programs
    /// @throws Unavailable when no scheduler answers there
    public static WorkerNode start(Setup setup, DriverProcesses.Launcher launcher) {
        return new WorkerNode(setup, launcher);
    }

    private void nudge() {
        shell.nudge();
    }

    /// The session is the one that counts from now on.
    private synchronized void begin(WorkerSession next) {
        session = next;
        next.scheduler()
                .send(
                        new WorkerWord.Hello(
                                setup.name(),
                                setup.slots(),
                                setup.memoryBytes(),
                                setup.host(),
                                holdings.port(),
                                setup.after()));
        shell.begin(next.epoch(), next.scheduler());
    }

    private synchronized WorkerSession session() {
        return session;
    }

    private FirstRows head(Inquiry.Head asked) {
        return holdings.head(asked);
    }

    private void tick() {
        session()
                .tick(
                        new WorkerWord.Load(
                                shell.running(),
                                holdings.usedBytes(),
                                holdings.spilledBytes(),
                                holdings.resources()));
        leaveByItself();
        leaving.end().ifPresent(end::complete);
    }

    private void leaveByItself() {
        Lifespan span = setup.lifespan();
        if (span.isOver(System.nanoTime() - startNanos)) leave(WorkerEnd.Kind.AGED, span.drain());
        if (drivers.isEmpty() && span.isUnused(clock.nanos() - shell.usedNanos()))
            leave(WorkerEnd.Kind.LEFT, span.drain());
    }

    /// Has it leave: it takes no task and no program any more, ends what it runs, and stays until
    /// nothing that it holds is needed; then [#onEnd] is told.
    ///
    /// @param limit after which it leaves in any case: what is lost runs again elsewhere
    public void retire(Duration limit) {
        leave(WorkerEnd.Kind.LEFT, limit);
    }

    private void leave(WorkerEnd.Kind reason, Duration limit) {
        if (leaving.begin(reason, limit)) shell.retire();
    }

    private void released() {
        leaving.release();
        clock.soon(() -> leaving.end().ifPresent(end::complete));
    }

    /// Begins another session whenever one has broken.
    private void stayConnected() {
        try {
            while (!closed) {
                WorkerSession broken = session();
                String why = broken.awaitEnd();
                if (closed) return;
                if (leaving.hasBegun() && !hasStandbys) {
                    end.complete(leaving.abandoned());
                    return;
                }
                LOG.warn("{}; looking for a scheduler", why);
                begin(next());
                drivers.introduce();
                broken.close();
                LOG.info("a scheduler was found; it is told what is held and runs");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (QuiverException e) {
            if (!closed) stop(e.what());
        } catch (RuntimeException | Error e) {
            if (!closed) stop("it failed: " + e);
        }
    }

    private WorkerSession next() throws InterruptedException {
        long from = System.nanoTime();
        while (true) {
            Answer.Joined joined = join(cluster, number, setup.patience());
            clients.retain(joined.clients());
            try {
                return new WorkerSession(setup, joined, host);
            } catch (Unavailable e) {
                if (System.nanoTime() - from > setup.patience().toNanos()) throw e;
                LOG.debug("the scheduler has gone again", e);
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            }
        }
    }

    private final class Host implements WorkerSession.Host {
        @Override
        public PackedFailures failures() {
            return failures;
        }

        @Override
        public WorkerShell shell() {
            return shell;
        }

        @Override
        public AlarmClock clock() {
            return clock;
        }

        @Override
        public List<WorkerWord> takeAside() {
            List<WorkerWord.Printed> printed = prints.take();
            List<StageCounts> counts = programs.takeCounts();
            List<WorkerWord> lines = logged.take();
            List<WorkerWord> asked = onlooking.take();
            if (printed.isEmpty() && counts.isEmpty() && lines.isEmpty() && asked.isEmpty())
                return List.of();
            var words = new ArrayList<WorkerWord>(printed);
            words.addAll(lines);
            words.addAll(asked);
            if (!counts.isEmpty()) words.add(new WorkerWord.Counted(counts));
            return words;
        }

        @Override
        public void take(WorkerSession from, Orders orders) {
            WorkerNode.this.take(from, orders);
        }

        @Override
        public void released() {
            WorkerNode.this.released();
        }

        @Override
        public void broken(Throwable cause) {
            stop("it failed: " + cause);
        }
    }

    private void take(WorkerSession from, Orders orders) {
        boolean first = false;
        synchronized (this) {
            if (from != session) return;
            orders.peers().forEach(holdings.peers()::add);
            orders.goneClients().forEach(clients::forget);
            orders.codes().forEach(codes::put);
            orders.drivers().forEach(drivers::obey);
            orders.inquiries().forEach(onlooking::take);
            for (SchedulerMessage message : orders.messages())
                first |= shell.tell(from.epoch(), runnable(message));
        }
        if (first) shell.deliver();
        for (long limitMillis : orders.retirements()) retire(Duration.ofMillis(limitMillis));
    }

    private SchedulerMessage runnable(SchedulerMessage message) {
        if (message instanceof SchedulerMessage.StageClosed(int stage)) {
            codes.forget(stage);
            failures.forget(stage);
        }
        if (!(message instanceof SchedulerMessage.StageOpened(Stage stage))) return message;
        if (!(stage.program() instanceof EncodedProgram program) || !Programs.isTasks(program))
            return message;
        int id = stage.id();
        int owner = Programs.client(program);
        ClientCode client = clients.of(owner);
        Closures.Source source =
                partition -> {
                    Closures.Closure closure =
                            TaskCode.closure(
                                    codes.get(id, partition),
                                    number -> codes.shared(id, number),
                                    client.session(),
                                    client::nested);
                    return inputs -> prints.during(owner, () -> closure.call(inputs));
                };
        return new SchedulerMessage.StageOpened(stage.withProgram(new Closures(source)));
    }

    private void stop(String why) {
        end.complete(new WorkerEnd(WorkerEnd.Kind.BROKEN, why));
    }

    /// The worker's number in its cluster.
    public int number() {
        return number;
    }

    /// Calls `action` when it is of no use any more.
    public void onEnd(Runnable action) {
        var _ = end.thenRun(action);
    }

    /// Why it is of no use any more; empty while it is.
    public Optional<WorkerEnd> end() {
        return Optional.ofNullable(end.getNow(null));
    }

    /// Says goodbye; what it holds goes.
    @Override
    public void close() {
        closed = true;
        drivers.close();
        connecting.interrupt();
        String why = end().map(WorkerEnd::why).orElse("stopped");
        session().scheduler().send(new WorkerWord.Goodbye(why));
        shell.close();
        clock.close();
        session().close();
        holdings.close();
        clients.close();
        scratch.close();
        doors.close();
        logged.close();
        onlooking.close();
    }
}
