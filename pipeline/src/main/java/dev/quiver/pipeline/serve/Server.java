package dev.quiver.pipeline.serve;

import dev.quiver.client.Session;
import dev.quiver.error.QuiverException;
import dev.quiver.pipeline.Pipeline;
import dev.quiver.pipeline.RowCounts;
import dev.quiver.pipeline.RunEnd;
import dev.quiver.pipeline.RunStart;
import dev.quiver.pipeline.alert.AlertBook;
import dev.quiver.pipeline.alert.AlertChannel;
import dev.quiver.pipeline.alert.AlertDesk;
import dev.quiver.pipeline.alert.Lateness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// Runs pipelines by their schedules until it is closed.
///
/// A firing is written down before its run begins and crossed out when it has ended, so a server
/// that was killed goes on with what it was at; a run that didn't end goes on where it was. What
/// becomes of one pipeline doesn't touch the others, nor the server.
public final class Server implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("dev.quiver.serve");
    private static final Duration LATENESS_LOOKS = Duration.ofSeconds(5);
    private static final Duration INTERRUPTED_MAX = Duration.ofSeconds(10);

    private final Session session;
    private final Surroundings surroundings;
    private final Served served;
    private final ServerLock lock;
    private final AlertDesk desk;
    private final List<Lane> lanes = new ArrayList<>();
    private final Thread loop;
    private final CountDownLatch ended = new CountDownLatch(1);
    private Instant lookedForLateness = Instant.EPOCH;
    private volatile boolean stopping;

    private Server(Served served, Session session, Surroundings surroundings, ServerLock lock) {
        this.served = served;
        this.session = session;
        this.surroundings = surroundings;
        this.lock = lock;
        var channels = new ArrayList<>(served.channels());
        if (channels.isEmpty()) channels.add(AlertChannel.log());
        this.desk = AlertDesk.of(channels, new Book(served.directory()), surroundings.clock());
        this.loop = Thread.ofPlatform().name("quiver-serve").daemon().unstarted(this::loop);
    }

    static Server start(Served served, Session session, Surroundings surroundings) {
        Map<String, Served.Entry> entries = served.checked();
        ServerLock lock = ServerLock.hold(served.directory());
        boolean started = false;
        try {
            var server = new Server(served, session, surroundings, lock);
            for (Served.Entry entry : entries.values())
                server.lanes.add(Lane.open(entry, memo(served.directory(), entry.name())));
            for (Lane lane : server.lanes) server.resume(lane);
            server.loop.start();
            started = true;
            return server;
        } finally {
            if (!started) release(lock);
        }
    }

    private static MemoFile memo(Path directory, String name) {
        return new MemoFile(directory.resolve(name + ".json"));
    }

    private static void release(ServerLock lock) {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException("can't give back the directory of a server", e);
        }
    }

    /// Keeps on the disk which alerts are on.
    private record Book(Path directory) implements AlertBook {
        private MemoFile file() {
            return new MemoFile(directory.resolve("alerts+open.json"));
        }

        @Override
        public Set<String> open() {
            Set<String> open = new TreeSet<>();
            if (file().read().get("open") instanceof List<?> list)
                for (Object one : list) open.add(one.toString());
            return open;
        }

        @Override
        public void keep(Set<String> open) {
            file().write(Map.of("open", List.copyOf(open)));
        }
    }

    /// Takes up what an earlier server was at.
    private void resume(Lane lane) {
        Instant now = surroundings.clock().instant();
        try {
            Optional<Firing> first = lane.course().memo().waiting().stream().findFirst();
            if (first.isPresent() && first.get().hasBegun()) {
                Pipeline pipeline = lane.schedule().applied(lane.pipeline(), first.get().due());
                boolean isDone = pipeline.lastRun() > first.get().endedBefore();
                if (isDone && !pipeline.isUnfinished()) {
                    // Its process was killed between the run's end and writing that down.
                    hearOfEnd(lane, now);
                    lane.course().end(Optional.of(now), false);
                } else {
                    lane.course().resume(now);
                }
            } else if (!lane.schedule().hasParameters() && lane.pipeline().isUnfinished()) {
                lane.course().resume(now);
            }
            lane.keep();
        } catch (QuiverException e) {
            LOG.warn("can't tell whether '{}' has a run that goes on: {}", lane.name(), e.what());
        }
    }

    private void hearOfEnd(Lane lane, Instant now) {
        for (Lane other : lanes) if (other.course().heard(lane.name(), now)) other.keep();
    }

    private void loop() {
        LOG.info("serving {} from {}", String.join(", ", served.names()), served.directory());
        try {
            while (!stopping) {
                try {
                    tick();
                } catch (RuntimeException e) {
                    LOG.error("the server goes on after: {}", e.getMessage(), e);
                }
                Thread.sleep(surroundings.tick());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // by stop()
        }
    }

    private synchronized void tick() {
        Instant now = surroundings.clock().instant();
        for (Lane lane : lanes) {
            try {
                if (lane.course().look(now)) lane.keep();
                if (!lane.isLooking() && lane.course().isTimeToLook(now)) look(lane);
            } catch (RuntimeException e) {
                LOG.error("can't look after '{}': {}", lane.name(), e.getMessage(), e);
            }
        }
        for (Lane lane : lanes) if (mayBegin(lane)) begin(lane);
        if (Duration.between(lookedForLateness, now).abs().compareTo(LATENESS_LOOKS) < 0) return;
        lookedForLateness = now;
        for (Lane lane : lanes) {
            Memo memo = lane.course().memo();
            Optional<Instant> due = memo.waiting().stream().findFirst().map(Firing::due);
            Path ledger = lane.pipeline().ledgerDirectory();
            desk.look(new Lateness(lane.name(), ledger, now, due, memo.done()), lane.alerts());
        }
    }

    /// Looks for files, which may take a while, in a thread of its own.
    private void look(Lane lane) {
        if (!(lane.schedule().timing() instanceof Timing.Arrival(String files, _))) return;
        lane.looks(true);
        Thread.ofVirtual()
                .name("quiver-arrivals-" + lane.name())
                .start(() -> {
                    SortedMap<String, String> found = new TreeMap<>();
                    boolean isKnown = false;
                    try {
                        found = Arrivals.of(files);
                        isKnown = true;
                    } catch (IOException | RuntimeException e) {
                        LOG.warn("can't look for '{}': {}", files, e.getMessage());
                    }
                    arrived(lane, found, isKnown);
                });
    }

    private synchronized void arrived(Lane lane, SortedMap<String, String> found, boolean isKnown) {
        lane.looks(false);
        if (stopping || !isKnown) return;
        if (lane.course().arrived(surroundings.clock().instant(), found)) lane.keep();
    }

    private boolean mayBegin(Lane lane) {
        if (stopping || lane.course().next().isEmpty()) return false;
        long running = lanes.stream().filter(other -> other.course().isRunning()).count();
        if (running >= served.runsAtOnce()) return false;
        if (lane.schedule().timing() instanceof Timing.Behind) return true;
        for (Lane before : lanes) {
            if (!lane.pipeline().runsAfter().contains(before.name())) continue;
            if (before.course().isBusy()) return false;
            if (!before.course().memo().failed()) continue;
            LOG.warn("'{}' is left out, because '{}' failed", lane.name(), before.name());
            lane.course().drop();
            lane.keep();
            return false;
        }
        return true;
    }

    private void begin(Lane lane) {
        Firing firing = lane.course().next().orElseThrow();
        try {
            Pipeline pipeline = lane.schedule().applied(lane.pipeline(), firing.due());
            lane.course().begin(pipeline.lastRun());
            lane.keep();
            var watch = new Lane.Watch(() -> stopping);
            Pipeline watched = pipeline.triggeredBy(firing.trigger()).observer(watch);
            Thread thread =
                    Thread.ofPlatform()
                            .name("quiver-run-" + lane.name())
                            .daemon()
                            .unstarted(() -> run(lane, watched, watch));
            lane.runs(watch, thread);
            thread.start();
        } catch (RuntimeException e) {
            // Somebody else runs it, or its ledger can't be read: this firing is over.
            if (!lane.course().isRunning()) lane.course().begin(0);
            end(lane, Optional.of(unbegun(lane, firing, e)), false);
        }
    }

    private RunEnd unbegun(Lane lane, Firing firing, RuntimeException thrown) {
        LOG.error("'{}' can't run: {}", lane.name(), thrown.getMessage());
        Instant now = surroundings.clock().instant();
        var start =
                new RunStart(
                        lane.name(),
                        lane.name(),
                        lane.pipeline().ledgerDirectory(),
                        firing.trigger(),
                        new TreeMap<>(),
                        now,
                        false);
        return new RunEnd(
                start,
                now,
                RunEnd.State.FAILED,
                RowCounts.NONE,
                List.of(),
                0,
                0,
                List.of(),
                Optional.of(RunEnd.Failure.of(thrown)));
    }

    /// Runs a pipeline; in a thread of its own.
    private void run(Lane lane, Pipeline pipeline, Lane.Watch watch) {
        Firing firing = lane.course().memo().waiting().getFirst();
        Optional<RunEnd> end = Optional.empty();
        try {
            MDC.put("pipeline", lane.name());
            LOG.info("'{}' begins: {}", lane.name(), firing.trigger());
            var _ = pipeline.run(session);
            end = watch.end();
        } catch (RuntimeException e) {
            end = watch.end().or(() -> Optional.of(unbegun(lane, firing, e)));
        } catch (Error e) {
            LOG.error("'{}' broke, and the others go on", lane.name(), e);
            var broken = new IllegalStateException("it broke: " + e, e);
            end = Optional.of(unbegun(lane, firing, broken));
        } finally {
            ended(lane, pipeline, end);
        }
    }

    private void ended(Lane lane, Pipeline pipeline, Optional<RunEnd> end) {
        boolean isUnfinished = false;
        boolean isDone = end.isPresent() && end.get().state() == RunEnd.State.DONE;
        try {
            isUnfinished = !isDone && lane.schedule().hasParameters() && pipeline.isUnfinished();
        } catch (RuntimeException e) {
            LOG.warn("can't tell whether '{}' goes on: {}", lane.name(), e.getMessage());
        }
        end(lane, end, isUnfinished);
    }

    private synchronized void end(Lane lane, Optional<RunEnd> end, boolean keeps) {
        lane.ended(end);
        RunEnd.State state = end.map(RunEnd::state).orElse(RunEnd.State.FAILED);
        Instant now = surroundings.clock().instant();
        try {
            if (state == RunEnd.State.STOPPED) {
                lane.course().stop();
                LOG.info("'{}' stopped, and goes on with the next server", lane.name());
                return;
            }
            boolean isDone = state == RunEnd.State.DONE;
            if (isDone) hearOfEnd(lane, now);
            lane.course().end(isDone ? Optional.of(now) : Optional.empty(), keeps);
            lane.keep();
        } catch (RuntimeException e) {
            LOG.error("can't write down the end of '{}': {}", lane.name(), e.getMessage(), e);
        } finally {
            end.ifPresent(run -> tell(lane, run));
            notifyAll();
        }
    }

    private void tell(Lane lane, RunEnd run) {
        desk.judge(run, lane.alerts());
    }

    /// How each pipeline stands, in the order in which they were said.
    public synchronized List<PipelineStatus> status() {
        return lanes.stream().map(Lane::status).toList();
    }

    /// Waits until it is closed.
    public void await() throws InterruptedException {
        ended.await();
    }

    /// Begins nothing more, lets runs come behind the unit that they are at, and ends. What didn't
    /// end goes on with the next server. Closing again does nothing.
    @Override
    public void close() {
        synchronized (this) {
            if (stopping) return;
            stopping = true;
        }
        loop.interrupt();
        if (!isQuiet(served.graceMax())) {
            LOG.warn("runs take longer than {}: their units are given up", served.graceMax());
            List<Thread> threads;
            synchronized (this) {
                threads = lanes.stream().flatMap(lane -> lane.thread().stream()).toList();
            }
            threads.forEach(Thread::interrupt);
            if (!isQuiet(INTERRUPTED_MAX)) LOG.warn("runs don't heed that they were interrupted");
        }
        desk.close();
        release(lock);
        ended.countDown();
    }

    /// Waits until nothing runs.
    private synchronized boolean isQuiet(Duration atMost) {
        long until = System.nanoTime() + atMost.toNanos();
        while (lanes.stream().anyMatch(lane -> lane.course().isRunning())) {
            long left = until - System.nanoTime();
            if (left <= 0) return false;
            try {
                wait(Math.max(1, left / 1_000_000));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }
}
