package dev.quiver.simulation;

import dev.quiver.graph.TaskKey;
import dev.quiver.protocol.Frame;
import dev.quiver.protocol.SchedulerMessage;
import dev.quiver.scheduler.state.OutputStatus;
import dev.quiver.scheduler.state.SchedulerSettings;
import dev.quiver.scheduler.state.SchedulerState;
import dev.quiver.worker.state.WorkerCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One life of a cluster: a scheduler, some workers, a user, accidents. Everything follows from the
/// seed.
///
/// Checked are the invariants of both state machines after each event, every output that is wanted
/// against its definition, that each failure has a reason, that everything ends, that nothing is
/// left behind, and that no more work was done than the accidents explain.
public final class Simulation {
    static final long LEASE_NANOS = 3_000 * Timeline.MILLI;
    private static final long REPLICA_NANOS = 3 * Timeline.MILLI;
    private static final long STRAGGLER_NANOS = 60 * Timeline.MILLI;
    private static final long END_NANOS = 400_000 * Timeline.MILLI;

    final SplittableRandom random;
    final Timeline timeline = new Timeline();
    final Trace trace;
    final Network network;
    final Scenario scenario;
    final Accidents accidents;
    final Failovers failovers;
    final SimulatedLog log = new SimulatedLog();
    final SimulatedClient client;

    /// The client wants stragglers to run a second time.
    final boolean speculates;

    int executions;

    private final TreeMap<Integer, SimulatedWorker> workers = new TreeMap<>();
    private final List<SimulatedScheduler> schedulers = new ArrayList<>();
    private final SchedulerSettings settings;
    private int nextWorker;

    /// So many workers are yet to retire.
    private int retirementsLeft;

    private long lastAccidentNanos;
    private boolean ended;

    /// What a run came to.
    ///
    /// @param events how many events the state machines took in
    /// @param hash of all events in order
    /// @param executions how many attempts ran
    /// @param tasks how many tasks there were
    /// @param replicasUsed how many replicas took the place of outputs that were lost
    public record Result(int events, long hash, int executions, int tasks, int replicasUsed) {}

    private Simulation(long seed, boolean traced) {
        this.random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L);
        this.trace = new Trace(traced);
        this.network = new Network(timeline, random);
        this.scenario = new Scenario(random);
        var usual = new Accidents(random);
        this.failovers = new Failovers(random, seed % 2 == 0);
        this.accidents = failovers.alone ? Accidents.none() : usual;
        this.client = new SimulatedClient(this);
        this.speculates = seed % 5 < 2;
        this.settings =
                SchedulerSettings.LOCAL
                        .withLease(LEASE_NANOS)
                        .withStealing(random.nextInt(4) > 0)
                        .withStragglers(STRAGGLER_NANOS)
                        .withReplicas(seed % 3 == 0 ? SchedulerSettings.NO_REPLICAS : REPLICA_NANOS)
                        .withGrace(
                                failovers.possible
                                        ? Failovers.GRACE_NANOS
                                        : SchedulerSettings.NO_FAILOVER);
        schedulers.add(new SimulatedScheduler(this, 0, settings));
    }

    /// The scheduler that came last.
    SimulatedScheduler scheduler() {
        return schedulers.getLast();
    }

    SimulatedScheduler scheduler(int epoch) {
        return schedulers.get(epoch);
    }

    /// Lives through the life that belongs to `seed`.
    ///
    /// @throws IllegalStateException when anything is wrong
    public static Result run(long seed) {
        return new Simulation(seed, false).run();
    }

    /// As [#run], and answers the last events as text, with what went wrong at the end.
    public static String tail(long seed) {
        var simulation = new Simulation(seed, true);
        String end;
        try {
            end = simulation.run().toString();
        } catch (IllegalStateException e) {
            var frames = new StringBuilder(e.toString());
            for (StackTraceElement frame : e.getStackTrace()) {
                frames.append("\n    at ").append(frame);
            }
            end = frames.toString();
        }
        return simulation.trace.tail() + "\n" + end;
    }

    private Result run() {
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
            join();
        }
        client.line.attach(scheduler());
        client.start();
        for (int i = failovers.left - failovers.waiting; i > 0; i--) {
            timeline.after(random.nextLong(3000 * Timeline.MILLI), this::endScheduler);
        }
        timeline.after(
                3000 * Timeline.MILLI,
                () -> {
                    while (failovers.waiting > 0) {
                        failovers.waiting--;
                        endScheduler();
                    }
                });
        if (failovers.possible && !failovers.alone && random.nextInt(2) == 0) {
            timeline.after(random.nextLong(3000 * Timeline.MILLI), this::breakConnection);
        }
        for (int i = accidents.crashesLeft; i > 0; i--) {
            timeline.after(random.nextLong(4000 * Timeline.MILLI), this::crash);
        }
        for (int i = accidents.pausesLeft; i > 0; i--) {
            timeline.after(random.nextLong(4000 * Timeline.MILLI), this::pause);
        }
        retirementsLeft = random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(3);
        for (int i = retirementsLeft; i > 0; i--) {
            timeline.after(random.nextLong(3500 * Timeline.MILLI), this::retire);
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            timeline.after(random.nextLong(3500 * Timeline.MILLI), () -> scheduler().rebalance());
        }
        timeline.after(1, this::look);
        while (timeline.step()) {
            if (timeline.now() > END_NANOS) {
                throw new IllegalStateException(
                        "no progress; %s; scheduler quiet=%s, workers quiet=%s, client quiet=%s"
                                .formatted(
                                        client.complaint(),
                                        scheduler().isQuiet(),
                                        allQuiet(),
                                        client.line.isQuiet()));
            }
        }
        checkBudgets();
        int used = schedulers.stream().mapToInt(s -> s.state().replicasUsed()).sum();
        return new Result(trace.count(), trace.hash(), executions, scenario.taskCount(), used);
    }

    boolean ended() {
        return ended;
    }

    /// What has just happened may be found out by a worker only so much later.
    private void accidentLasts(long nanos) {
        lastAccidentNanos = Math.max(lastAccidentNanos, timeline.now() + nanos);
    }

    void join() {
        int id = nextWorker++;
        workers.put(id, new SimulatedWorker(this, id));
        accidentLasts(0);
    }

    /// The user has said something.
    void said() {
        dieSoon(20);
    }

    private void dieSoon(int millis) {
        if (failovers.waiting > 0 && random.nextInt(3) == 0) {
            failovers.waiting--;
            timeline.after(random.nextLong(millis * Timeline.MILLI), this::endScheduler);
        }
    }

    /// The scheduler dies, or is only believed dead, and another takes over.
    private void endScheduler() {
        SimulatedScheduler old = scheduler();
        if (random.nextInt(3) > 0) {
            old.die();
        }
        if (!failovers.alone && random.nextInt(4) == 0) {
            crash();
        }
        timeline.after(1 + random.nextLong(2500 * Timeline.MILLI), this::takeOver);
    }

    private void takeOver() {
        failovers.left--;
        failovers.takeovers++;
        SimulatedScheduler old = scheduler();
        timeline.after(random.nextLong(8000 * Timeline.MILLI), old::die);
        accidentLasts(0);
        var next = new SimulatedScheduler(this, schedulers.size(), settings);
        schedulers.add(next);
        List<Integer> known =
                workers.values().stream().filter(w -> !w.isGone()).map(w -> w.id).toList();
        next.takeOver(log.open(next.epoch), random.nextInt(3) == 0 ? List.of() : known);
        for (SimulatedWorker worker : workers.values()) {
            boolean late = !failovers.alone && random.nextInt(8) == 0;
            long latest = (late ? 3 : 1) * Failovers.GRACE_NANOS / 2;
            timeline.after(1 + random.nextLong(latest), () -> worker.meet(next.epoch));
        }
        timeline.after(1 + random.nextLong(1500 * Timeline.MILLI), () -> client.line.attach(next));
    }

    private void breakConnection() {
        SimulatedWorker worker = anyWorker();
        if (worker != null) {
            worker.reconnect();
        }
    }

    private @Nullable SimulatedWorker anyWorker() {
        List<SimulatedWorker> alive = new ArrayList<>();
        for (SimulatedWorker worker : workers.values()) {
            if (!worker.isGone()) {
                alive.add(worker);
            }
        }
        return alive.isEmpty() ? null : alive.get(random.nextInt(alive.size()));
    }

    private void crash() {
        accidents.crashesLeft = Math.max(0, accidents.crashesLeft - 1);
        SimulatedWorker worker = anyWorker();
        if (worker == null) {
            return;
        }
        accidents.crashes++;
        worker.crash();
        dieSoon(700);
        accidentLasts(0);
        if (random.nextInt(3) > 0) {
            timeline.after(
                    1 + random.nextLong(300 * Timeline.MILLI),
                    () -> {
                        for (SimulatedScheduler scheduler : schedulers) {
                            if (scheduler.knows(worker.id)) {
                                scheduler.lost(worker.id);
                            }
                        }
                    });
        }
        timeline.after(1 + random.nextLong(1000 * Timeline.MILLI), this::join);
    }

    private void pause() {
        accidents.pausesLeft--;
        SimulatedWorker worker = anyWorker();
        if (worker != null) {
            accidents.pauses++;
            long nanos = random.nextLong(2 * LEASE_NANOS);
            worker.pause(nanos);
            accidentLasts(nanos);
            if (failovers.possible && random.nextInt(3) > 0) {
                timeline.after(random.nextLong(600 * Timeline.MILLI), this::crash);
            }
        }
    }

    /// A worker is to leave; another comes before or later.
    private void retire() {
        retirementsLeft--;
        SimulatedWorker worker = anyWorker();
        if (worker == null) {
            return;
        }
        worker.retire();
        accidentLasts(0);
        timeline.after(1 + random.nextLong(1000 * Timeline.MILLI), this::join);
    }

    /// A worker that was to leave does.
    void left(SimulatedWorker worker) {
        timeline.after(
                1 + random.nextLong(300 * Timeline.MILLI),
                () -> {
                    for (SimulatedScheduler scheduler : schedulers) {
                        if (scheduler.knows(worker.id)) {
                            scheduler.left(worker.id);
                        }
                    }
                });
    }

    void countLosses(int worker) {
        worker(worker).countLosses();
    }

    void deliver(int worker, Frame<SchedulerMessage> frame) {
        worker(worker).receive(frame);
    }

    private SimulatedWorker worker(int id) {
        SimulatedWorker worker = workers.get(id);
        if (worker == null) {
            throw new IllegalStateException("there never was a worker " + id);
        }
        return worker;
    }

    void serve(int holder, int asker, WorkerCommand.Fetch fetch) {
        worker(holder).serve(asker, fetch);
    }

    void supply(int asker, WorkerCommand.Fetch fetch, @Nullable Chunk chunk) {
        worker(asker).supply(fetch, chunk);
    }

    Chunk chunk(OutputStatus output, TaskKey task) {
        return worker(output.worker()).chunk(task.stage(), task.partition(), output.attempt());
    }

    /// Looks now and then whether everything is done; then checks it and has it all released.
    private void look() {
        boolean calm =
                accidents.over()
                        && failovers.left + retirementsLeft == 0
                        && workers.values().stream().noneMatch(SimulatedWorker::isToLeave)
                        && timeline.now() - lastAccidentNanos
                                > 3 * LEASE_NANOS + 1000 * Timeline.MILLI;
        if (!calm || !client.isSatisfied() || !scheduler().isQuiet() || !allQuiet()) {
            timeline.after(100 * Timeline.MILLI, this::look);
            return;
        }
        client.verify();
        checkHeld();
        client.releaseAll();
        timeline.after(1, this::lookForLeaks);
    }

    private void checkHeld() {
        long held = 0;
        for (SimulatedWorker worker : workers.values()) {
            held += worker.isGone() ? 0 : worker.state().heldCount();
        }
        SchedulerState state = scheduler().state();
        if (held != state.outputCount() + state.replicaCount()) {
            throw new IllegalStateException(
                    "workers hold %d outputs, the scheduler counts %d and %d replicas"
                            .formatted(held, state.outputCount(), state.replicaCount()));
        }
    }

    private void lookForLeaks() {
        boolean quiet = scheduler().isQuiet() && allQuiet() && client.line.isQuiet();
        if (!quiet || scheduler().state().stageCount() > 0) {
            if (timeline.now() > END_NANOS - 1000 * Timeline.MILLI) {
                throw new IllegalStateException("not quiet at the end: " + remains());
            }
            timeline.after(100 * Timeline.MILLI, this::lookForLeaks);
            return;
        }
        for (SimulatedWorker worker : workers.values()) {
            if (!worker.isGone()) {
                checkEmpty(worker);
            }
        }
        ended = true;
    }

    private String remains() {
        var text = new StringBuilder();
        for (int id : scenario.stageIds()) {
            scheduler().state().status(id).ifPresent(s -> text.append("\n").append(s));
        }
        for (SimulatedWorker worker : workers.values()) {
            if (!worker.isGone() && !worker.isQuiet()) {
                text.append("\nworker ").append(worker.id);
            }
        }
        return text.toString();
    }

    private boolean allQuiet() {
        return workers.values().stream().allMatch(w -> w.isGone() || w.isQuiet());
    }

    private static void checkEmpty(SimulatedWorker worker) {
        if (worker.chunkCount() > 0
                || worker.state().heldCount() > 0
                || worker.state().copyCount() > 0
                || worker.state().stageCount() > 0) {
            throw new IllegalStateException(
                    "worker %d is left with %d chunks, %d outputs, %d copies, %d stages"
                            .formatted(
                                    worker.id,
                                    worker.chunkCount(),
                                    worker.state().heldCount(),
                                    worker.state().copyCount(),
                                    worker.state().stageCount()));
        }
    }

    private void checkBudgets() {
        int lost = accidents.crashes + accidents.pauses;
        int seconds = schedulers.stream().mapToInt(s -> s.state().secondAttempts()).sum();
        boolean explained = failovers.late + failovers.resyncs + seconds == 0 && client.wasSimple();
        if (failovers.possible && explained && accidents.nothingHappened()) {
            failovers.checkNothingRanTwice();
        }
        if (accidents.expiries > lost && failovers.takeovers == 0) {
            throw new IllegalStateException(
                    "%d leases expired, but only %d workers crashed or paused"
                            .formatted(accidents.expiries, lost));
        }
        int again =
                Accidents.total(accidents.userErrors)
                        + Accidents.total(accidents.outOfMemory)
                        + scenario.taskCount()
                                * (lost
                                        + accidents.fetchesGivenUp
                                        + failovers.takeovers
                                        + failovers.resyncs);
        int late = client.wasSimple() ? 0 : 3 * scenario.taskCount();
        if (executions > scenario.taskCount() + again + late + seconds) {
            throw new IllegalStateException(
                    "%d executions of %d tasks".formatted(executions, scenario.taskCount()));
        }
    }
}
