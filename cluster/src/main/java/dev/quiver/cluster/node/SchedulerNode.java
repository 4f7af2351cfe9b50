package dev.quiver.cluster.node;

import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.Language;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.process.Drivers;
import dev.quiver.error.Unavailable;
import dev.quiver.operator.Bytes;
import dev.quiver.protocol.Inbox;
import dev.quiver.protocol.wire.Handshake;
import dev.quiver.scheduler.server.SchedulerShell;
import dev.quiver.scheduler.state.SchedulerSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.FlightServer;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A scheduler in this process: workers and clients find it at one port.
public final class SchedulerNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SchedulerNode.class);
    private static final long LEASE_NANOS = 10_000_000_000L;
    private static final long TICK_MILLIS = 500;
    private static final int PORTS_TRIED = 100;
    private static final long PATIENCE_SECONDS = 5;
    private static final long BUNDLE_SECONDS = 10;

    private final Handshake handshake = Language.handshake();
    private final AlarmClock clock = new AlarmClock("quiver-scheduler-clock");
    private final BufferAllocator allocator = new RootAllocator();
    private final CompletableFuture<Throwable> broken = new CompletableFuture<>();
    private final String discovery;
    private final IgniteNode node;
    private final ClientPeers clients;
    private final WorkerPeers workers;
    private final SchedulerShell shell;
    private final ScratchDirectory scratch = ScratchDirectory.make("quiver-scheduler");
    private final Drivers drivers;
    private final FlightServer door;

    /// @param host the address that it listens on
    /// @param port where clients and workers find it; a busy one moves on to the next
    public record Setup(String host, int port) {}

    private SchedulerNode(Setup setup) {
        Loopback.require(setup.host());
        int discoveryPort = freePort(setup.host());
        this.discovery = setup.host() + ":" + discoveryPort;
        this.node =
                IgniteNode.start(
                        new IgniteNode.Setup(
                                IgniteNode.Role.SCHEDULER,
                                "scheduler",
                                setup.host(),
                                List.of(discovery),
                                discoveryPort));
        var codes = new CodeStore();
        var attachments = new AttachmentStore();
        this.clients = new ClientPeers(codes, attachments, broken::complete);
        var alarm = clock.alarm(() -> nudge());
        this.shell =
                new SchedulerShell(
                        SchedulerSettings.LOCAL.withLease(LEASE_NANOS),
                        clients,
                        clock::nanos,
                        alarm::set,
                        Inbox.Relief.NONE);
        this.workers = new WorkerPeers(node, codes, attachments, shell, clients);
        this.drivers = new Drivers(scratch.path(), workers::tell);
        workers.start(watcher());
        clock.every(TICK_MILLIS, workers::tick);
        this.door = open(setup);
    }

    /// Starts a scheduler.
    ///
    /// @throws Unavailable when no port is free
    public static SchedulerNode start(Setup setup) {
        return new SchedulerNode(setup);
    }

    private WorkerPeers.Watcher watcher() {
        return new WorkerPeers.Watcher() {
            @Override
            public void joined(int worker) {
                drivers.joined(worker);
            }

            @Override
            public void lost(int worker) {
                drivers.lost(worker);
            }
        };
    }

    private void nudge() {
        shell.nudge();
    }

    private static int freePort(String host) {
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName(host))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("looking for a free port of " + host, e);
        }
    }

    private FlightServer open(Setup setup) {
        var producer =
                new SchedulerDoor(
                        allocator, clients, this::answer, shell::nudge, workers::forgetClient);
        for (int port = setup.port(); port < setup.port() + PORTS_TRIED; port++) {
            try {
                return FlightServer.builder(
                                allocator, Location.forGrpcInsecure(setup.host(), port), producer)
                        .build()
                        .start();
            } catch (IOException e) {
                LOG.debug("port {} is busy", port, e);
            }
        }
        throw new Unavailable(
                "no port from %d to %d is free"
                        .formatted(setup.port(), setup.port() + PORTS_TRIED - 1),
                List.of("host: " + setup.host()),
                "name another one with --port");
    }

    private Answer answer(Question question) {
        return switch (question) {
            case Question.Join(var theirs, var name) -> {
                requireSame(theirs, "the worker '%s'".formatted(name));
                yield new Answer.Joined(
                        Bytes.of(handshake.encode()), workers.newNumber(), List.of(discovery));
            }
            case Question.Connect(var theirs, var name) -> {
                requireSame(theirs, "the client '%s'".formatted(name));
                ClientPeer client = clients.connect(name, workers::addresses);
                yield new Answer.Connected(
                        Bytes.of(handshake.encode()), client.number(), clients.moreStages(client));
            }
            case Question.MoreStages(int client) ->
                    new Answer.Stages(clients.moreStages(clients.client(client)));
            case Question.Bundles(int client, var bundles) -> bundles(client, bundles);
            case Question.Upload(int client, var bundle, var content) -> {
                clients.client(client).uploaded(bundle, content);
                yield new Answer.Done();
            }
            case Question.Statuses(var stages) ->
                    new Answer.Statuses(
                            shell.ask(state ->
                                    stages.stream()
                                            .flatMap(s -> state.status(s).stream())
                                            .toList()));
            case Question.Story(var task) ->
                    new Answer.Story(shell.ask(state -> state.story(task)));
            case Question.Output(var task) ->
                    new Answer.Output(shell.ask(state -> state.output(task)));
            case Question.Usage _ -> usage();
            case Question.Drivers(var about) -> new Answer.Drivers(drivers.answer(about));
            case Question.Members _ -> new Answer.Members(workers.members(), clients.count());
        };
    }

    /// Has a client send bundles; none for what it doesn't send in time.
    private Answer bundles(int client, List<Bytes> hashes) {
        ClientPeer peer = clients.client(client);
        var contents = new ArrayList<Bytes>();
        var waited = hashes.stream().map(peer::bundle).toList();
        for (CompletableFuture<Bytes> each : waited)
            contents.add(
                    each.copy()
                            .completeOnTimeout(Bytes.NONE, BUNDLE_SECONDS, TimeUnit.SECONDS)
                            .join());
        return new Answer.Bundles(contents);
    }

    private void requireSame(Bytes theirs, String who) {
        handshake.requireSame(Handshake.decode(theirs.array()), who);
    }

    private Answer usage() {
        int slots = 0;
        int busy = 0;
        long memory = 0;
        long memoryMax = 0;
        for (Answer.Member member : workers.members()) {
            slots += member.slots();
            busy += member.slotsBusy();
            memory += member.memoryBytes();
            memoryMax += member.memoryBytesMax();
        }
        return new Answer.Usage(slots, busy, memory, memoryMax);
    }

    /// How many workers are there.
    public int workerCount() {
        return workers.members().size();
    }

    /// Where clients and workers find it.
    public SchedulerAddress place() {
        return new SchedulerAddress(door.getLocation().getUri().getHost(), door.getPort());
    }

    /// What clients connect to, such as `quiver://127.0.0.1:8786`.
    public String address() {
        return "quiver://" + place();
    }

    /// Calls `action` when it is of no use any more.
    public void onBroken(Runnable action) {
        var _ = broken.thenRun(action);
    }

    public boolean isBroken() {
        return broken.isDone();
    }

    @Override
    public void close() {
        clock.close();
        try {
            door.shutdown();
            if (!door.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) door.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        node.close();
        drivers.close();
        scratch.close();
        allocator.close();
    }
}
