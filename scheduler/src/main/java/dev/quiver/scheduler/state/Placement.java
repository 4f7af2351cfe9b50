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
    /// A question to give tasks back costs about this; less waiting isn't worth it.
    private static final long STEAL_NANOS_MIN = 1_000_000;

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
    private long[] bytesAt = new long[8];
    private boolean[] exhausted = new boolean[8];

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
        if (worker == null) {
            enqueue(stage, p);
            return;
        }
        worker.queue.add(stage, p, p + 1);
    }

    private void enqueue(StageState stage, int p) {
        WorkerRecord holder = Wiring.readsByName(stage, p) ? heaviestHolder(stage, p) : null;
        if (holder != null) {
            holder.queue.add(stage, p, p + 1);
            return;
        }
        Run last = gathered.isEmpty() ? null : gathered.getLast();
        if (last != null && last.stage == stage && last.to == p) {
            last.to++;
        } else {
            gathered.add(new Run(stage, p, p + 1, 0));
        }
    }

    private @Nullable WorkerRecord heaviestHolder(StageState stage, int p) {
        if (board.workers.size() == 1) {
            return board.workers.getFirst();
        }
        wiring.forEachInput(stage, p, weigh);
        WorkerRecord heaviest = null;
        for (WorkerRecord worker : board.workers) {
            if (worker.id < bytesAt.length
                    && bytesAt[worker.id] > 0
                    && (heaviest == null || bytesAt[worker.id] > bytesAt[heaviest.id])) {
                heaviest = worker;
            }
        }
        wiring.forEachInput(stage, p, unweigh);
        return heaviest;
    }

    private void weigh(StageState input, int p) {
        int worker = input.tasks.worker(p);
        if (input.tasks.phase(p) != Phase.IN_MEMORY) {
            return;
        }
        if (worker >= bytesAt.length) {
            bytesAt = Arrays.copyOf(bytesAt, Math.max(worker + 1, bytesAt.length * 2));
        }
        bytesAt[worker] += 1 + input.tasks.bytes(p);
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

    /// The tasks that waited for the worker wait for others.
    void requeue(WorkerRecord lost) {
        for (Run run = lost.queue.poll(); run != null; run = lost.queue.poll()) {
            for (int p = run.from; p < run.to; p++) {
                if (run.stage.isReady(p)) {
                    enqueue(run.stage, p);
                }
            }
        }
    }

    /// Gives out what can be given out.
    void dispatch() {
        placeGathered();
        int workerCount = board.workers.size();
        if (exhausted.length < workerCount) {
            exhausted = new boolean[workerCount];
        }
        Arrays.fill(exhausted, 0, workerCount, false);
        while (true) {
            int best = -1;
            for (int i = 0; i < workerCount; i++) {
                if (!exhausted[i] && (best < 0 || lessLoaded(i, best))) {
                    best = i;
                }
            }
            if (best < 0) {
                return;
            }
            exhausted[best] = !assignNext(board.workers.get(best));
        }
    }

    private boolean lessLoaded(int a, int b) {
        WorkerRecord first = board.workers.get(a);
        WorkerRecord second = board.workers.get(b);
        return (long) first.outstanding * second.slots < (long) second.outstanding * first.slots;
    }

    private void placeGathered() {
        int slots = 0;
        for (WorkerRecord worker : board.workers) {
            slots += worker.slots;
        }
        for (Run run : gathered) {
            int count = run.to - run.from;
            if (board.workers.size() < 2 || count < 2L * slots || run.stage.limited()) {
                anyone.add(run.stage, run.from, run.to);
                continue;
            }
            long given = 0;
            for (WorkerRecord worker : board.workers) {
                int from = run.from + (int) (given * count / slots);
                given += worker.slots;
                worker.queue.add(run.stage, from, run.from + (int) (given * count / slots));
            }
        }
        gathered.clear();
    }

    /// Gives the worker the tasks that go first for it.
    ///
    /// @return false when there are none or it has enough
    private boolean assignNext(WorkerRecord worker) {
        if (worker.announcing) {
            return false;
        }
        Run mine = worker.queue.first();
        Run common = anyone.first();
        Run run = mine == null || (common != null && common.before(mine)) ? common : mine;
        if (run == null) {
            run =
                    board.settings.stealing() && worker.outstanding < worker.slots
                            ? takeFromOthers(worker)
                            : null;
            if (run == null) {
                return false;
            }
        }
        int room = room(worker, run.stage);
        if (run == common) {
            room = Math.min(room, Math.ceilDiv(run.to - run.from, board.workers.size()));
        }
        if (room <= 0) {
            return false;
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
        run.from = to;
        assignment.assign(worker, run.stage, from, to);
        return true;
    }

    /// How many more tasks of the stage the worker may be assigned.
    private int room(WorkerRecord worker, StageState stage) {
        long nanos = stage.taskNanos();
        int ahead = worker.slots;
        if (nanos > 0) {
            long byTime = board.settings.aheadNanos() * worker.slots / nanos;
            long most = (long) board.settings.aheadMax() * worker.slots;
            ahead = (int) Math.clamp(byTime, worker.slots, Math.max(worker.slots, most));
        }
        if (worker.outstanding > worker.slots + ahead / 2) {
            return 0;
        }
        int room = worker.slots + ahead - worker.outstanding;
        long memory = stage.stage.limits().memoryBytesMin();
        if (memory == 0) {
            return room;
        }
        long byMemory = (worker.memoryBytes - worker.outstandingBytes) / memory;
        long atLeast = worker.outstanding == 0 ? 1 : 0;
        return (int) Math.min(room, Math.max(atLeast, byMemory));
    }

    private @Nullable Run takeFromOthers(WorkerRecord idle) {
        Run longest = null;
        for (WorkerRecord other : board.workers) {
            Run run = other == idle ? null : other.queue.longest();
            if (run != null
                    && run.to > run.from
                    && room(other, run.stage) <= 0
                    && worthMoving(other, run.stage, other.queue.roughCount())
                    && (longest == null || run.to - run.from > longest.to - longest.from)) {
                longest = run;
            }
        }
        if (longest == null) {
            askForTasks(idle);
            return null;
        }
        int middle = longest.from + (longest.to - longest.from) / 2;
        idle.queue.add(longest.stage, middle, longest.to);
        longest.to = middle;
        return idle.queue.first();
    }

    /// True when `count` tasks wait longer for `holder` than it takes to bring one task's inputs
    /// elsewhere.
    private static boolean worthMoving(WorkerRecord holder, StageState stage, long count) {
        long nanos = stage.taskNanos() == 0 ? TASK_NANOS_GUESS : stage.taskNanos();
        long inputBytes = 0;
        for (StageState.Link link : stage.inputs) {
            if (!link.readsAll() && link.input().doneCount > 0) {
                inputBytes += link.input().bytes / link.input().doneCount;
            }
        }
        return count * nanos / holder.slots >= inputBytes; // a byte a nanosecond
    }

    /// Asks the worker with most tasks that it hasn't started to give half of them back.
    private void askForTasks(WorkerRecord idle) {
        WorkerRecord busiest = null;
        for (WorkerRecord other : board.workers) {
            if (other != idle
                    && !other.stealPending()
                    && !other.announcing
                    && other.outstanding > other.slots
                    && (busiest == null || lessWaiting(busiest, other))) {
                busiest = other;
            }
        }
        if (busiest == null) {
            return;
        }
        Run last = assignment.lastWaiting(busiest);
        if (last == null) {
            return;
        }
        int waiting = busiest.outstanding - busiest.slots;
        long nanos = last.stage.taskNanos() == 0 ? TASK_NANOS_GUESS : last.stage.taskNanos();
        if (waiting * nanos / busiest.slots < STEAL_NANOS_MIN / 2
                || !worthMoving(busiest, last.stage, waiting)) {
            return;
        }
        int count = Math.min(last.to - last.from, Math.ceilDiv(waiting, 2));
        assignment.steal(busiest, idle, last, count);
    }

    private static boolean lessWaiting(WorkerRecord a, WorkerRecord b) {
        return (long) (a.outstanding - a.slots) * b.slots
                < (long) (b.outstanding - b.slots) * a.slots;
    }
}
