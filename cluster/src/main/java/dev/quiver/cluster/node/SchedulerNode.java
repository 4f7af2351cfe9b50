package dev.quiver.cluster.node;

import dev.quiver.client.HistorySettings;
import dev.quiver.cluster.control.QuiverVersion;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.data.DataSettings;
import dev.quiver.cluster.data.FlightEndpoints;
import dev.quiver.cluster.log.ClusterLog;
import dev.quiver.cluster.log.Replica;
import dev.quiver.cluster.log.VolatileLog;
import dev.quiver.cluster.security.Credentials;
import dev.quiver.cluster.security.Doorkeeper;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A scheduler in this process: workers and clients find it at one port.
public final class SchedulerNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SchedulerNode.class);
    private static final int PORTS_TRIED = 100;

    /// So long the port of a process that has just ended may still be busy.
    private static final long PORT_PATIENCE_NANOS = 10_000_000_000L;

    private final BufferAllocator allocator = new RootAllocator();
    private final CompletableFuture<Throwable> broken = new CompletableFuture<>();
    private final Setup setup;
    private final FlightEndpoints endpoints;
    private final Seat seat;
    private final SchedulerPort door;

    /// What a scheduler leaves behind for the next one.
    public sealed interface Keeping {
        /// Nothing: workers and clients end with it.
        record Nothing() implements Keeping {}

        /// Its jobs: a scheduler on the same directory and port goes on with them.
        record In(Path directory) implements Keeping {}

        /// Its jobs, on which several schedulers agree: one of them is active, and when it dies
        /// another one goes on, as long as more than half of them are there.
        ///
        /// @param directory of this one
        /// @param schedulers where they are all found, 3 or 5, the same in each
        record Among(Path directory, List<SchedulerAddress> schedulers) implements Keeping {
            private static final Set<Integer> COUNTS = Set.of(3, 5);

            /// @throws QuiverException ARGUMENT_INVALID when it is no list of 3 or 5
            public Among {
                schedulers = List.copyOf(schedulers);
                if (!COUNTS.contains(schedulers.size()))
                    throw new QuiverException(
                            ErrorCode.ARGUMENT_INVALID,
                            "%d schedulers can't agree".formatted(schedulers.size()),
                            List.of("they are: " + SchedulerAddress.text(schedulers)),
                            "name 3, of which one may fail, or 5, of which two may");
            }
        }
    }

    /// @param host the address that it listens on
    /// @param port where clients and workers find it; a busy one moves on to the next where nothing
    ///   is kept
    /// @param credentials which it needs where other machines reach it
    /// @param journal a directory for files of all that it is told and decides; empty for none
    /// @param history where sessions can be read that have ended, if they are to be kept; of one
    ///   that other machines reach in its directory, or as long as it runs
    public record Setup(
            String host,
            int port,
            Keeping keeping,
            Credentials credentials,
            Optional<Path> journal,
            HistorySettings history) {
        /// Of one without a journal, of whose sessions nothing is kept.
        public Setup(String host, int port, Keeping keeping, Credentials credentials) {
            this(host, port, keeping, credentials, Optional.empty(), HistorySettings.never());
        }

        /// Of one for this machine alone.
        public Setup(String host, int port, Keeping keeping) {
            this(host, port, keeping, Credentials.NONE);
        }

        /// Of one that keeps nothing.
        public Setup(String host, int port) {
            this(host, port, new Keeping.Nothing());
        }

        private SchedulerAddress address() {
            return new SchedulerAddress(host, port);
        }
    }

    /// Who answers at the port.
    private sealed interface Seat {
        /// The only scheduler there is.
        record Only(ActiveScheduler scheduler, ClusterLog log) implements Seat {}

        /// One of a list, which may be of one.
        record OneOf(Succession succession, SchedulerPeers peers) implements Seat {}
    }

    private SchedulerNode(Setup setup) {
        this.setup = setup;
        Doorkeeper doorkeeper =
                Doorkeeper.ofScheduler(Binding.requireScheduler(setup.host(), setup.credentials()));
        this.endpoints =
                FlightEndpoints.of(DataSettings.DEFAULTS, setup.credentials()).guarded(doorkeeper);
        this.seat =
                switch (setup.keeping()) {
                    case Keeping.Nothing _ -> only();
                    case Keeping.In(Path directory) ->
                            oneOf(directory, List.of(setup.address()), 0);
                    case Keeping.Among(Path directory, var schedulers) ->
                            oneOf(directory, schedulers, place(schedulers));
                };
        try {
            this.door = open();
        } catch (RuntimeException | Error e) {
            leave();
            throw e;
        }
    }

    private Seat only() {
        var log = new VolatileLog();
        return new Seat.Only(active(log, List.of(), this::brokeDown), log);
    }

    private ActiveScheduler active(
            ClusterLog log, List<SchedulerAddress> schedulers, Consumer<Throwable> brokeDown) {
        return new ActiveScheduler(setup, schedulers, log, brokeDown);
    }

    private Seat oneOf(Path directory, List<SchedulerAddress> schedulers, int self) {
        var succession = new AtomicReference<Succession>();
        var made =
                new Succession(
                        schedulers,
                        self,
                        log ->
                                active(
                                        log,
                                        schedulers,
                                        cause -> succession.get().brokeDown(log, cause)),
                        this::brokeDown);
        succession.set(made);
        var peers = new SchedulerPeers(schedulers, self, setup.credentials());
        try {
            made.start(
                    Replica.open(
                            directory,
                            QuiverVersion.text(),
                            members(schedulers),
                            self,
                            peers,
                            made));
            peers.start();
            if (schedulers.size() == 1) made.awaitActive();
        } catch (RuntimeException | Error e) {
            peers.close();
            made.close();
            throw e;
        }
        return new Seat.OneOf(made, peers);
    }

    /// As the log names them: one that is alone may come back at another address.
    private static List<String> members(List<SchedulerAddress> schedulers) {
        if (schedulers.size() == 1) return List.of("one alone");
        return schedulers.stream().map(SchedulerAddress::toString).toList();
    }

    private void brokeDown(Throwable cause) {
        LOG.error("the scheduler has failed", cause);
        broken.complete(cause);
    }

    private int place(List<SchedulerAddress> schedulers) {
        int place = schedulers.indexOf(setup.address());
        if (place >= 0) return place;
        throw new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "the scheduler at %s isn't one of its list".formatted(setup.address()),
                List.of("list: " + SchedulerAddress.text(schedulers)),
                "start it with the --host and --port by which the list names it");
    }

    /// Starts a scheduler.
    ///
    /// @throws Unavailable when no port is free
    /// @throws dev.quiver.error.QuiverException when its directory can't be used
    public static SchedulerNode start(Setup setup) {
        return new SchedulerNode(setup);
    }

    private SchedulerDoor.Office office() {
        return switch (seat) {
            case Seat.Only(var scheduler, _) -> scheduler;
            case Seat.OneOf(var succession, _) -> succession;
        };
    }

    private SchedulerPort open() {
        return switch (setup.keeping()) {
            case Keeping.Nothing _ -> openNear(setup);
            case Keeping.In _, Keeping.Among _ -> openAt(setup);
        };
    }

    private SchedulerPort openNear(Setup setup) {
        for (int port = setup.port(); port < setup.port() + PORTS_TRIED; port++) {
            try {
                return openAt(setup.host(), port);
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

    /// Workers and clients look for it there and nowhere else.
    private SchedulerPort openAt(Setup setup) {
        long from = System.nanoTime();
        while (true) {
            try {
                return openAt(setup.host(), setup.port());
            } catch (IOException e) {
                if (System.nanoTime() - from > PORT_PATIENCE_NANOS)
                    throw new Unavailable(
                            "port %d isn't free".formatted(setup.port()),
                            List.of("host: " + setup.host()),
                            "stop what uses it, or name another one with --port; a scheduler that"
                                    + " goes on needs the port of the one before",
                            e);
                pause(e);
            }
        }
    }

    private static void pause(IOException cause) {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", cause);
        }
    }

    private SchedulerPort openAt(String host, int port) throws IOException {
        var producer = new SchedulerDoor(allocator, this::office, endpoints);
        return SchedulerPort.open(endpoints, new SchedulerAddress(host, port), allocator, producer);
    }

    /// How many workers are there; 0 while another scheduler of its list is the active one.
    public int workerCount() {
        return switch (seat) {
            case Seat.Only(var scheduler, _) -> scheduler.workerCount();
            case Seat.OneOf(var succession, _) ->
                    succession.active().map(ActiveScheduler::workerCount).orElse(0);
        };
    }

    /// Whether it is the active one of its list.
    public boolean isActive() {
        return switch (seat) {
            case Seat.Only _ -> true;
            case Seat.OneOf(var succession, _) -> succession.active().isPresent();
        };
    }

    /// Where clients and workers find it.
    public SchedulerAddress place() {
        return door.address();
    }

    /// Where a browser shows what the cluster does: on this machine alone, or over TLS to those who
    /// prove who they are. Empty while this scheduler stands by.
    public Optional<URI> dashboard() {
        return switch (seat) {
            case Seat.Only(var scheduler, _) -> scheduler.dashboard();
            case Seat.OneOf(var succession, _) ->
                    succession.active().flatMap(ActiveScheduler::dashboard);
        };
    }

    /// What clients connect to, such as `quiver://127.0.0.1:8786`.
    public String address() {
        return "quiver://"
                + switch (setup.keeping()) {
                    case Keeping.Nothing _, Keeping.In _ -> place().toString();
                    case Keeping.Among(_, var schedulers) -> SchedulerAddress.text(schedulers);
                };
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
        door.close();
        leave();
        allocator.close();
    }

    private void leave() {
        switch (seat) {
            case Seat.Only(var scheduler, var log) -> {
                scheduler.close();
                log.close();
            }
            case Seat.OneOf(var succession, var peers) -> {
                succession.close();
                peers.close();
            }
        }
    }
}
