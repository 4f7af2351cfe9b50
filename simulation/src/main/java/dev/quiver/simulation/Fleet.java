package dev.quiver.simulation;

import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.ClientNotice;
import dev.quiver.protocol.SchedulerMessage;
import dev.quiver.protocol.WorkerMessage;
import dev.quiver.scheduler.state.SchedulerCommand;
import dev.quiver.scheduler.state.SchedulerEvent;
import dev.quiver.scheduler.state.SchedulerSettings;
import dev.quiver.scheduler.state.SchedulerState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// A scheduler and many workers that are imitated, in made-up time: shows what the scheduler costs
/// where there are thousands of workers.
///
/// Each report is an event of its own, with the time before and a look at the next alarm after it,
/// as a shell does when it has nothing to gather; the time that passes meanwhile is summed up.
public final class Fleet {
    /// How the workers are.
    ///
    /// @param workers how many
    /// @param slots of each
    /// @param taskNanos how long a task takes on average; from half to one and a half times that
    /// @param outputBytes of each task
    public record Shape(int workers, int slots, long taskNanos, long outputBytes) {}

    private final SchedulerState scheduler;
    private final Shape shape;
    private final LongSupplier clock;
    private final Consumer<ClientNotice> client;
    private final SplittableRandom random;
    private final List<ImitatedWorker> workers = new ArrayList<>();
    private final List<SchedulerCommand> commands = new ArrayList<>();
    private final Consumer<SchedulerCommand> keep = commands::add;
    private final ArrayDeque<ImitatedWorker> talkative = new ArrayDeque<>();
    private final ArrayDeque<Integer> gone = new ArrayDeque<>();
    private final EndingTasks ending = new EndingTasks();
    private long now;
    private long events;
    private long finished;
    private long schedulerNanos;

    /// @param clock measures how long the scheduler takes, in nanoseconds
    /// @param seed of how long tasks take
    /// @param client is told what the scheduler tells clients
    public Fleet(
            SchedulerSettings settings,
            Shape shape,
            long seed,
            LongSupplier clock,
            Consumer<ClientNotice> client) {
        this.scheduler = new SchedulerState(settings);
        this.shape = shape;
        this.clock = clock;
        this.client = client;
        this.random = new SplittableRandom(seed);
        for (int w = 0; w < shape.workers(); w++) {
            join();
        }
    }

    public SchedulerState scheduler() {
        return scheduler;
    }

    /// One more worker comes.
    public void join() {
        var worker = new ImitatedWorker(workers.size(), shape.slots());
        workers.add(worker);
        on(new SchedulerEvent.WorkerJoined(worker.id, shape.slots(), 1L << 40));
        worker.say(new WorkerMessage.Announced());
        listen(worker);
    }

    /// Any worker goes, with all that it holds and runs.
    public void loseOne() {
        ImitatedWorker worker = workers.get(random.nextInt(workers.size()));
        while (worker.lost) {
            worker = workers.get(random.nextInt(workers.size()));
        }
        worker.lost = true;
        on(new SchedulerEvent.WorkerLost(worker.id));
    }

    /// A worker is to leave; it does when the scheduler lets it go.
    public void retire(int worker) {
        ImitatedWorker leaving = workers.get(worker);
        leaving.retiring = true;
        leaving.say(new WorkerMessage.Retiring());
        listen(leaving);
    }

    /// Those that haven't gone.
    public List<Member> members() {
        return workers.stream()
                .filter(worker -> !worker.lost)
                .map(worker -> new Member(worker.id, worker.busy(), worker.retiring))
                .toList();
    }

    /// A worker as others see it.
    ///
    /// @param retiring whether it is to leave
    public record Member(int number, int slotsBusy, boolean retiring) {}

    /// Goes on until that time.
    public void runTo(long nanos) {
        while (!talkative.isEmpty() || !ending.isEmpty() && ending.nanos() <= nanos) {
            step();
        }
        now = nanos;
    }

    /// Tells the scheduler.
    public void say(ClientMessage message) {
        on(new SchedulerEvent.ClientSaid(message));
    }

    /// Goes on until so many tasks have finished in all, or nothing is left to do; answers whether
    /// something is.
    public boolean runUntil(long finishedTasks) {
        while (finished < finishedTasks) {
            if (!step()) {
                return false;
            }
        }
        return true;
    }

    /// Goes on until nothing is left to do.
    public void run() {
        runUntil(Long.MAX_VALUE);
    }

    /// How many tasks have ended with an output so far.
    public long finished() {
        return finished;
    }

    /// How many events the scheduler was given.
    public long events() {
        return events;
    }

    /// How long it took over them.
    public long schedulerNanos() {
        return schedulerNanos;
    }

    /// The made-up time.
    public long now() {
        return now;
    }

    private boolean step() {
        ImitatedWorker worker = talkative.poll();
        if (worker != null) {
            report(worker);
            return true;
        }
        if (ending.isEmpty()) {
            return false;
        }
        now = Math.max(now, ending.nanos());
        ImitatedWorker ends = workers.get(ending.worker());
        int slot = ending.slot();
        ending.remove();
        end(ends, slot);
        return true;
    }

    private void end(ImitatedWorker worker, int slot) {
        if (worker.lost) {
            return;
        }
        ImitatedWorker.Running task = worker.end(slot);
        if (task.cancelled) {
            int p = task.partition;
            worker.say(new WorkerMessage.Returned(task.stage, p, p + 1, task.attempt));
        } else {
            finished++;
            worker.say(
                    new WorkerMessage.Finished(
                            task.stage,
                            task.partition,
                            task.attempt,
                            1,
                            shape.outputBytes(),
                            shape.taskNanos()));
        }
        start(worker);
        listen(worker);
    }

    private void start(ImitatedWorker worker) {
        for (int slot = worker.start(); slot >= 0; slot = worker.start()) {
            ImitatedWorker.Running task = worker.slots[slot];
            int p = task.partition;
            worker.say(new WorkerMessage.Started(task.stage, p, p + 1, task.attempt));
            long nanos = shape.taskNanos() / 2 + random.nextLong(shape.taskNanos() + 1);
            ending.add(now + nanos, worker.id, slot);
        }
    }

    /// Lets the worker speak when it has something to say.
    private void listen(ImitatedWorker worker) {
        if (!worker.inLine && !worker.isSilent()) {
            worker.inLine = true;
            talkative.add(worker);
        }
    }

    private void report(ImitatedWorker worker) {
        worker.inLine = false;
        List<WorkerMessage> said = worker.takeReports();
        if (!worker.lost) {
            on(new SchedulerEvent.WorkerSaid(worker.id, said));
        }
    }

    private void on(SchedulerEvent event) {
        long begin = clock.getAsLong();
        scheduler.on(new SchedulerEvent.Ticked(now), keep);
        scheduler.on(event, keep);
        long wake = scheduler.wakeNanos();
        schedulerNanos += clock.getAsLong() - begin;
        events++;
        obey();
        for (Integer id = gone.poll(); id != null; id = gone.poll()) {
            on(new SchedulerEvent.WorkerLost(id));
        }
        if (wake < now) {
            throw new IllegalStateException("wakes at %d, before %d".formatted(wake, now));
        }
    }

    private void obey() {
        for (int i = 0; i < commands.size(); i++) {
            switch (commands.get(i)) {
                case SchedulerCommand.Tell(int id, SchedulerMessage message) ->
                        tell(workers.get(id), message);
                case SchedulerCommand.Notify(_, ClientNotice notice) -> client.accept(notice);
                case SchedulerCommand.WriteDown _ -> {}
                case SchedulerCommand.Dismiss(int id) ->
                        throw new IllegalStateException("worker %d is dismissed".formatted(id));
            }
        }
        commands.clear();
    }

    private void tell(ImitatedWorker worker, SchedulerMessage message) {
        if (worker.lost) {
            return;
        }
        worker.hear(message);
        start(worker);
        listen(worker);
        if (worker.retired) {
            talkative.remove(worker);
            worker.lost = true;
            gone.add(worker.id);
        }
    }
}
