package dev.quiver.cluster.node;

import dev.quiver.client.HistorySettings;
import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.DriverOrder;
import dev.quiver.cluster.control.Greeting;
import dev.quiver.cluster.control.Language;
import dev.quiver.cluster.control.PublishedRows;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.control.Wishes;
import dev.quiver.cluster.control.WorkerAddress;
import dev.quiver.cluster.journal.JournalFile;
import dev.quiver.cluster.log.ClusterLog;
import dev.quiver.cluster.log.LogEntry;
import dev.quiver.cluster.process.Drivers;
import dev.quiver.cluster.security.Caller;
import dev.quiver.cluster.security.ClientList;
import dev.quiver.cluster.security.Credentials;
import dev.quiver.cluster.security.SessionProof;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import dev.quiver.operator.Bytes;
import dev.quiver.protocol.Inbox;
import dev.quiver.protocol.LogRecord;
import dev.quiver.protocol.wire.Handshake;
import dev.quiver.protocol.wire.MalformedMessage;
import dev.quiver.scheduler.server.CatalogEntry;
import dev.quiver.scheduler.server.ClientPipelines;
import dev.quiver.scheduler.server.Dashboard;
import dev.quiver.scheduler.server.FirstRows;
import dev.quiver.scheduler.server.JobLog;
import dev.quiver.scheduler.server.RunHistory;
import dev.quiver.scheduler.server.SchedulerShell;
import dev.quiver.scheduler.server.Watched;
import dev.quiver.scheduler.server.WorkerLogs;
import dev.quiver.scheduler.server.WorkerProfiles;
import dev.quiver.scheduler.state.SchedulerSettings;
import dev.quiver.scheduler.state.SchedulerState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The scheduler of a cluster, with its workers and clients, as long as it is the one: what was
/// written down before it goes on.
final class ActiveScheduler implements SchedulerDoor.Office, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ActiveScheduler.class);
    private static final long LEASE_NANOS = 10_000_000_000L;

    /// So long it waits for the workers of the scheduler before it.
    private static final long GRACE_NANOS = 15_000_000_000L;

    /// What takes longer to compute again, and is kept for as long, two workers hold.
    private static final long REPLICA_NANOS = 1_000_000_000L;

    private static final long TICK_MILLIS = 500;
    private static final long BUNDLE_SECONDS = 10;

    private final Handshake handshake = Language.handshake();
    private final AlarmClock clock = new AlarmClock("quiver-scheduler-clock");
    private final ClusterLog log;
    private final List<SchedulerAddress> schedulers;
    private final ClientList tokens;
    private final String discovery;
    private final IgniteNode node;
    private final ClientPeers clients;
    private final WorkerPeers workers;
    private final SchedulerShell shell;
    private final ScratchDirectory scratch = ScratchDirectory.make("quiver-scheduler");
    private final Drivers drivers;
    private final Staff staff;
    private final Optional<JournalFile> journal;
    private final Optional<Dashboard.Shown> shown;
    private final KeptSessions sessions;
    private final ClientPipelines pipelines = new ClientPipelines();
    private List<Integer> expected;
    private final long startNanos = System.nanoTime();

    /// @param schedulers where workers and clients may find one that goes on in its place
    /// @param log stays the caller's
    /// @param broken is told when the scheduler is of no use any more
    ActiveScheduler(
            SchedulerNode.Setup setup,
            List<SchedulerAddress> schedulers,
            ClusterLog log,
            Consumer<Throwable> broken) {
        String host = setup.host();
        Credentials credentials = setup.credentials();
        this.schedulers = List.copyOf(schedulers);
        this.log = log;
        this.tokens = Binding.requireScheduler(host, credentials);
        int discoveryPort = freePort(host);
        this.discovery = host + ":" + discoveryPort;
        this.node =
                IgniteNode.start(
                        new IgniteNode.Setup(
                                IgniteNode.Role.SCHEDULER,
                                "scheduler",
                                host,
                                List.of(discovery),
                                discoveryPort,
                                credentials));
        var codes = new CodeStore();
        var attachments = new AttachmentStore();
        this.clients = new ClientPeers(log, codes, attachments, broken);
        var alarm = clock.alarm(() -> nudge());
        SchedulerSettings settings = settings();
        this.shell =
                new SchedulerShell(
                        new SchedulerState(settings, log.epoch()),
                        clients,
                        new Jobs(),
                        clock::nanos,
                        alarm::set,
                        Inbox.Relief.NONE);
        this.journal = setup.journal().map(to -> JournalFile.begin(to, settings, log.epoch()));
        this.journal.ifPresent(shell::tell);
        this.workers = new WorkerPeers(node, log, codes, attachments, shell, clients);
        this.expected = log.roster().workers();
        this.shown = Dashboard.ofProcess().map(dashboard -> shown(dashboard, setup));
        this.sessions =
                new KeptSessions(
                        shown.filter(_ -> setup.history().when() != HistorySettings.When.NEVER));
        goOn(codes);
        log.start(shell::nudge, this::compact);
        this.drivers = new Drivers(scratch.path(), new Programs());
        this.staff = new Staff(workers, clients, shell, drivers);
        workers.start(watcher());
        clock.every(TICK_MILLIS, this::tick);
    }

    private static SchedulerSettings settings() {
        return SchedulerSettings.LOCAL
                .withLease(LEASE_NANOS)
                .withGrace(GRACE_NANOS)
                .withReplicas(REPLICA_NANOS);
    }

    private Dashboard.Shown shown(Dashboard dashboard, SchedulerNode.Setup setup) {
        var watched =
                new Watched("the cluster", shell, this::usages, workers.figures(), new Registry());
        RunHistory history = setup.history().history();
        return switch (setup.credentials()) {
            case Credentials.None _ -> dashboard.show(watched, history);
            case Credentials.Encrypted(var tls, _, _) ->
                    dashboard.show(
                            watched,
                            new Onlookers(setup.host(), tls, tokens),
                            history.in(ownRuns(setup.keeping())));
        };
    }

    /// Where runs of this cluster alone are: what else ran on its machine isn't for those who may
    /// look at it. They go with a scheduler that has no directory.
    private Path ownRuns(SchedulerNode.Keeping keeping) {
        Path place =
                switch (keeping) {
                    case SchedulerNode.Keeping.Nothing _ -> scratch.path();
                    case SchedulerNode.Keeping.In(Path directory) -> directory;
                    case SchedulerNode.Keeping.Among(Path directory, _) -> directory;
                };
        return place.resolve("runs").toAbsolutePath();
    }

    private Answer report(int client) {
        return new Answer.Report(
                shown.map(board -> board.report(clients.name(client), ClientPeers.jobsOf(client)))
                        .orElse(""));
    }

    /// Who comes and goes, for those who look.
    private final class Registry implements Watched.Registry {
        @Override
        public String client(long client) {
            return clients.name(client);
        }

        @Override
        public Optional<Watched.Departure> departure(int worker) {
            return workers.ends().departure(worker);
        }

        /// Workers keep frames as outputs of tasks.
        @Override
        public List<Watched.KeptFrame> frames() {
            return List.of();
        }

        @Override
        public WorkerLogs logs() {
            return workers.outputs().logs();
        }

        @Override
        public List<ClientPipelines.Told> pipelines() {
            return pipelines.all();
        }

        @Override
        public Optional<WorkerProfiles> profiles() {
            return Optional.of(workers.outputs().profiles());
        }

        @Override
        public FirstRows head(String name) {
            return ActiveScheduler.this.frames().stream()
                    .filter(frame -> frame.name().equals(name))
                    .findFirst()
                    .map(workers.heads()::of)
                    .orElseGet(() ->
                            new FirstRows.Missing("It isn’t there any more: it was withdrawn."));
        }

        @Override
        public List<CatalogEntry> published() {
            var jobs = new PublishedJobs(workers.members());
            return shell.ask(jobs::shown);
        }
    }

    private List<Watched.WorkerUsage> usages() {
        return workers.members().stream()
                .map(m ->
                        new Watched.WorkerUsage(
                                m.address().worker(),
                                m.name(),
                                m.address().host() + ':' + m.address().port(),
                                m.slots(),
                                m.slotsBusy(),
                                m.memoryBytes(),
                                m.memoryBytesMax(),
                                m.spilledBytes(),
                                m.resources()))
                .toList();
    }

    /// Where people see what it does; over TLS where certificates say who may look.
    Optional<URI> dashboard() {
        return shown.map(Dashboard.Shown::address);
    }

    private WorkerPeers.Watcher watcher() {
        return new WorkerPeers.Watcher() {
            @Override
            public void joined(int worker) {
                drivers.joined(worker);
            }

            @Override
            public void retiring(int worker) {
                drivers.retiring(worker);
            }

            @Override
            public void lost(int worker) {
                drivers.lost(worker);
                // what its tasks held goes to those that run in their place
                clients.ofTasksOn(worker).forEach(client -> leave(client));
            }
        };
    }

    /// What the scheduler's state writes down.
    private final class Jobs implements JobLog {
        @Override
        public long write(LogRecord entry) {
            return log.append(new LogEntry.Job(entry, clients.takeCodes(entry)));
        }

        @Override
        public long safe() {
            return log.safe();
        }
    }

    /// What submitted programs need.
    private final class Programs implements Drivers.Surroundings {
        private final AtomicInteger given = new AtomicInteger(log.roster().programsGiven());

        @Override
        public void tell(int worker, DriverOrder order) {
            workers.tell(worker, order);
        }

        @Override
        public int newNumber() {
            int number = given.incrementAndGet();
            log.settle(new LogEntry.ProgramSubmitted(number));
            return number;
        }
    }

    private static int freePort(String host) {
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName(host))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("looking for a free port of " + host, e);
        }
    }

    private void goOn(CodeStore codes) {
        var records = new ArrayList<LogRecord>();
        for (LogEntry entry : log.takeEntries()) {
            if (!(entry instanceof LogEntry.Job(var job, var appended))) continue;
            records.add(job);
            if (!appended.isEmpty()) codes.append(CodeStore.stage(job), appended);
        }
        if (!records.isEmpty() || clients.count() > 0 || !expected.isEmpty())
            LOG.info(
                    "scheduler {} of this cluster goes on: {} records, {} clients, waits for"
                            + " {} workers",
                    log.epoch(),
                    records.size(),
                    clients.count(),
                    expected.size());
        shell.takeOver(records, expected);
    }

    private void compact() {
        shell.ask(state -> {
            log.compact(state.retained());
            return true;
        });
    }

    void nudge() {
        shell.nudge();
    }

    private void tick() {
        workers.tick();
        for (ClientPeer client : clients.overdue()) {
            LOG.info("{} hasn't come back: its jobs are released", client);
            leave(client);
        }
        if (expected.isEmpty() || System.nanoTime() - startNanos < GRACE_NANOS) return;
        workers.giveUp(expected);
        expected = List.of();
    }

    /// A client has gone for good.
    private void leave(ClientPeer client) {
        if (!clients.leave(client)) return;
        shell.nudge();
        workers.forgetClient(client.number());
        pipelines.left(client.number());
        sessions.keep(client);
    }

    @Override
    public SchedulerDoor.Talking attach(Greeting greeting, ClientLine line) {
        ClientPeer client =
                clients.proven(greeting.client(), greeting.token())
                        .orElseThrow(() ->
                                new MalformedMessage("there is no client " + greeting.client()));
        clients.attach(client, line, greeting.stages());
        shell.nudge();
        return new SchedulerDoor.Talking() {
            @Override
            public void say(Wishes wishes) {
                clients.say(client, wishes);
                shell.nudge();
            }

            @Override
            public void end(boolean forGood) {
                boolean away = client.detach(line);
                if (away && forGood) leave(client);
                else if (away) LOG.info("{} is away", client);
            }

            @Override
            public String toString() {
                return client.toString();
            }
        };
    }

    @Override
    public List<WorkerAddress> addresses(int from) {
        return workers.addresses(from);
    }

    @Override
    public Answer answer(Question question, Caller caller) {
        return switch (question) {
            case Question.Join join -> join(join);
            case Question.Connect connect -> connect(connect);
            case Question.Attach attach -> attached(attach);
            case Question.Vouch(int client, var proof) -> {
                clients.vouch(new SessionProof(client, proof));
                yield new Answer.Done();
            }
            case Question.MoreStages(int client) ->
                    new Answer.Stages(clients.moreStages(clients.client(client)));
            case Question.Bundles(int client, var bundles) -> bundles(client, bundles);
            case Question.Upload upload -> uploaded(upload);
            case Question.Statuses(var stages) ->
                    new Answer.Statuses(
                            shell.ask(state ->
                                    stages.stream()
                                            .flatMap(s -> state.status(s).stream())
                                            .toList()));
            case Question.Story(var task) ->
                    new Answer.Story(shell.ask(state -> state.story(task)));
            case Question.Catalog _ -> new Answer.Catalog(shell.ask(state -> state.catalog()));
            case Question.Frames _ -> new Answer.Frames(frames());
            case Question.Bearer(var token) -> owner(token);
            case Question.Output(var task) ->
                    new Answer.Output(shell.ask(state -> state.output(task)));
            case Question.Usage _ -> staff.usage();
            case Question.Dashboard _ ->
                    new Answer.Dashboard(dashboard().map(URI::toString).orElse(""));
            case Question.Report(int client) -> report(client);
            case Question.PipelineTold(int client, var news) -> {
                pipelines.tell(client, clients.client(client).toString(), news);
                yield new Answer.Done();
            }
            case Question.Ends(var lost) -> new Answer.Ends(workers.ends().of(lost));
            case Question.Drivers(var about) -> new Answer.Drivers(drivers.answer(about, caller));
            case Question.Members _ -> staff.members();
            case Question.Retire asked -> staff.retire(asked);
            case Question.Rebalance _ -> staff.rebalance();
            case Question.Rebalancing _ -> staff.rebalancing();
            case Question.Demand(var status) -> staff.demand(status);
            case Question.Agree said -> throw alone(said);
        };
    }

    private Answer attached(Question.Attach attach) {
        int client = attach.client();
        requireSame(attach.handshake(), "the client " + client);
        if (attach.cluster() != log.cluster() || clients.proven(client, attach.token()).isEmpty())
            throw new QuiverException(
                    ErrorCode.UNAVAILABLE,
                    "the scheduler doesn't know this client any more",
                    List.of(),
                    "open another session; a scheduler keeps what it knows with --dir, and a client"
                            + " that is away for a minute");
        return new Answer.Done();
    }

    private Answer uploaded(Question.Upload upload) {
        clients.client(upload.client()).uploaded(upload.bundle(), upload.content());
        return new Answer.Done();
    }

    /// What was published, and where it is.
    private List<PublishedRows> frames() {
        var jobs = new PublishedJobs(workers.members());
        return shell.ask(jobs::of);
    }

    private Answer owner(String token) {
        Caller owner =
                tokens.owner(token)
                        .orElseThrow(() ->
                                new QuiverException(
                                        ErrorCode.ACCESS_DENIED,
                                        "the token is nobody's",
                                        List.of(),
                                        "give a token of this cluster"));
        return new Answer.Owner(owner.name(), List.copyOf(owner.rights()));
    }

    private static QuiverException alone(Question.Agree said) {
        return new QuiverException(
                ErrorCode.CONFIG_INVALID,
                "this scheduler is alone",
                List.of("the list: " + SchedulerAddress.text(said.schedulers())),
                "start it with --schedulers and this list, or leave it out there");
    }

    private Answer connect(Question.Connect connect) {
        requireSame(connect.handshake(), "the client '%s'".formatted(connect.name()));
        ClientPeer client =
                clients.connect(connect.name(), connect.leaseMillis(), connect.worker());
        return new Answer.Connected(
                Bytes.of(handshake.encode()),
                log.cluster(),
                client.number(),
                client.token(),
                clients.moreStages(client),
                schedulers);
    }

    private Answer join(Question.Join join) {
        requireSame(join.handshake(), "the worker '%s'".formatted(join.name()));
        int worker = join.worker();
        if (worker == Question.NEW) worker = workers.newNumber();
        else if (join.cluster() != log.cluster() || !workers.isNumber(worker))
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "the scheduler doesn't know worker " + worker,
                    List.of(),
                    "start the worker again; what it holds is of no use any more");
        return new Answer.Joined(
                Bytes.of(handshake.encode()),
                log.cluster(),
                worker,
                workers.newSession(worker),
                log.epoch(),
                node.id().toString(),
                List.of(discovery),
                clients.numbers(),
                schedulers);
    }

    /// Has a client send bundles.
    ///
    /// @throws Unavailable when it doesn't answer in time
    private Answer bundles(int client, List<Bytes> hashes) {
        ClientPeer peer = clients.client(client);
        var contents = new ArrayList<Bytes>();
        var waited = hashes.stream().map(peer::bundle).toList();
        try {
            for (CompletableFuture<Bytes> each : waited)
                contents.add(each.get(BUNDLE_SECONDS, TimeUnit.SECONDS));
        } catch (TimeoutException e) {
            throw new Unavailable(
                    peer + " doesn't send its classes",
                    List.of("waited: %d s".formatted(BUNDLE_SECONDS)),
                    "see that its process runs and reaches the scheduler",
                    e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the classes of " + peer, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while %s sent classes".formatted(peer), e);
        }
        return new Answer.Bundles(contents);
    }

    private void requireSame(Bytes theirs, String who) {
        handshake.requireSame(Handshake.decode(theirs.array()), who);
    }

    int workerCount() {
        return workers.members().size();
    }

    @Override
    public void close() {
        clock.close();
        clients.hangUp();
        node.close();
        drivers.close();
        clients.all().forEach(sessions::keep); // nobody waits for what is written by now
        sessions.close();
        shown.ifPresent(Dashboard.Shown::close);
        scratch.close();
        journal.ifPresent(JournalFile::close);
    }
}
