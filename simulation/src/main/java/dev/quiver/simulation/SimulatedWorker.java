package dev.quiver.simulation;

import dev.quiver.graph.Region;
import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskKey;
import dev.quiver.protocol.Failure;
import dev.quiver.protocol.Frame;
import dev.quiver.protocol.InputRun;
import dev.quiver.protocol.Link;
import dev.quiver.protocol.SchedulerMessage;
import dev.quiver.protocol.WorkerMessage;
import dev.quiver.worker.state.WorkerCommand;
import dev.quiver.worker.state.WorkerEvent;
import dev.quiver.worker.state.WorkerSettings;
import dev.quiver.worker.state.WorkerState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// A worker process: the state machine, the chunks it holds, and tasks that take time.
final class SimulatedWorker {
    /// What a worker says on its link: first that it is there, then reports.
    sealed interface Word {
        record Hello(int slots, long memoryBytes) implements Word {}

        record Reports(List<WorkerMessage> messages) implements Word {}
    }

    private record Running(Chunk result, long startedNanos) {}

    private record Name(int stage, int partition, int attempt, int slice)
            implements Comparable<Name> {
        @Override
        public int compareTo(Name other) {
            int order = Integer.compare(stage, other.stage);
            order = order != 0 ? order : Integer.compare(partition, other.partition);
            order = order != 0 ? order : Integer.compare(attempt, other.attempt);
            return order != 0 ? order : Integer.compare(slice, other.slice);
        }
    }

    /// Outputs have this slice.
    private static final int OWN = -2;

    private static final long TICK_NANOS = 60 * Timeline.MILLI;
    private static final long MEMORY_BYTES = 100L << 20;

    final int id;
    private final Simulation world;
    private final WorkerState state;
    private final int slots;

    /// The link of each session that isn't void, by its number.
    private final TreeMap<Long, Link<Word, SchedulerMessage>> links = new TreeMap<>();

    private Link<Word, SchedulerMessage> link;
    private long session;
    private int sessions;
    private int epoch;
    private final TreeMap<Name, Chunk> chunks = new TreeMap<>();
    private final TreeMap<Name, Running> running = new TreeMap<>();
    private final TreeSet<Long> executed = new TreeSet<>();
    private final ArrayDeque<Runnable> whilePaused = new ArrayDeque<>();
    private final int slowness;
    private List<WorkerMessage> reports = new ArrayList<>();
    private long heardNanos;
    private boolean gone;
    private boolean paused;

    /// Is to leave.
    private boolean retiring;

    SimulatedWorker(Simulation world, int id) {
        this.world = world;
        this.id = id;
        this.slots = 1 + world.random.nextInt(3);
        this.slowness = world.random.nextInt(4) == 0 ? 2 + world.random.nextInt(12) : 1;
        this.state =
                new WorkerState(
                        new WorkerSettings(id, slots, MEMORY_BYTES, true, 700 * Timeline.MILLI));
        on(new WorkerEvent.Ticked(world.timeline.now()));
        this.link = connect(world.scheduler().epoch);
        world.timeline.after(TICK_NANOS, this::tick);
    }

    /// Begins a session with the scheduler of an epoch. What one of a replaced scheduler says still
    /// arrives.
    private Link<Word, SchedulerMessage> connect(int number) {
        links.keySet().removeIf(s -> number == epochOf(s));
        epoch = number;
        session = ((long) number << 40) | (++sessions << 20) | id;
        var next =
                new Link<Word, SchedulerMessage>(
                        session,
                        250 * Timeline.MILLI,
                        frame ->
                                world.network.send(
                                        () -> world.scheduler(number).receive(id, frame)),
                        message -> on(new WorkerEvent.SchedulerSaid(number, message)));
        links.put(session, next);
        link = next;
        heardNanos = world.timeline.now();
        next.send(new Word.Hello(slots, MEMORY_BYTES), world.timeline.now());
        if (world.failovers.possible) {
            reports.clear();
            on(new WorkerEvent.SessionBegan(number));
        }
        return next;
    }

    private static int epochOf(long session) {
        return (int) (session >>> 40);
    }

    /// There is a scheduler of another epoch.
    void meet(int number) {
        here(() -> {
            if (number > epoch) {
                connect(number);
            }
        });
    }

    /// The connection breaks.
    void reconnect() {
        here(() -> {
            world.failovers.resyncs++;
            connect(Math.max(epoch, world.scheduler().epoch));
        });
    }

    WorkerState state() {
        return state;
    }

    /// It is to leave.
    void retire() {
        retiring = true;
        here(() -> on(new WorkerEvent.Retiring()));
    }

    boolean isToLeave() {
        return retiring && !gone;
    }

    boolean isGone() {
        return gone;
    }

    boolean isQuiet() {
        return state.isIdle() && link.isQuiet();
    }

    int chunkCount() {
        return chunks.size();
    }

    /// The output of an attempt that this worker holds.
    Chunk chunk(int stage, int partition, int attempt) {
        Chunk chunk = chunks.get(new Name(stage, partition, attempt, OWN));
        if (chunk == null) {
            throw new IllegalStateException(
                    "worker %d doesn't hold %d/%d of attempt %d, as the scheduler believes"
                            .formatted(id, stage, partition, attempt));
        }
        return chunk;
    }

    /// The process ends here and now.
    void crash() {
        gone = true;
    }

    /// It may leave, and does when what it has said so far was said.
    private void leave() {
        if (!retiring) {
            throw new IllegalStateException("worker %d is told to leave".formatted(id));
        }
        world.left(this);
        gone = true;
    }

    /// The scheduler counts this worker as lost.
    void countLosses() {
        for (long task : executed) {
            Accidents.count(world.accidents.losses, task);
        }
        executed.clear();
    }

    /// Nothing happens here for some time.
    void pause(long nanos) {
        if (paused) {
            return;
        }
        paused = true;
        world.timeline.after(
                nanos,
                () -> {
                    paused = false;
                    while (!whilePaused.isEmpty() && !gone) {
                        whilePaused.remove().run();
                    }
                });
    }

    private void here(Runnable action) {
        if (gone) {
            return;
        }
        if (paused) {
            whilePaused.add(action);
            return;
        }
        action.run();
    }

    void receive(Frame<SchedulerMessage> frame) {
        here(() -> {
            if (frame.session() == session) {
                heardNanos = world.timeline.now();
            }
            Link<Word, SchedulerMessage> of = links.get(frame.session());
            if (of != null) {
                of.receive(frame, world.timeline.now());
            }
        });
    }

    private void tick() {
        if (gone || world.ended()) {
            return;
        }
        world.timeline.after(TICK_NANOS, this::tick);
        here(() -> {
            long now = world.timeline.now();
            boolean unheard = now - heardNanos > Simulation.LEASE_NANOS + 1000 * Timeline.MILLI;
            if (unheard && world.failovers.possible && world.random.nextInt(4) > 0) {
                reconnect();
                return;
            }
            if (unheard) {
                world.accidents.restarts++;
                crash(); // the scheduler doesn't know this one any more
                world.join();
                return;
            }
            on(new WorkerEvent.Ticked(now));
            if (world.random.nextInt(40) == 0) {
                on(new WorkerEvent.MemoryChanged((long) world.random.nextInt(120) << 20));
            }
            link.tick(now);
        });
    }

    private void on(WorkerEvent event) {
        world.trace.add(world.timeline.now(), "worker", id, event);
        state.on(event, this::perform);
        state.checkInvariants();
        if (!reports.isEmpty()) {
            List<WorkerMessage> said = reports;
            reports = new ArrayList<>();
            link.send(new Word.Reports(said), world.timeline.now());
        }
    }

    private void perform(WorkerCommand command) {
        switch (command) {
            case WorkerCommand.Report(WorkerMessage message) -> reports.add(message);
            case WorkerCommand.OpenStage _, WorkerCommand.CloseStage _ -> {}
            case WorkerCommand.Execute task -> execute(task);
            case WorkerCommand.Resume r ->
                    resume(new Name(r.stage(), r.partition(), r.attempt(), OWN));
            case WorkerCommand.Interrupt i -> interrupt(i);
            case WorkerCommand.Fetch f -> fetch(f);
            case WorkerCommand.DropInput d ->
                    chunks.remove(new Name(d.stage(), d.partition(), d.attempt(), d.slice()));
            case WorkerCommand.DropOutput d ->
                    chunks.remove(new Name(d.stage(), d.partition(), d.attempt(), OWN));
            case WorkerCommand.KeepInput k -> keep(k);
            case WorkerCommand.Leave() -> leave();
        }
    }

    private void keep(WorkerCommand.KeepInput k) {
        var name = new Name(k.stage(), k.partition(), k.attempt(), WorkerCommand.WHOLE);
        Chunk copy = chunks.get(name);
        if (copy == null) {
            throw new IllegalStateException(
                    "worker %d keeps %s, which isn't here".formatted(id, name));
        }
        chunks.put(new Name(k.stage(), k.partition(), k.attempt(), OWN), copy);
    }

    private void execute(WorkerCommand.Execute task) {
        world.executions++;
        long key = TaskKey.pack(task.stage(), task.partition());
        executed.add(key);
        // how many rows a limited stage had is forgotten with what was released of it
        boolean certain = world.scenario.stage(task.stage()).rowsMax() == 0;
        world.failovers.started(key, certain && world.log.knows(task.stage(), task.partition()));
        var name = new Name(task.stage(), task.partition(), task.attempt(), OWN);
        long now = world.timeline.now();
        if (running.put(name, new Running(compute(task), now)) != null) {
            throw new IllegalStateException("worker %d runs %s twice".formatted(id, name));
        }
        long nanos = (1 + world.random.nextLong(50)) * slowness * Timeline.MILLI;
        if (world.random.nextInt(10) == 0) {
            world.timeline.after(nanos, () -> here(() -> giveSlotBack(name)));
            return;
        }
        world.timeline.after(nanos, () -> here(() -> end(name)));
    }

    /// The task waits for something, and goes on when it is told so.
    private void giveSlotBack(Name name) {
        if (!running.containsKey(name)) {
            return; // interrupted
        }
        on(new WorkerEvent.Yielded(name.stage(), name.partition(), name.attempt()));
        long nanos = (1 + world.random.nextLong(80)) * Timeline.MILLI;
        world.timeline.after(
                nanos,
                () ->
                        here(() -> {
                            if (running.containsKey(name)) {
                                on(
                                        new WorkerEvent.Resuming(
                                                name.stage(), name.partition(), name.attempt()));
                            }
                        }));
    }

    private void resume(Name name) {
        long nanos = (1 + world.random.nextLong(20)) * Timeline.MILLI;
        world.timeline.after(nanos, () -> here(() -> end(name)));
    }

    private Chunk compute(WorkerCommand.Execute task) {
        Stage stage = world.scenario.stage(task.stage());
        var computation = new Computation(world.scenario, stage, task.partition());
        for (InputRun run : task.inputs()) {
            Optional<Region> region = Computation.region(stage, run.dependency(), task.partition());
            int from = region.map(Region::fromSlice).orElse(WorkerCommand.WHOLE);
            int to = region.map(Region::toSlice).orElse(WorkerCommand.WHOLE + 1);
            for (int q = run.from(); q < run.to(); q++) {
                Chunk input = input(task, run, q, from);
                for (int slice = from + 1; slice < to; slice++) input(task, run, q, slice);
                computation.read(run.dependency(), run.stage(), input);
            }
        }
        return computation.end(task.attempt());
    }

    private Chunk input(WorkerCommand.Execute task, InputRun run, int q, int slice) {
        int which = run.worker() == id ? OWN : slice;
        Chunk input = chunks.get(new Name(run.stage(), q, run.attempt(), which));
        if (input != null) {
            return input;
        }
        throw new IllegalStateException(
                "worker %d runs %d/%d without its input %d/%d"
                        .formatted(id, task.stage(), task.partition(), run.stage(), q));
    }

    private void end(Name name) {
        Running task = running.remove(name);
        if (task == null) {
            return; // interrupted
        }
        long key = TaskKey.pack(name.stage(), name.partition());
        int dice = world.random.nextInt(1000);
        if (dice < world.accidents.userErrorPerMille) {
            Accidents.count(world.accidents.userErrors, key);
            threw(name, new Failure(Failure.Kind.USER_ERROR, "made up"));
        } else if (dice - world.accidents.userErrorPerMille < world.accidents.outOfMemoryPerMille) {
            Accidents.count(world.accidents.outOfMemory, key);
            threw(name, new Failure(Failure.Kind.OUT_OF_MEMORY, "made up"));
        } else {
            chunks.put(name, task.result());
            on(
                    new WorkerEvent.Executed(
                            name.stage(),
                            name.partition(),
                            name.attempt(),
                            task.result().rows(),
                            1 + world.random.nextInt(1_000_000),
                            world.timeline.now() - task.startedNanos()));
        }
    }

    private void threw(Name name, Failure failure) {
        on(new WorkerEvent.Threw(name.stage(), name.partition(), name.attempt(), failure));
    }

    private void interrupt(WorkerCommand.Interrupt i) {
        if (i.why().kind() == Failure.Kind.TIMEOUT) {
            Accidents.count(world.accidents.userErrors, TaskKey.pack(i.stage(), i.partition()));
        }
        if (world.random.nextInt(3) == 0) {
            return; // it doesn't listen and ends when it ends
        }
        var name = new Name(i.stage(), i.partition(), i.attempt(), OWN);
        world.timeline.after(
                world.random.nextLong(5 * Timeline.MILLI),
                () ->
                        here(() -> {
                            if (running.remove(name) != null) {
                                threw(name, new Failure(Failure.Kind.CANCELLED, "interrupted"));
                            }
                        }));
    }

    private void fetch(WorkerCommand.Fetch f) {
        world.network.send(() -> world.serve(f.worker(), id, f));
    }

    /// Another worker wants an output of this one's.
    void serve(int asker, WorkerCommand.Fetch f) {
        here(() -> {
            Chunk chunk = chunks.get(new Name(f.stage(), f.partition(), f.attempt(), OWN));
            world.network.send(() -> world.supply(asker, f, chunk));
        });
    }

    /// The answer to a fetch has come.
    void supply(WorkerCommand.Fetch f, @org.jspecify.annotations.Nullable Chunk chunk) {
        here(() -> {
            if (chunk == null) {
                world.accidents.fetchesGivenUp++;
                on(
                        new WorkerEvent.InputUnavailable(
                                f.stage(), f.partition(), f.attempt(), f.slice()));
                return;
            }
            chunks.put(new Name(f.stage(), f.partition(), f.attempt(), f.slice()), chunk);
            on(new WorkerEvent.InputArrived(f.stage(), f.partition(), f.attempt(), f.slice()));
        });
    }
}
