package dev.quiver.worker.server;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.MemoryRefused;
import dev.quiver.error.QuiverException;
import dev.quiver.graph.Stage;
import dev.quiver.operator.Closures;
import dev.quiver.operator.EncodedProgram;
import dev.quiver.operator.Pipeline;
import dev.quiver.protocol.Failure;
import dev.quiver.protocol.Inbox;
import dev.quiver.protocol.SchedulerMessage;
import dev.quiver.protocol.WorkerMessage;
import dev.quiver.worker.state.WorkerCommand;
import dev.quiver.worker.state.WorkerEvent;
import dev.quiver.worker.state.WorkerSettings;
import dev.quiver.worker.state.WorkerState;
import dev.quiver.worker.store.SpillTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/// Runs a [WorkerState] inside a process: slots run its tasks, the threads that end a task run the
/// state themselves, one at a time.
public final class WorkerShell implements AutoCloseable {
    /// The way to the scheduler: reports arrive in order, each once.
    public interface SchedulerLink {
        /// Leaves reports for the scheduler.
        ///
        /// @return true when the caller must call [#deliver] soon
        boolean report(List<WorkerMessage> messages);

        /// Lets the scheduler take in what was left for it.
        void deliver();

        /// A task has thrown; called in its thread, before that is reported: only there the user's
        /// code may run that says what was thrown.
        default void threw(int stage, int partition, Throwable problem) {}

        /// The scheduler lets the worker go, which was to [#retire].
        default void released() {}

        /// The worker broke one of its own rules and is of no use any more.
        void broken(Throwable cause);
    }

    /// What surrounds the worker.
    ///
    /// @param memoryFree bytes of counted memory that nobody uses
    /// @param clock nanoseconds that never go back
    /// @param alarm is told the time at which [#nudge] is to be called at the latest
    /// @param fetcher of what other workers hold
    public record Surroundings(
            SchedulerLink scheduler,
            ObjectEngine objects,
            Engine pipelines,
            InputFetcher fetcher,
            LongSupplier memoryFree,
            LongSupplier clock,
            LongConsumer alarm,
            Inbox.Relief relief) {
        /// Of a worker without others.
        public Surroundings(
                SchedulerLink scheduler,
                Engine pipelines,
                LongSupplier memoryFree,
                LongSupplier clock,
                LongConsumer alarm,
                Inbox.Relief relief) {
            this(
                    scheduler,
                    new ObjectEngine(),
                    pipelines,
                    InputFetcher.NONE,
                    memoryFree,
                    clock,
                    alarm,
                    relief);
        }
    }

    /// Smaller changes of the free memory aren't worth telling.
    private static final long FREE_BYTES_STEP = 1 << 20;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private sealed interface Entry permits Said, Began, Ended, Noticed, Nudge {}

    private record Said(int epoch, SchedulerMessage message) implements Entry {}

    private record Began(int epoch, SchedulerLink link) implements Entry {}

    /// The end of an attempt.
    record Ended(Attempt attempt, WorkerEvent event) implements Entry {}

    /// The end of a fetch, an attempt that gives its slot back or wants one again, or the wish to
    /// leave.
    private record Noticed(WorkerEvent event) implements Entry {}

    private enum Nudge implements Entry {
        NUDGE
    }

    private final WorkerState state;
    private final Surroundings surroundings;
    private volatile SchedulerLink scheduler;
    private final ObjectEngine objects;
    private final Slots slots;
    private final Inbox<Entry> inbox;
    private final Consumer<WorkerCommand> commands = this::obey;
    private final Map<Integer, Engine> engines = new HashMap<>();
    private final List<Attempt> attempts = new ArrayList<>();
    private final Map<Integer, Map<Integer, Throwable>> thrown = new ConcurrentHashMap<>();
    private final InputFetcher.Arrivals arrivals = new ToInbox();
    private List<WorkerCommand.Fetch> wanted = new ArrayList<>();
    private List<WorkerMessage> reports = new ArrayList<>();
    private long tickedNanos = Long.MIN_VALUE;
    private long toldFreeBytes;
    private volatile long usedNanos;
    private volatile boolean isUnused;
    private final CompletableFuture<Void> leaving = new CompletableFuture<>();
    private boolean broken;

    public WorkerShell(WorkerSettings settings, String name, Surroundings surroundings) {
        this.state = new WorkerState(settings);
        this.toldFreeBytes = settings.memoryBytes();
        this.surroundings = surroundings;
        this.scheduler = surroundings.scheduler();
        this.objects = surroundings.objects();
        this.inbox = new Inbox<>(this::take, surroundings.relief());
        this.slots = new Slots(this, settings.slots(), name);
    }

    public void start() {
        slots.start();
    }

    /// Begins a session with a scheduler, over another link: it is told what is held and runs.
    /// Reports that haven't gone out are void.
    ///
    /// @param epoch the scheduler's
    public void begin(int epoch, SchedulerLink link) {
        inbox.put(new Began(epoch, link));
    }

    /// The worker is to leave: the scheduler gives it nothing any more and says when it may go.
    public void retire() {
        inbox.put(new Noticed(new WorkerEvent.Retiring()));
        leaving.complete(null);
    }

    /// Ends once the worker is to leave.
    public CompletableFuture<Void> leaving() {
        return leaving;
    }

    /// Leaves a message of a scheduler that is never replaced.
    ///
    /// @return true when the caller must call [#deliver] soon
    public boolean tell(SchedulerMessage message) {
        return tell(0, message);
    }

    /// Leaves a message of the scheduler. Nothing of a session may be left after the next one
    /// began.
    ///
    /// @param epoch the scheduler's
    /// @return true when the caller must call [#deliver] soon
    public boolean tell(int epoch, SchedulerMessage message) {
        return inbox.push(new Said(epoch, message));
    }

    /// Takes in what was left by [#tell].
    public void deliver() {
        inbox.read();
    }

    /// Lets the time be seen.
    public void nudge() {
        inbox.put(Nudge.NUDGE);
    }

    /// Whether every slot runs a task. The end of each of them is reported to the scheduler.
    public boolean isBusy() {
        return slots.areBusy();
    }

    /// Whether a task is about to begin.
    public boolean hasWork() {
        return slots.hasWork();
    }

    /// When it was told something last, or ran or held something, by the clock.
    public long usedNanos() {
        return isUnused ? usedNanos : surroundings.clock().getAsLong();
    }

    /// How many tasks run now.
    public int running() {
        return slots.running();
    }

    /// The objects that closures returned.
    public ObjectEngine objects() {
        return objects;
    }

    /// What the last attempt of a task threw, as long as its stage is open.
    public Optional<Throwable> thrown(int stage, int partition) {
        return Optional.ofNullable(thrown.getOrDefault(stage, Map.of()).get(partition));
    }

    /// Runs an attempt in the thread of a slot.
    Ended execute(Attempt attempt) {
        long from = surroundings.clock().getAsLong();
        long spilledNanos = SpillTime.nanos();
        Throwable problem = null;
        Engine.Output output = Engine.Output.OBJECT;
        try {
            if (attempt.begin()) output = attempt.engine().run(attempt);
            else attempt.check();
        } catch (Throwable e) { // an Error of the user's fails the task, never the worker
            problem = e;
        }
        attempt.end();
        int stage = attempt.stage();
        int partition = attempt.partition();
        if (problem == null) {
            long nanos = surroundings.clock().getAsLong() - from;
            return new Ended(
                    attempt,
                    new WorkerEvent.Executed(
                            stage,
                            partition,
                            attempt.number(),
                            output.rows(),
                            output.bytes(),
                            nanos,
                            SpillTime.nanos() - spilledNanos));
        }
        thrown.computeIfAbsent(stage, _ -> new ConcurrentHashMap<>()).put(partition, problem);
        scheduler.threw(stage, partition, problem);
        return new Ended(
                attempt,
                new WorkerEvent.Threw(
                        stage, partition, attempt.number(), failure(attempt, problem)));
    }

    void end(Ended ended) {
        inbox.put(ended);
    }

    /// The attempt of the current thread waits for other tasks: its slot is for others.
    void giveBack(Attempt attempt) {
        slots.lend();
        inbox.put(
                new Noticed(
                        new WorkerEvent.Yielded(
                                attempt.stage(), attempt.partition(), attempt.number())));
    }

    /// The attempt of the current thread goes on, as soon as there is a slot for it.
    void resume(Attempt attempt) {
        inbox.put(
                new Noticed(
                        new WorkerEvent.Resuming(
                                attempt.stage(), attempt.partition(), attempt.number())));
        attempt.awaitSlot();
        slots.takeBack();
    }

    private static Failure failure(Attempt attempt, Throwable problem) {
        Failure interruption = attempt.interruption();
        if (interruption != null) return interruption;
        return new Failure(kind(attempt, problem), text(problem), List.of(), attempt.failedPart());
    }

    private static Failure.Kind kind(Attempt attempt, Throwable problem) {
        if (problem instanceof MemoryRefused || problem instanceof OutOfMemoryError)
            return Failure.Kind.OUT_OF_MEMORY;
        boolean ours = !(attempt.engine() instanceof ObjectEngine);
        if (ours && problem instanceof QuiverException e && e.code() != ErrorCode.IO_FAILED)
            return Failure.Kind.PERMANENT;
        return Failure.Kind.USER_ERROR;
    }

    private static String text(Throwable problem) {
        String name = problem.getClass().getSimpleName();
        String message;
        try {
            message = problem.getMessage();
        } catch (RuntimeException | StackOverflowError e) { // the user's own
            return "%s, whose message can't be had: %s".formatted(name, e.getClass().getName());
        }
        if (problem instanceof QuiverException && message != null) return message;
        return message == null ? name : name + ": " + message;
    }

    private void take(List<Entry> batch) {
        if (broken) return;
        try {
            tick();
            for (Entry entry : batch) {
                switch (entry) {
                    case Said(int epoch, var message) ->
                            state.on(new WorkerEvent.SchedulerSaid(epoch, message), commands);
                    case Began(int epoch, var link) -> {
                        reports.clear();
                        scheduler = link;
                        state.on(new WorkerEvent.SessionBegan(epoch), commands);
                    }
                    case Ended(var attempt, var event) -> {
                        attempts.remove(attempt);
                        state.on(event, commands);
                    }
                    case Noticed(var event) -> state.on(event, commands);
                    case Nudge _ -> {}
                }
            }
            if (batch.size() > 1 || batch.getFirst() != Nudge.NUDGE) noteUse();
            fetch();
            surroundings.alarm().accept(state.wakeNanos());
        } catch (RuntimeException | Error e) {
            broken = true;
            scheduler.broken(e);
        }
        sendReports();
    }

    private void noteUse() {
        usedNanos = tickedNanos;
        isUnused = state.isIdle() && state.heldCount() == 0;
    }

    private void tick() {
        long now = surroundings.clock().getAsLong();
        if (now <= tickedNanos) return;
        tickedNanos = now;
        state.on(new WorkerEvent.Ticked(now), commands);
        long free = surroundings.memoryFree().getAsLong();
        if (Math.abs(free - toldFreeBytes) < FREE_BYTES_STEP) return;
        toldFreeBytes = free;
        state.on(new WorkerEvent.MemoryChanged(free), commands);
    }

    /// What a batch of events wants is asked for at once.
    private void fetch() {
        if (wanted.isEmpty()) return;
        var asked = wanted;
        wanted = new ArrayList<>();
        surroundings.fetcher().fetch(asked, arrivals);
    }

    private final class ToInbox implements InputFetcher.Arrivals {
        @Override
        public void arrived(WorkerCommand.Fetch f) {
            inbox.put(
                    new Noticed(
                            new WorkerEvent.InputArrived(
                                    f.stage(), f.partition(), f.attempt(), f.slice())));
        }

        @Override
        public void unavailable(WorkerCommand.Fetch f) {
            inbox.put(
                    new Noticed(
                            new WorkerEvent.InputUnavailable(
                                    f.stage(), f.partition(), f.attempt(), f.slice())));
        }
    }

    private void sendReports() {
        if (reports.isEmpty()) return;
        var sent = reports;
        reports = new ArrayList<>();
        if (scheduler.report(sent)) scheduler.deliver();
    }

    private void obey(WorkerCommand command) {
        switch (command) {
            case WorkerCommand.Report(var message) -> reports.add(message);
            case WorkerCommand.OpenStage(var stage) -> open(stage);
            case WorkerCommand.CloseStage(int stage) -> closeStage(stage);
            case WorkerCommand.Execute execute -> {
                var attempt = new Attempt(execute, engine(execute.stage()));
                attempts.add(attempt);
                slots.run(attempt);
            }
            case WorkerCommand.Resume(int stage, int partition, int number) -> {
                for (Attempt attempt : attempts) {
                    if (attempt.is(stage, partition, number)) attempt.resume();
                }
            }
            case WorkerCommand.Interrupt(int stage, int partition, int number, var why) -> {
                for (Attempt attempt : attempts) {
                    if (attempt.is(stage, partition, number)) attempt.interrupt(why);
                }
            }
            case WorkerCommand.Fetch fetch -> wanted.add(fetch);
            case WorkerCommand.DropInput(int stage, int partition, int number, int slice) ->
                    surroundings.fetcher().drop(stage, partition, number, slice);
            case WorkerCommand.KeepInput(int stage, int partition, int number) -> {
                // at most one of them takes it
                objects.keep(stage, partition, number);
                surroundings.pipelines().keep(stage, partition, number);
            }
            case WorkerCommand.DropOutput(int stage, int partition, int number) -> {
                // the stage may be closed; at most one of them has it
                objects.drop(stage, partition, number);
                surroundings.pipelines().drop(stage, partition, number);
            }
            case WorkerCommand.Leave() -> scheduler.released();
        }
    }

    private void open(Stage stage) {
        Engine engine =
                switch (stage.program()) {
                    case Closures _ -> objects;
                    case Pipeline _, EncodedProgram _ -> surroundings.pipelines();
                };
        engine.open(stage);
        engines.put(stage.id(), engine);
    }

    private void closeStage(int stage) {
        Engine engine = engines.remove(stage);
        if (engine != null) engine.close(stage);
        thrown.remove(stage);
    }

    private Engine engine(int stage) {
        Engine engine = engines.get(stage);
        if (engine == null) throw new IllegalStateException("stage %d isn't open".formatted(stage));
        return engine;
    }

    /// Ends the threads once their tasks have ended; waits for a few seconds. A task that heeds no
    /// interrupt keeps its thread, which is a daemon.
    @Override
    public void close() {
        slots.close(PATIENCE);
    }
}
