package dev.quiver.cluster.node;

import dev.quiver.cluster.control.QuiverVersion;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.data.DataSettings;
import dev.quiver.cluster.data.FlightEndpoints;
import dev.quiver.cluster.log.ClusterLog;
import dev.quiver.cluster.log.DiskLog;
import dev.quiver.cluster.log.VolatileLog;
import dev.quiver.cluster.security.Credentials;
import dev.quiver.cluster.security.Doorkeeper;
import dev.quiver.error.Unavailable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
    private final FlightEndpoints endpoints;
    private final ClusterLog log;
    private final ActiveScheduler active;
    private final SchedulerPort door;

    /// What a scheduler leaves behind for the next one.
    public sealed interface Keeping {
        /// Nothing: workers and clients end with it.
        record Nothing() implements Keeping {}

        /// Its jobs: a scheduler on the same directory and port goes on with them.
        record In(Path directory) implements Keeping {}
    }

    /// @param host the address that it listens on
    /// @param port where clients and workers find it; a busy one moves on to the next where nothing
    ///   is kept
    /// @param credentials which it needs where other machines reach it
    public record Setup(String host, int port, Keeping keeping, Credentials credentials) {
        /// Of one for this machine alone.
        public Setup(String host, int port, Keeping keeping) {
            this(host, port, keeping, Credentials.NONE);
        }

        /// Of one that keeps nothing.
        public Setup(String host, int port) {
            this(host, port, new Keeping.Nothing());
        }
    }

    private SchedulerNode(Setup setup) {
        Doorkeeper doorkeeper =
                Doorkeeper.ofScheduler(Binding.requireScheduler(setup.host(), setup.credentials()));
        this.endpoints =
                FlightEndpoints.of(DataSettings.DEFAULTS, setup.credentials()).guarded(doorkeeper);
        this.log =
                switch (setup.keeping()) {
                    case Keeping.Nothing _ -> new VolatileLog();
                    case Keeping.In(Path directory) ->
                            DiskLog.open(directory, QuiverVersion.text());
                };
        try {
            this.active =
                    new ActiveScheduler(setup.host(), setup.credentials(), log, broken::complete);
        } catch (RuntimeException | Error e) {
            log.close();
            throw e;
        }
        try {
            this.door = open(setup);
        } catch (RuntimeException | Error e) {
            active.close();
            log.close();
            throw e;
        }
    }

    /// Starts a scheduler.
    ///
    /// @throws Unavailable when no port is free
    /// @throws dev.quiver.error.QuiverException when its directory can't be used
    public static SchedulerNode start(Setup setup) {
        return new SchedulerNode(setup);
    }

    private SchedulerPort open(Setup setup) {
        return switch (setup.keeping()) {
            case Keeping.Nothing _ -> openNear(setup);
            case Keeping.In _ -> openAt(setup);
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
        var producer = new SchedulerDoor(allocator, active);
        return SchedulerPort.open(endpoints, new SchedulerAddress(host, port), allocator, producer);
    }

    /// How many workers are there.
    public int workerCount() {
        return active.workerCount();
    }

    /// Where clients and workers find it.
    public SchedulerAddress place() {
        return door.address();
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
        door.close();
        active.close();
        log.close();
        allocator.close();
    }
}
