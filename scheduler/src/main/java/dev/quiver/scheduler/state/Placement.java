package dev.quiver.scheduler.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which ready task goes to which worker.
///
/// A task that reads others by name waits in the queue of the worker that holds most of their
/// bytes. Others are gathered into runs; a long run is divided among the workers' queues, so that
/// neighbours meet on one worker, a short one waits for whoever comes first. An idle worker takes
/// the upper half of the longest run that waits for another; when nothing waits here, it is given
/// what another worker was assigned and hasn't started.
final class Placement {
    /// A question to give tasks back costs about this, and so does fetching what tasks read that
    /// are moved; less waiting isn't worth it.
    private static final long STEAL_NANOS_MIN = 1_000_000;

    /// To bring an input elsewhere costs as much as this many bytes, however small it is.
    private static final long INPUT_BYTES_MIN = 1024;

    /// So many workers with a backlog are looked at for one that can give something away.
    private static final int LOOK_MAX = 32;

    /// So many idle workers are looked at for one that hasn't asked yet.
    private static final int ASK_MAX = 64;

    /// Assumed where a stage's tasks weren't measured yet.
    private static final long TASK_NANOS_GUESS = 1_000_000;

    final Delays delays = new Delays();
    private final Board board;
    private final Wiring wiring;
    private final Assignment assignment;
    private final RunQueue anyone = new RunQueue();
    private final List<Run> gathered = new ArrayList<>();
    private final List<StageState> limited = new ArrayList<>();

    private final Wiring.Visitor weigh = this::weigh;
    private final Wiring.Visitor unweigh = this::unweigh;
    private final Wiring.Visitor look = this::look;

    /// While the inputs of one task are looked at.
    private boolean inputsThere;

    private long[] bytesAt = new long[8];
    private @Nullable WorkerRecord heaviest;

    /// The stage of which tasks came first when workers were short of memory.
    private @Nullable StageState shortFor;

    Placement(Board board, Wiring wiring) {
        this.board = board;
        this.wiring = wiring;
        this.assignment = new Assignment(board, wiring);
    }

    /// A pending task has all its inputs.
    void ready(StageState stage, int p) {
        stage.tasks.phase(p, Phase.READY);
        if (stage.limited() && p >= stage.windowEnd) {
            return;
        }
        enqueue(stage, p);
    }

    /// All inputs that every task of the stage reads are there.
    void readyAll(StageState stage) {
        int waiting = stage.tasks.count(Phase.WAITING);
        for (int p = 0; waiting > 0; p++) {
            if (stage.tasks.phase(p) == Phase.WAITING) {
                waiting--;
                if (stage.tasks.missing(p) == 0) {
                    ready(stage, p);
                }
            }
        }
    }

    /// A ready task goes to this worker, if it is still there.
    void readyFor(int workerId, StageState stage, int p) {
        WorkerRecord worker = board.worker(workerId);
        if (worker == null || worker.retiring) {
            enqueue(stage, p);
            return;
        }
        queue(worker, stage, p, p + 1);
    }

    private void queue(WorkerRecord worker, StageState stage, int from, int to) {
        worker.queue.add(stage, from, to);
        board.workers.backlogChanged(worker);
        board.workers.touch(worker);
    }

    private void enqueue(StageState stage, int p) {
        WorkerRecord holder = Wiring.readsByName(stage, p, p + 1) ? heaviestHolder(stage, p) : null;
        if (holder != null) {
            queue(holder, stage, p, p + 1);
            return;
        }
        Run last = gathered.isEmpty() ? null : gathered.getLast();
        if (last != null && last.stage == stage && last.to == p) {
            last.to++;
        } else if (last != null && last.stage == stage && last.from == p + 1) {
            last.from--; // what is asked for by readers comes last one first
        } else {
            gathered.add(new Run(stage, p, p + 1, 0));
        }
    }

    private @Nullable WorkerRecord heaviestHolder(StageState stage, int p) {
        if (board.workers.staying().size() == 1) {
            return board.workers.staying().getFirst();
        }
        heaviest = null;
        wiring.forEachInput(stage, p, weigh);
        wiring.forEachInput(stage, p, unweigh);
        return heaviest;
    }

    private void weigh(StageState input, int p) {
        if (input.tasks.phase(p) != Phase.IN_MEMORY) {
            return;
        }
        WorkerRecord worker = board.worker(input.tasks.worker(p));
        if (worker == null || worker.retiring) {
            return; // being lost, or it gets nothing
        }
        if (worker.id >= bytesAt.length) {
            bytesAt = Arrays.copyOf(bytesAt, Math.max(worker.id + 1, bytesAt.length * 2));
        }
        bytesAt[worker.id] += INPUT_BYTES_MIN + 1 + input.tasks.bytes(p);
        WorkerRecord best = heaviest;
        if (best == null || heavier(worker, best)) {
            heaviest = worker;
        }
    }

    /// Where the bytes make no difference the one with less to do: neighbours on a border between
    /// two workers go to either of them in turns.
    private boolean heavier(WorkerRecord a, WorkerRecord b) {
        long first = bytesAt[a.id];
        long second = bytesAt[b.id];
        if (Math.abs(first - second) > INPUT_BYTES_MIN) {
            return first > second;
        }
        long waitFirst = waiting(a) * b.slots;
        long waitSecond = waiting(b) * a.slots;
        return waitFirst == waitSecond ? a.order < b.order : waitFirst < waitSecond;
    }

    private static long waiting(WorkerRecord worker) {
        return worker.outstanding() + worker.queue.count();
    }

    private void unweigh(StageState input, int p) {
        int worker = input.tasks.worker(p);
        if (worker >= 0 && worker < bytesAt.length) {
            bytesAt[worker] = 0;
        }
    }

    /// A stage with a limit of rows has come; from now on its window is looked after.
    void addLimited(StageState stage) {
        limited.add(stage);
    }

    List<StageState> limited() {
        return limited;
    }

    /// Lets the next tasks of a limited stage start, twice as many as before.
    void openWindow(StageState stage) {
        int from = stage.windowEnd;
        int to = (int) Math.min(stage.tasks.size(), (long) from + stage.window);
        stage.windowEnd = to;
        stage.window = Math.min(stage.window * 2, 1 << 20);
        for (int p = from; p < to; p++) {
            if (stage.tasks.phase(p) == Phase.READY) {
                enqueue(stage, p);
            }
        }
    }

    /// True when no task waits for whoever comes first.
    boolean nothingWaits() {
        return anyone.isEmpty();
    }

    /// The tasks that waited for the worker, which has gone or is to leave, wait for others.
    void requeue(WorkerRecord leaving) {
        for (Run run = leaving.queue.poll(); run != null; run = leaving.queue.poll()) {
            for (int p = run.from; p < run.to; p++) {
                if (run.stage.isReady(p)) {
                    enqueue(run.stage, p);
                }
            }
        }
    }

    /// Asks a worker that is to leave for all that it hasn't started.
    void takeBack(WorkerRecord leaving) {
        assignment.takeBack(leaving);
    }

    /// A worker that has nothing to do and room for a task that `first` runs; null when there is
    /// none.
    @Nullable WorkerRecord idleBeside(WorkerRecord first, StageState stage) {
        WorkerHeap hungry = board.workers.hungry;
        for (int i = 0; i < Math.min(hungry.size(), LOOK_MAX); i++) {
            WorkerRecord worker = hungry.at(i);
            if (worker != first
                    && worker.outstanding() < worker.slots
                    && memoryRoom(worker, stage) > 0) {
                return worker;
            }
        }
        return null;
    }

    /// Whether all that a task reads is there; one at a worker may have read what isn't any more.
    boolean hasInputs(StageState stage, int p) {
        inputsThere = stage.missingAll == 0;
        wiring.forEachInput(stage, p, look);
        return inputsThere;
    }

    private void look(StageState input, int p) {
        inputsThere &= input.tasks.phase(p).available();
    }

    /// See [Assignment#assignSecond].
    int giveSecond(WorkerRecord worker, StageState stage, int p) {
        return assignment.assignSecond(worker, stage, p);
    }

    /// See [Assignment#takeSecond].
    void takeSecond(WorkerRecord worker, StageState stage, int p, int attempt, long nanos) {
        assignment.takeSecond(worker, stage, p, attempt, nanos);
    }

    /// See [Assignment#forEachAssigned].
    void forEachAssigned(WorkerRecord worker, Assignment.TaskVisitor visitor) {
        assignment.forEachAssigned(worker, visitor);
    }

    /// Gives out what can be given out, to the least loaded worker first. Looks only at workers to
    /// which something happened, and at others for what they can take: see [Roster].
    void dispatch() {
        placeGathered();
        while (true) {
            WorkerRecord worker = next();
            if (worker != null) {
                assignNext(worker);
            } else if (!board.settings.stealing() || !share()) {
                return;
            }
        }
    }

    /// Who is to be looked at next; null when nobody can take anything.
    private @Nullable WorkerRecord next() {
        Roster workers = board.workers;
        Run common = anyone.first();
        if (common == null) {
            return workers.due.first();
        }
        if (common.stage != shortFor) {
            shortFor = common.stage;
            workers.lookAgainAtShort();
        }
        WorkerRecord due = workers.due.first();
        WorkerRecord hungry = workers.hungry.first();
        if (due == null || hungry == null) {
            return due == null ? hungry : due;
        }
        return Roster.lessLoaded(hungry, due) ? hungry : due;
    }

    private void placeGathered() {
        int slots = board.workers.slots();
        for (Run run : gathered) {
            int count = run.to - run.from;
            if (board.workers.staying().size() < 2 || count < 2L * slots || run.stage.limited()) {
                anyone.add(run.stage, run.from, run.to);
                continue;
            }
            long given = 0;
            for (WorkerRecord worker : board.workers.staying()) {
                int from = run.from + (int) (given * count / slots);
                given += worker.slots;
                queue(worker, run.stage, from, run.from + (int) (given * count / slots));
            }
        }
        gathered.clear();
    }

    /// Gives the worker the tasks that go first for it, or notes why it gets none.
    private void assignNext(WorkerRecord worker) {
        Run mine = worker.queue.first();
        Run common = anyone.first();
        boolean fromAnyone = mine == null || (common != null && Share.before(common, mine));
        Run run = fromAnyone ? common : mine;
        board.workers.backlogChanged(worker);
        if (run == null) {
            board.workers.isHungry(worker);
            return;
        }
        int room = slotRoom(worker, run.stage, board.settings);
        if (room <= 0) {
            board.workers.isFull(worker);
            return;
        }
        room = Math.min(room, memoryRoom(worker, run.stage));
        if (room <= 0) {
            board.workers.isShort(worker);
            return;
        }
        if (fromAnyone) {
            room = Math.min(room, Math.ceilDiv(run.to - run.from, board.workers.staying().size()));
        }
        int from = run.from;
        int to = from;
        TaskTable tasks = run.stage.tasks;
        int attempt = assignment.nextAttempt(run.stage, from);
        while (to < run.to
                && to - from < room
                && tasks.phase(to) == Phase.READY
                && (to == from || assignment.nextAttempt(run.stage, to) == attempt)) {
            to++;
        }
        (fromAnyone ? anyone : worker.queue).take(run, to);
        board.workers.touch(worker);
        assignment.assign(worker, run.stage, from, to);
    }

    private static int room(WorkerRecord worker, StageState stage, SchedulerSettings settings) {
        return Math.min(slotRoom(worker, stage, settings), memoryRoom(worker, stage));
    }

    /// How many more tasks of the stage the worker may be assigned for its slots.
    private static int slotRoom(WorkerRecord worker, StageState stage, SchedulerSettings settings) {
        long nanos = stage.taskNanos();
        int ahead = worker.slots;
        if (nanos > 0) {
            long byTime = settings.aheadNanos() * worker.slots / nanos;
            long most = (long) settings.aheadMax() * worker.slots;
            ahead = (int) Math.clamp(byTime, worker.slots, Math.max(worker.slots, most));
        }
        int outstanding = worker.outstanding();
        return outstanding > worker.slots + ahead / 2 ? 0 : worker.slots + ahead - outstanding;
    }

    /// How many more tasks of the stage the worker may be assigned for its memory.
    private static int memoryRoom(WorkerRecord worker, StageState stage) {
        long memory = stage.stage.limits().memoryBytesMin();
        if (memory == 0) {
            return Integer.MAX_VALUE;
        }
        long byMemory = (worker.memoryBytes - worker.outstandingBytes()) / memory;
        long atLeast = worker.outstanding() == 0 ? 1 : 0;
        return (int) Math.clamp(byMemory, atLeast, Integer.MAX_VALUE);
    }

    /// Lets idle workers have what waits for others; answers true when one is to be looked at
    /// again.
    private boolean share() {
        WorkerRecord idle = board.workers.hungry.first();
        if (idle == null || idle.outstanding() >= idle.slots) {
            return false;
        }
        if (takeFromOthers(idle)) {
            return true;
        }
        askForTasks();
        return false;
    }

    /// Moves half of the longest run that waits for another worker.
    private boolean takeFromOthers(WorkerRecord idle) {
        Run longest = null;
        WorkerRecord holder = idle;
        WorkerHeap backlogged = board.workers.backlogged;
        for (int i = 0; i < Math.min(backlogged.size(), LOOK_MAX); i++) {
            WorkerRecord other = backlogged.at(i);
            Run run = other == idle ? null : other.queue.longest();
            if (run != null
                    && run.to > run.from
                    && room(other, run.stage, board.settings) <= 0
                    && worthMoving(other, run.stage, run.from, run.to, other.queue.count())
                    && (longest == null || run.to - run.from > longest.to - longest.from)) {
                longest = run;
                holder = other;
            }
        }
        if (longest == null) {
            return false;
        }
        int middle = longest.from + (longest.to - longest.from) / 2;
        int to = longest.to;
        holder.queue.cut(longest, middle);
        board.workers.backlogChanged(holder);
        queue(idle, longest.stage, middle, to);
        return true;
    }

    /// True when `count` tasks wait longer for `holder` than it takes to bring one task's inputs
    /// elsewhere.
    private static boolean worthMoving(
            WorkerRecord holder, StageState stage, int from, int to, long count) {
        long nanos = stage.taskNanos() == 0 ? TASK_NANOS_GUESS : stage.taskNanos();
        boolean fetches = Wiring.readsByName(stage, from, to);
        long inputBytes = fetches ? STEAL_NANOS_MIN : 0;
        for (StageState.Link link : stage.inputs) {
            if (!link.readsAll() && link.input().doneCount > 0) {
                inputBytes += link.input().bytes / link.input().doneCount / link.parts();
            }
        }
        return count * nanos / holder.slots >= inputBytes; // a byte a nanosecond
    }

    /// Asks the workers with most tasks that they haven't started to give half of them back, each
    /// for an idle worker that waits for no such answer.
    private void askForTasks() {
        for (WorkerRecord busiest = board.workers.loaded.first();
                busiest != null;
                busiest = board.workers.loaded.first()) {
            AssignedRun last = assignment.lastWaiting(busiest);
            int waiting = busiest.outstanding() - busiest.slots;
            if (last == null || !worthAsking(busiest, last, waiting)) {
                return;
            }
            WorkerRecord idle = firstWithoutQuestion();
            if (idle == null) {
                return;
            }
            int count = Math.min(last.asked - last.from, Math.ceilDiv(waiting, 2));
            assignment.steal(busiest, idle, last, count);
        }
    }

    private static boolean worthAsking(WorkerRecord holder, AssignedRun last, int waiting) {
        long nanos = last.stage.taskNanos() == 0 ? TASK_NANOS_GUESS : last.stage.taskNanos();
        return waiting * nanos / holder.slots >= STEAL_NANOS_MIN / 2
                && worthMoving(holder, last.stage, last.from, last.asked, waiting);
    }

    private @Nullable WorkerRecord firstWithoutQuestion() {
        WorkerHeap hungry = board.workers.hungry;
        for (int i = 0; i < Math.min(hungry.size(), ASK_MAX); i++) {
            WorkerRecord worker = hungry.at(i);
            if (worker.outstanding() < worker.slots && worker.questions == 0) {
                return worker;
            }
        }
        return null;
    }
}
