package dev.quiver.worker.state;

import dev.quiver.graph.Stage;
import dev.quiver.protocol.Failure;
import dev.quiver.protocol.InputRun;
import dev.quiver.protocol.SchedulerMessage;
import dev.quiver.protocol.WorkerMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/// One worker's assigned tasks and held outputs, as a function of the events that it was given.
///
/// Tasks start in the order in which they were assigned. A task starts when its inputs are here, a
/// slot is free and all the memory that its stage asks for can be set aside; when nothing runs, the
/// next one starts whatever it asks for. What finds no memory while others run, runs once more when
/// they have ended, alone. Not thread-safe.
public final class WorkerState {
    /// So often an input is asked for before it counts as unavailable.
    private static final int FETCH_TRIES_MAX = 6;

    private final WorkerSettings settings;
    private final TreeMap<Integer, StageView> stages = new TreeMap<>();
    private final TaskQueue queue = new TaskQueue();
    private final List<Attempt> fetching = new ArrayList<>();
    private final List<Attempt> executing = new ArrayList<>();
    private final YieldedSlots yielded = new YieldedSlots(command -> commands().accept(command));
    private final HeldOutputs held = new HeldOutputs();
    private final InputCopies copies = new InputCopies(command -> commands().accept(command));
    private final CopiedOutputs copied =
            new CopiedOutputs(copies, held, command -> commands().accept(command));

    /// The scheduler's that the worker belongs to.
    private int epoch;

    /// Is to leave.
    private boolean retiring;

    private long memoryFree;
    private long memorySetAside;
    private long now;
    private final MemoryShortage shortage = new MemoryShortage();
    private Consumer<WorkerCommand> commands = command -> {};

    public WorkerState(WorkerSettings settings) {
        this.settings = settings;
        this.memoryFree = settings.memoryBytes();
    }

    /// Takes in `event` and hands every command that follows to `commands`, in order.
    public void on(WorkerEvent event, Consumer<WorkerCommand> commands) {
        this.commands = commands;
        switch (event) {
            case WorkerEvent.SessionBegan(int number) -> sessionBegan(number);
            case WorkerEvent.SchedulerSaid(int number, var message) -> said(number, message);
            case WorkerEvent.Retiring() -> retire();
            case WorkerEvent.Executed e -> executed(e);
            case WorkerEvent.Threw e -> threw(e);
            case WorkerEvent.Yielded e ->
                    yielded.giveBack(find(e.stage(), e.partition(), e.attempt()));
            case WorkerEvent.Resuming e ->
                    yielded.resume(find(e.stage(), e.partition(), e.attempt()));
            case WorkerEvent.InputArrived e -> arrived(e);
            case WorkerEvent.InputUnavailable e -> unavailable(e);
            case WorkerEvent.MemoryChanged(long bytesFree) -> memoryFree = bytesFree;
            case WorkerEvent.Ticked(long nanos) -> ticked(nanos);
        }
        start();
    }

    private Consumer<WorkerCommand> commands() {
        return commands;
    }

    /// Gives up what hasn't started, tells what is held and runs.
    private void sessionBegan(int number) {
        if (number < epoch) {
            return;
        }
        epoch = number;
        for (Queued queued : queue.removeAll()) {
            forget(queued.view, queued.to - queued.from);
        }
        fetching.forEach(this::end);
        fetching.clear();
        copied.abandon();
        held.announce(this::report);
        for (StageView view : List.copyOf(stages.values())) {
            if (executing.stream().noneMatch(a -> a.view == view && !a.isCancelled())) {
                close(view.stage.id());
            }
        }
        for (Attempt attempt : executing) {
            if (attempt.isCancelled()) {
                attempt.untold = true;
                continue;
            }
            int p = attempt.partition;
            report(new WorkerMessage.Running(attempt.stage(), p, p + 1, attempt.number));
            yielded.announce(attempt);
        }
        report(new WorkerMessage.Announced());
        if (retiring) {
            report(new WorkerMessage.Retiring());
        }
    }

    private void retire() {
        retiring = true;
        report(new WorkerMessage.Retiring());
    }

    private void said(int number, SchedulerMessage message) {
        if (!isMine(number)) {
            return; // of a scheduler that was replaced
        }
        switch (message) {
            case SchedulerMessage.StageOpened(Stage stage) -> open(stage);
            case SchedulerMessage.StageClosed(int stage) -> close(stage);
            case SchedulerMessage.InputsLocated(int stage, var inputs) ->
                    view(stage).located = inputs;
            case SchedulerMessage.TasksAssigned m -> assigned(m);
            case SchedulerMessage.TasksCancelled m -> cancelled(m);
            case SchedulerMessage.TasksStolen m -> stolen(m);
            case SchedulerMessage.OutputsFreed m -> freed(m);
            case SchedulerMessage.OutputsCopied m -> copied.begin(m, now);
            case SchedulerMessage.Retired() -> commands.accept(new WorkerCommand.Leave());
        }
    }

    private boolean isMine(int number) {
        return number == epoch;
    }

    private void report(WorkerMessage message) {
        commands.accept(new WorkerCommand.Report(message));
    }

    private void open(Stage stage) {
        StageView known = stages.get(stage.id());
        if (known != null) {
            known.closing = false; // a scheduler before this one had opened it
            return;
        }
        stages.put(stage.id(), new StageView(stage));
        commands.accept(new WorkerCommand.OpenStage(stage));
    }

    /// Closes the stage once nothing of it runs.
    private void close(int stage) {
        StageView view = stages.get(stage);
        if (view == null) {
            return;
        }
        view.closing = true;
        closeIfDone(view);
    }

    private void closeIfDone(StageView view) {
        if (view.closing && view.taskCount == 0) {
            stages.remove(view.stage.id());
            view.broadcast.forEach(copies::release);
            view.broadcast.clear();
            commands.accept(new WorkerCommand.CloseStage(view.stage.id()));
        }
    }

    private StageView view(int stage) {
        StageView view = stages.get(stage);
        if (view == null) {
            throw new IllegalStateException("stage %d wasn't opened".formatted(stage));
        }
        return view;
    }

    private void assigned(SchedulerMessage.TasksAssigned m) {
        StageView view = view(m.stage());
        view.taskCount += m.to() - m.from();
        queue.add(new Queued(view, m));
    }

    private void cancelled(SchedulerMessage.TasksCancelled m) {
        giveBack(m.stage(), m.from(), m.to(), m.attempt());
        for (Attempt attempt : List.copyOf(fetching)) {
            if (isIn(attempt, m)) {
                fetching.remove(attempt);
                end(attempt);
                returned(attempt);
            }
        }
        for (Attempt attempt : executing) {
            if (isIn(attempt, m)) {
                interrupt(attempt, new Failure(Failure.Kind.CANCELLED, "cancelled"));
            }
        }
    }

    private static boolean isIn(Attempt attempt, SchedulerMessage.TasksCancelled m) {
        return attempt.stage() == m.stage()
                && attempt.number == m.attempt()
                && attempt.partition >= m.from()
                && attempt.partition < m.to();
    }

    private void interrupt(Attempt attempt, Failure why) {
        boolean told = attempt.interrupted != null;
        attempt.interrupted = why;
        attempt.deadlineNanos = Long.MAX_VALUE;
        if (!told) {
            commands.accept(
                    new WorkerCommand.Interrupt(
                            attempt.stage(), attempt.partition, attempt.number, why));
        }
    }

    private void returned(Attempt attempt) {
        int p = attempt.partition;
        report(new WorkerMessage.Returned(attempt.stage(), p, p + 1, attempt.number));
    }

    private void stolen(SchedulerMessage.TasksStolen m) {
        giveBack(m.stage(), m.from(), m.to(), m.attempt());
        report(new WorkerMessage.StealAnswered());
    }

    /// Returns those of the tasks that haven't started.
    private void giveBack(int stage, int from, int to, int attempt) {
        for (Queued queued : queue.remove(stage, from, to, attempt)) {
            forget(queued.view, queued.to - queued.from);
            report(new WorkerMessage.Returned(stage, queued.from, queued.to, attempt));
        }
    }

    /// The stage has `count` tasks less here.
    private void forget(StageView view, int count) {
        view.taskCount -= count;
        if (view.taskCount == 0) {
            view.kept.forEach(copies::release);
            view.kept.clear();
            closeIfDone(view);
        }
    }

    private void freed(SchedulerMessage.OutputsFreed m) {
        for (int p = m.from(); p < m.to(); p++) {
            int attempt = held.attempt(m.stage(), p);
            if (attempt != 0 && attempt <= m.attempt()) {
                dropOutput(m.stage(), p);
            }
        }
        StageView view = stages.get(m.stage());
        if (view != null) {
            copies.forget(view.broadcast, m);
        }
    }

    private void dropOutput(int stage, int partition) {
        int attempt = held.attempt(stage, partition);
        if (attempt != 0) {
            held.remove(stage, partition);
            commands.accept(new WorkerCommand.DropOutput(stage, partition, attempt));
        }
    }

    private Attempt find(int stage, int partition, int number) {
        for (Attempt attempt : executing) {
            if (attempt.is(stage, partition, number)) {
                return attempt;
            }
        }
        throw new IllegalStateException(
                "attempt %d of task %d/%d doesn't run".formatted(number, stage, partition));
    }

    private Attempt stopped(int stage, int partition, int number) {
        Attempt attempt = find(stage, partition, number);
        yielded.taken(attempt);
        executing.remove(attempt);
        memorySetAside -= attempt.memoryBytes();
        return attempt;
    }

    private int slotsTaken() {
        return executing.size() - yielded.count();
    }

    /// The attempt needs its inputs no more.
    private void end(Attempt attempt) {
        attempt.copies.forEach(copies::release);
        forget(attempt.view, 1);
    }

    private void executed(WorkerEvent.Executed e) {
        Attempt attempt = stopped(e.stage(), e.partition(), e.attempt());
        end(attempt);
        Failure why = attempt.interrupted;
        if (why != null) {
            commands.accept(new WorkerCommand.DropOutput(e.stage(), e.partition(), e.attempt()));
            reportInterrupted(attempt, why);
            return;
        }
        dropOutput(e.stage(), e.partition());
        held.put(e.stage(), e.partition(), e.attempt(), e.rows(), e.bytes());
        report(attempt.finished(e));
    }

    private void threw(WorkerEvent.Threw e) {
        Attempt attempt = stopped(e.stage(), e.partition(), e.attempt());
        Failure why = attempt.interrupted;
        if (why == null && slotsTaken() > 0 && attempt.goesAloneAfter(e.failure())) {
            fetching.addFirst(attempt);
            return;
        }
        end(attempt);
        if (why != null) {
            reportInterrupted(attempt, why);
            return;
        }
        report(new WorkerMessage.Failed(e.stage(), e.partition(), e.attempt(), e.failure()));
    }

    private void reportInterrupted(Attempt attempt, Failure why) {
        if (attempt.untold) {
            return;
        }
        if (why.kind() == Failure.Kind.CANCELLED) {
            returned(attempt);
            return;
        }
        report(new WorkerMessage.Failed(attempt.stage(), attempt.partition, attempt.number, why));
    }

    private void arrived(WorkerEvent.InputArrived e) {
        var key = new InputCopies.Key(e.stage(), e.partition(), e.attempt(), e.slice());
        InputCopies.Copy copy = copies.find(key);
        if (copy == null) {
            copies.drop(key); // nobody waits for it any more
            return;
        }
        if (copy.arrived) {
            return;
        }
        copy.arrived = true;
        for (Attempt attempt : fetching) {
            if (attempt.copies.contains(copy)) {
                attempt.arrived(now);
            }
        }
        copied.arrived(copy);
    }

    private void unavailable(WorkerEvent.InputUnavailable e) {
        InputCopies.Copy copy =
                copies.find(new InputCopies.Key(e.stage(), e.partition(), e.attempt(), e.slice()));
        if (copy != null && !copy.arrived) {
            giveUp(copy);
        }
    }

    /// No task that needs the copy can run.
    private void giveUp(InputCopies.Copy copy) {
        for (Attempt attempt : List.copyOf(fetching)) {
            if (attempt.copies.contains(copy)) {
                fetching.remove(attempt);
                end(attempt);
                InputCopies.Key key = copy.key;
                inputMissing(attempt, key.stage(), key.partition(), key.attempt(), copy.holder);
            }
        }
        for (StageView view : stages.values()) {
            if (view.kept.remove(copy)) {
                copies.release(copy);
            }
            if (view.broadcast.remove(copy)) {
                copies.release(copy);
            }
        }
        copied.unavailable(copy);
    }

    private void inputMissing(Attempt attempt, int stage, int partition, int number, int holder) {
        report(
                new WorkerMessage.InputMissing(
                        attempt.stage(),
                        attempt.partition,
                        attempt.number,
                        stage,
                        partition,
                        number,
                        holder));
    }

    private void ticked(long nanos) {
        now = nanos;
        for (Attempt attempt : executing) {
            if (attempt.deadlineNanos <= now) {
                long millis = attempt.view.stage.limits().timeoutNanos() / 1_000_000;
                interrupt(
                        attempt,
                        new Failure(
                                Failure.Kind.TIMEOUT,
                                "ran longer than its limit of %,d ms".formatted(millis)));
            }
        }
        if (settings.fetchRetryNanos() == 0) {
            return;
        }
        for (InputCopies.Copy copy : copies.overdue(now - settings.fetchRetryNanos())) {
            if (copies.find(copy.key) != copy) {
                continue;
            }
            if (copy.tries == FETCH_TRIES_MAX) {
                giveUp(copy);
                continue;
            }
            copy.tries++;
            copy.askedNanos = now;
            copies.fetch(copy);
        }
    }

    /// Starts what can start. What has its inputs and waits for memory isn't overtaken.
    private void start() {
        yielded.goOn(settings.slots() - slotsTaken());
        boolean blocked = false;
        for (int i = 0; i < fetching.size(); ) {
            Attempt attempt = fetching.get(i);
            if (attempt.missing == 0 && !blocked && admits(attempt)) {
                fetching.remove(i);
                if (hasOwnInputs(attempt)) {
                    execute(attempt);
                }
                continue;
            }
            blocked |= attempt.missing == 0;
            i++;
        }
        boolean waits = blocked;
        for (Queued first = queue.peek();
                first != null && fetching.size() < settings.slots();
                first = queue.peek()) {
            boolean admitted = !blocked && hasRoomFor(first.view.stage.limits().memoryBytesMin());
            waits |= !admitted;
            if (!admitted && !first.mayFetch()) {
                break;
            }
            startNext(first, admitted);
        }
        shortage.note(waits && slotsTaken() < settings.slots(), now);
    }

    private void startNext(Queued first, boolean admitted) {
        Attempt attempt = first.next(now, shortage.since(now));
        if (first.from == first.to) {
            queue.remove();
        }
        if (!collectInputs(attempt)) {
            return;
        }
        if (attempt.missing == 0 && admitted) {
            execute(attempt);
        } else {
            fetching.add(attempt);
        }
    }

    private boolean admits(Attempt attempt) {
        return attempt.alone ? slotsTaken() == 0 : hasRoomFor(attempt.memoryBytes());
    }

    /// True when a slot is free and so much memory can be set aside.
    private boolean hasRoomFor(long memoryBytes) {
        return slotsTaken() == 0
                || slotsTaken() < settings.slots()
                        && executing.stream().noneMatch(a -> a.alone && !a.yielded)
                        && memorySetAside + memoryBytes <= memoryFree;
    }

    private void execute(Attempt attempt) {
        executing.add(attempt);
        shortage.endFor(attempt, now);
        memorySetAside += attempt.memoryBytes();
        long timeout = attempt.view.stage.limits().timeoutNanos();
        if (timeout > 0) {
            attempt.deadlineNanos = now + timeout;
        }
        int p = attempt.partition;
        if (settings.reportStarts() && !attempt.alone) {
            report(new WorkerMessage.Started(attempt.stage(), p, p + 1, attempt.number));
        }
        commands.accept(
                new WorkerCommand.Execute(attempt.stage(), p, attempt.number, attempt.inputs));
    }

    /// Asks for the inputs that are elsewhere. Answers false when one that should be here isn't;
    /// that was reported.
    private boolean collectInputs(Attempt attempt) {
        for (InputRun run : attempt.inputs) {
            int end = attempt.view.endSlice(run.dependency(), attempt.partition);
            for (int q = run.from(); run.worker() != settings.worker() && q < run.to(); q++) {
                int slice = attempt.view.firstSlice(run.dependency(), attempt.partition);
                while (slice < end) {
                    use(attempt, run, q, slice++);
                }
            }
        }
        return hasOwnInputs(attempt);
    }

    /// Answers false when an input that should be held here isn't, as when it was freed while
    /// others were fetched; that was reported.
    private boolean hasOwnInputs(Attempt attempt) {
        for (InputRun run : attempt.inputs) {
            for (int q = run.from(); run.worker() == settings.worker() && q < run.to(); q++) {
                if (held.attempt(run.stage(), q) != run.attempt()) {
                    end(attempt);
                    inputMissing(attempt, run.stage(), q, run.attempt(), run.worker());
                    return false;
                }
            }
        }
        return true;
    }

    private void use(Attempt attempt, InputRun run, int q, int slice) {
        var key = new InputCopies.Key(run.stage(), q, run.attempt(), slice);
        InputCopies.Copy copy = copies.find(key);
        if (copy != null && attempt.copies.contains(copy)) {
            return; // listed twice
        }
        boolean fresh = copy == null;
        if (copy == null) {
            copy = copies.add(key, run.worker(), now);
        }
        copy.users++;
        attempt.copies.add(copy);
        if (!copy.arrived) {
            attempt.missing++;
        }
        attempt.view.keepIfBroadcast(run.dependency(), copy);
        if (fresh) {
            copies.fetch(copy);
            copies.keepIfBroadcast(copy, stages.get(copy.key.stage()));
        }
    }

    /// The attempt whose output of the task is held here; 0 = none.
    public int heldAttempt(int stage, int partition) {
        return held.attempt(stage, partition);
    }

    /// How many outputs are held.
    public long heldCount() {
        return held.count();
    }

    /// How many copies of other workers' outputs are held or asked for.
    public int copyCount() {
        return copies.count();
    }

    /// True when no task waits, fetches or runs here, and no output is on its way to be held.
    public boolean isIdle() {
        return queue.isEmpty() && fetching.isEmpty() && executing.isEmpty() && copied.isEmpty();
    }

    /// How many stages are known here.
    public int stageCount() {
        return stages.size();
    }

    /// The epoch of the scheduler that the worker listens to.
    public int epoch() {
        return epoch;
    }

    /// When the next [WorkerEvent.Ticked] is due at the latest; `Long.MAX_VALUE` when nothing waits
    /// for time.
    public long wakeNanos() {
        long wake = Long.MAX_VALUE;
        for (Attempt attempt : executing) {
            wake = Math.min(wake, attempt.deadlineNanos);
        }
        long oldest = settings.fetchRetryNanos() == 0 ? Long.MAX_VALUE : copies.oldestNanos();
        return oldest == Long.MAX_VALUE
                ? wake
                : Math.min(wake, oldest + settings.fetchRetryNanos());
    }

    /// Checks everything that must always hold; for tests and simulation.
    ///
    /// @throws IllegalStateException when something doesn't
    public void checkInvariants() {
        new Invariants(settings, queue, fetching, executing, copies)
                .check(memorySetAside, yielded.count());
    }
}
