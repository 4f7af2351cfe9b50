package dev.quiver.simulation;

import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.Frame;
import dev.quiver.protocol.Link;
import dev.quiver.protocol.SchedulerMessage;
import dev.quiver.scheduler.state.SchedulerCommand;
import dev.quiver.scheduler.state.SchedulerEvent;
import dev.quiver.scheduler.state.SchedulerSettings;
import dev.quiver.scheduler.state.SchedulerState;
import dev.quiver.simulation.SimulatedWorker.Word;
import java.util.TreeMap;
import java.util.TreeSet;

/// The scheduler's process: the state machine and a link to each worker.
final class SimulatedScheduler {
    private static final long TICK_NANOS = 50 * Timeline.MILLI;

    private final Simulation world;
    private final SchedulerState state;
    private final TreeMap<Integer, Link<SchedulerMessage, Word>> links = new TreeMap<>();
    private final TreeSet<Integer> closed = new TreeSet<>();

    SimulatedScheduler(Simulation world) {
        this.world = world;
        SchedulerSettings settings =
                SchedulerSettings.LOCAL
                        .withLease(Simulation.LEASE_NANOS)
                        .withStealing(world.random.nextInt(4) > 0);
        this.state = new SchedulerState(settings);
        tick();
    }

    SchedulerState state() {
        return state;
    }

    boolean isQuiet() {
        return links.values().stream().allMatch(Link::isQuiet);
    }

    boolean knows(int worker) {
        return links.containsKey(worker);
    }

    /// A frame of a worker has come.
    void receive(int worker, Frame<Word> frame) {
        if (closed.contains(worker)) {
            return;
        }
        links.computeIfAbsent(worker, this::open).receive(frame, world.timeline.now());
        on(new SchedulerEvent.WorkerHeard(worker));
    }

    private Link<SchedulerMessage, Word> open(int worker) {
        return new Link<>(
                worker,
                250 * Timeline.MILLI,
                frame -> world.network.send(() -> world.deliver(worker, frame)),
                word -> said(worker, word));
    }

    private void said(int worker, Word word) {
        switch (word) {
            case Word.Hello(int slots, long memoryBytes) ->
                    on(new SchedulerEvent.WorkerJoined(worker, slots, memoryBytes));
            case Word.Reports(var messages) -> on(new SchedulerEvent.WorkerSaid(worker, messages));
        }
    }

    /// The connection to a worker broke.
    void lost(int worker) {
        close(worker);
        on(new SchedulerEvent.WorkerLost(worker));
    }

    private void close(int worker) {
        world.countLosses(worker);
        closed.add(worker);
        links.remove(worker);
    }

    void said(ClientMessage message) {
        on(new SchedulerEvent.ClientSaid(message));
    }

    private void tick() {
        if (world.ended()) {
            return;
        }
        world.timeline.after(TICK_NANOS, this::tick);
        on(new SchedulerEvent.Ticked(world.timeline.now()));
        for (var link : links.values()) {
            link.tick(world.timeline.now());
        }
    }

    private void on(SchedulerEvent event) {
        world.trace.add(world.timeline.now(), "scheduler", -1, event);
        state.on(event, this::perform);
        state.checkInvariants();
    }

    private void perform(SchedulerCommand command) {
        switch (command) {
            case SchedulerCommand.Tell(int worker, SchedulerMessage message) -> {
                var link = links.get(worker);
                if (link == null) {
                    throw new IllegalStateException(
                            "the scheduler tells worker %d, which is gone, %s"
                                    .formatted(worker, message));
                }
                link.send(message, world.timeline.now());
            }
            case SchedulerCommand.Notify(var notice) -> world.client.noticed(notice);
            case SchedulerCommand.Dismiss(int worker) -> {
                world.accidents.expiries++;
                close(worker);
            }
        }
    }
}
