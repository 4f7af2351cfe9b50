package dev.quiver.simulation;

import dev.quiver.protocol.AttemptNumber;
import dev.quiver.protocol.ClientNotice;
import dev.quiver.protocol.Frame;
import dev.quiver.protocol.Link;
import dev.quiver.protocol.LogRecord;
import dev.quiver.protocol.SchedulerMessage;
import dev.quiver.protocol.WorkerMessage;
import dev.quiver.scheduler.state.SchedulerCommand;
import dev.quiver.scheduler.state.SchedulerEvent;
import dev.quiver.scheduler.state.SchedulerSettings;
import dev.quiver.scheduler.state.SchedulerState;
import dev.quiver.simulation.SimulatedWorker.Word;
import java.util.ArrayDeque;
import java.util.List;
import java.util.TreeMap;

/// A scheduler's process: the state machine, a link to each worker, and what waits until the log is
/// safe.
final class SimulatedScheduler {
    private static final long TICK_NANOS = 50 * Timeline.MILLI;

    /// One session with a worker.
    private record Session(long number, Link<SchedulerMessage, Word> link) {}

    /// A message to a worker that waits until the log is safe up to a record.
    private record Waiting(long record, Session session, SchedulerMessage message) {}

    private record Notice(long record, ClientNotice notice) {}

    final int epoch;
    private final Simulation world;
    private final SchedulerState state;
    private final TreeMap<Integer, Session> sessions = new TreeMap<>();

    /// Sessions whose first message hasn't come.
    private final TreeMap<Integer, Session> opening = new TreeMap<>();

    /// The last session of each worker that was closed.
    private final TreeMap<Integer, Long> closed = new TreeMap<>();

    private final ArrayDeque<Waiting> tells = new ArrayDeque<>();
    private final ArrayDeque<Notice> notices = new ArrayDeque<>();
    private long recorded;
    private long recordedAhead;
    private long safe;
    private long safeNanos;

    /// Notices that are on their way, and when the last of them arrives.
    private int carried;

    private long carriedNanos;
    private long deadlineNanos = Long.MAX_VALUE;
    private boolean dead;

    SimulatedScheduler(Simulation world, int epoch, SchedulerSettings settings) {
        this.world = world;
        this.epoch = epoch;
        this.state = new SchedulerState(settings, epoch);
        tick();
    }

    /// Reads what the scheduler before this one wrote down.
    void takeOver(List<LogRecord> log, List<Integer> workers) {
        log.forEach(entry -> on(new SchedulerEvent.Logged(entry)));
        on(new SchedulerEvent.TookOver(workers));
        deadlineNanos = world.timeline.now() + Failovers.GRACE_NANOS;
    }

    /// The process ends here and now.
    void die() {
        dead = true;
    }

    boolean isDead() {
        return dead;
    }

    SchedulerState state() {
        return state;
    }

    boolean isQuiet() {
        return safe == recorded
                && carried == 0
                && sessions.values().stream().allMatch(s -> s.link.isQuiet());
    }

    boolean knows(int worker) {
        return sessions.containsKey(worker);
    }

    /// A frame of a worker has come.
    void receive(int worker, Frame<Word> frame) {
        if (dead || frame.session() <= closed.getOrDefault(worker, -1L)) {
            return;
        }
        long now = world.timeline.now();
        Session current = sessions.get(worker);
        if (current != null && current.number == frame.session()) {
            current.link.receive(frame, now);
            on(new SchedulerEvent.WorkerHeard(worker));
            return;
        }
        if (current != null && frame.session() < current.number) {
            return;
        }
        Session next = opening.get(worker);
        if (next == null || next.number < frame.session()) {
            next = open(worker, frame.session());
            opening.put(worker, next);
        }
        if (next.number == frame.session()) {
            next.link.receive(frame, now);
        }
    }

    private Session open(int worker, long session) {
        return new Session(
                session,
                new Link<>(
                        session,
                        250 * Timeline.MILLI,
                        frame -> world.network.send(() -> world.deliver(worker, frame)),
                        word -> said(worker, word)));
    }

    private void said(int worker, Word word) {
        switch (word) {
            case Word.Hello(int slots, long memoryBytes) -> {
                Session next = opening.remove(worker);
                if (next == null) {
                    throw new IllegalStateException("worker %d said hello twice".formatted(worker));
                }
                sessions.put(worker, next);
                on(new SchedulerEvent.WorkerJoined(worker, slots, memoryBytes));
            }
            case Word.Reports(var messages) -> {
                boolean late = world.timeline.now() > deadlineNanos;
                if (late && messages.stream().anyMatch(WorkerMessage.Announced.class::isInstance)) {
                    world.failovers.late++;
                }
                on(new SchedulerEvent.WorkerSaid(worker, messages));
            }
        }
    }

    /// The connection to a worker broke.
    void lost(int worker) {
        if (!dead) {
            world.countLosses(worker);
            close(worker);
            on(new SchedulerEvent.WorkerLost(worker));
        }
    }

    /// A worker that was to leave has left.
    void left(int worker) {
        if (!dead) {
            close(worker);
            on(new SchedulerEvent.WorkerLost(worker));
        }
    }

    private void close(int worker) {
        opening.remove(worker);
        Session session = sessions.remove(worker);
        if (session != null) {
            closed.put(worker, session.number);
        }
    }

    /// Takes in something of a client's.
    void clientSaid(SchedulerEvent event) {
        if (!dead) {
            on(event);
        }
    }

    private void tick() {
        if (world.ended() || dead) {
            return;
        }
        world.timeline.after(TICK_NANOS, this::tick);
        on(new SchedulerEvent.Ticked(world.timeline.now()));
        for (var session : sessions.values()) {
            session.link.tick(world.timeline.now());
        }
        for (var session : opening.values()) {
            session.link.tick(world.timeline.now());
        }
        if (world.failovers.possible && safe == recorded && world.random.nextInt(4) == 0) {
            world.log.compact(epoch, state);
        }
    }

    /// Somebody wants what is held to be spread evenly.
    void rebalance() {
        on(new SchedulerEvent.RebalanceAsked());
    }

    private void on(SchedulerEvent event) {
        world.trace.add(world.timeline.now(), "scheduler", epoch, event);
        state.on(event, this::perform);
        state.checkInvariants();
    }

    private void perform(SchedulerCommand command) {
        switch (command) {
            case SchedulerCommand.Tell(int worker, SchedulerMessage message) -> {
                Session session = sessions.get(worker);
                if (session == null) {
                    throw new IllegalStateException(
                            "the scheduler tells worker %d, which is gone, %s"
                                    .formatted(worker, message));
                }
                if (message instanceof SchedulerMessage.TasksAssigned m
                        && AttemptNumber.epoch(m.attempt()) != epoch) {
                    throw new IllegalStateException("an attempt of another epoch: " + m);
                }
                tells.add(new Waiting(recordedAhead, session, message));
                flush();
            }
            case SchedulerCommand.Notify(_, var notice) -> {
                notices.add(new Notice(recorded, notice));
                flush();
            }
            case SchedulerCommand.WriteDown(var entry, boolean ahead) -> {
                long number = ++recorded;
                if (ahead) {
                    recordedAhead = number;
                }
                long wait = 1 + world.random.nextLong(12 * Timeline.MILLI);
                safeNanos = Math.max(safeNanos, world.timeline.now() + wait);
                world.timeline.after(
                        safeNanos - world.timeline.now(), () -> written(number, entry));
            }
            case SchedulerCommand.Dismiss(int worker) -> {
                world.accidents.expiries++;
                world.countLosses(worker);
                close(worker);
            }
        }
    }

    private void written(long number, LogRecord entry) {
        if (dead) {
            return;
        }
        if (!world.log.append(epoch, entry)) {
            die(); // another scheduler has taken over
            return;
        }
        safe = number;
        flush();
    }

    private void flush() {
        while (!tells.isEmpty() && tells.element().record <= safe) {
            Waiting next = tells.remove();
            if (sessions.containsValue(next.session)) {
                next.session.link.send(next.message, world.timeline.now());
            }
        }
        while (!notices.isEmpty() && notices.element().record <= safe) {
            carry(notices.remove().notice);
        }
    }

    /// Brings a notice to the client unless the scheduler dies before it has gone out.
    private void carry(ClientNotice notice) {
        if (!world.failovers.possible) {
            world.client.noticed(epoch, notice);
            return;
        }
        long now = world.timeline.now();
        carriedNanos = Math.max(carriedNanos, now + world.random.nextLong(8 * Timeline.MILLI));
        carried++;
        world.timeline.after(
                carriedNanos - now,
                () -> {
                    carried--;
                    if (!dead) {
                        world.client.noticed(epoch, notice);
                    }
                });
    }
}
