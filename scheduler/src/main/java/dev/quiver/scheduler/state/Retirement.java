package dev.quiver.scheduler.state;

import dev.quiver.graph.TaskKey;
import dev.quiver.protocol.SchedulerMessage;
import dev.quiver.protocol.WorkerMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// How workers leave that are to: they get no task, give back what they haven't started and end
/// what they run. Outputs that they hold are copied to others, to the least full first; what nobody
/// takes is computed again. When nothing of theirs is needed any more they are told that they may
/// go.
///
/// An output that was copied stays with the one that leaves as well, since others may be reading it
/// there.
final class Retirement {
    /// So many outputs are copied from a worker at a time.
    static final int COPYING_MAX = 1024;

    /// So many bytes of outputs are, unless a single one is larger.
    static final long COPYING_BYTES_MAX = 64L << 20;

    /// So many outputs are asked of one worker at once.
    private static final int ASKED_MAX = 64;

    /// An output on its way from one worker to another.
    private record Copying(int from, int to, int attempt, long bytes) {}

    private final Board board;
    private final Lineage lineage;
    private final Placement placement;

    /// By task.
    private final TreeMap<Long, Copying> copying = new TreeMap<>();

    /// Who couldn't take an output, by task.
    private final TreeMap<Long, TreeSet<Integer>> refusals = new TreeMap<>();

    Retirement(Board board, Lineage lineage, Placement placement) {
        this.board = board;
        this.lineage = lineage;
        this.placement = placement;
    }

    /// The worker is to leave; it says so again in each of its sessions.
    void begin(WorkerRecord worker) {
        worker.released = false;
        if (!worker.retiring) {
            board.workers.retire(worker);
            placement.requeue(worker);
            board.workers.backlogChanged(worker);
            placement.takeBack(worker);
        }
        worker.held.clear();
        for (WorkerRecord each : board.workers.all()) {
            each.heldBytes = 0;
        }
        board.stages.forEach(stage -> findHeld(worker, stage));
    }

    /// An output of a worker that is to leave is on its way to another already.
    void adopt(long task, int from, int to, int attempt, long bytes) {
        copying.put(task, new Copying(from, to, attempt, bytes));
    }

    private void findHeld(WorkerRecord leaving, StageState stage) {
        int candidates = stage.tasks.count(Phase.IN_MEMORY);
        for (int p = 0; candidates > 0 && p < stage.tasks.size(); p++) {
            if (stage.tasks.phase(p) != Phase.IN_MEMORY) {
                continue;
            }
            candidates--;
            WorkerRecord holder = board.worker(stage.tasks.worker(p));
            if (holder != null) {
                holder.heldBytes += stage.tasks.bytes(p);
            }
            if (holder == leaving && !copying.containsKey(TaskKey.pack(stage.id(), p))) {
                holds(leaving, stage, p);
            }
        }
    }

    /// A worker that is to leave holds that output.
    void holds(WorkerRecord worker, StageState stage, int p) {
        if (lineage.standsIn(stage, p)) {
            return;
        }
        int attempt = stage.tasks.attempt(p);
        Run last = worker.held.peekLast();
        if (last != null && last.stage == stage && last.to == p && last.attempt == attempt) {
            last.to++;
        } else {
            worker.held.add(new Run(stage, p, p + 1, attempt));
        }
    }

    /// Has outputs copied, and lets those go of which nothing is needed.
    void look() {
        if (board.recovering) {
            return;
        }
        if (board.workers.retiring().isEmpty() && !refusals.isEmpty()) {
            refusals.clear();
        }
        for (int i = 0; i < board.workers.retiring().size(); i++) {
            WorkerRecord worker = board.workers.retiring().get(i);
            if (!worker.announcing && !worker.released) {
                copySome(worker);
                releaseIfDone(worker);
            }
        }
    }

    private void releaseIfDone(WorkerRecord worker) {
        if (worker.isDone() && firstHeld(worker) == null && !takesPart(worker)) {
            worker.released = true;
            board.flush();
            board.tell(worker.id, new SchedulerMessage.Retired());
        }
    }

    /// Whether an output is on its way from the worker or to it.
    private boolean takesPart(WorkerRecord worker) {
        for (Copying one : copying.values()) {
            if (one.from == worker.id || one.to == worker.id) {
                return true;
            }
        }
        return false;
    }

    /// The first run of outputs that the worker holds and that aren't on their way to another, from
    /// an output on that it does hold; null when there is none.
    private static @Nullable Run firstHeld(WorkerRecord worker) {
        for (Run run = worker.held.peek(); run != null; run = worker.held.peek()) {
            while (run.from < run.to && !isHeld(worker, run, run.from)) {
                run.from++;
            }
            if (run.from < run.to) {
                return run;
            }
            worker.held.remove();
        }
        return null;
    }

    private static boolean isHeld(WorkerRecord worker, Run run, int p) {
        TaskTable tasks = run.stage.tasks;
        return !run.stage.forgotten
                && tasks.phase(p) == Phase.IN_MEMORY
                && tasks.worker(p) == worker.id
                && tasks.attempt(p) == run.attempt;
    }

    private void copySome(WorkerRecord worker) {
        int count = 0;
        long bytes = 0;
        for (Copying one : copying.values()) {
            if (one.from == worker.id) {
                count++;
                bytes += one.bytes;
            }
        }
        for (Run run = firstHeld(worker);
                run != null && count < COPYING_MAX && bytes < COPYING_BYTES_MAX;
                run = firstHeld(worker)) {
            WorkerRecord target = target(TaskKey.pack(run.stage.id(), run.from));
            if (target == null && mayCome(run)) {
                return; // nobody is there at the moment
            }
            if (target == null) {
                giveUp(worker, run.stage, run.from++);
                continue;
            }
            int first = run.from;
            bytes += copy(worker, run, target, COPYING_BYTES_MAX - bytes);
            count += run.from - first;
        }
    }

    /// Whether somebody may take the first output of the run who isn't there, or says later what it
    /// holds.
    private boolean mayCome(Run run) {
        if (board.workers.staying().isEmpty()
                || !refusals.containsKey(TaskKey.pack(run.stage.id(), run.from))) {
            return true;
        }
        return board.workers.staying().stream().anyMatch(w -> w.announcing);
    }

    /// The least full of the workers that can be asked; null when none can.
    private @Nullable WorkerRecord target(long task) {
        TreeSet<Integer> refused = refusals.get(task);
        WorkerRecord best = null;
        for (WorkerRecord worker : board.workers.staying()) {
            boolean can = !worker.announcing && (refused == null || !refused.contains(worker.id));
            if (can && (best == null || fill(worker) < fill(best))) {
                best = worker;
            }
        }
        return best;
    }

    private static double fill(WorkerRecord worker) {
        return (1.0 + worker.heldBytes) / Math.max(1, worker.memoryBytes);
    }

    /// Has the target copy outputs at the front of the run.
    ///
    /// @return how many bytes they have
    private long copy(WorkerRecord from, Run run, WorkerRecord target, long room) {
        int first = run.from;
        TaskTable tasks = run.stage.tasks;
        var rows = new ArrayList<Long>();
        var bytes = new ArrayList<Long>();
        long total = 0;
        while (run.from < run.to
                && rows.size() < ASKED_MAX
                && (rows.isEmpty() || total + tasks.bytes(run.from) <= room)
                && isHeld(from, run, run.from)
                && (rows.isEmpty()
                        || !refusals.containsKey(TaskKey.pack(run.stage.id(), run.from)))) {
            int p = run.from++;
            rows.add(tasks.rows(p));
            bytes.add(tasks.bytes(p));
            total += tasks.bytes(p);
            copying.put(
                    TaskKey.pack(run.stage.id(), p),
                    new Copying(from.id, target.id, run.attempt, tasks.bytes(p)));
        }
        target.heldBytes += total;
        board.flush(); // what is to be freed of them there is of an earlier copy
        board.tell(
                target.id,
                new SchedulerMessage.OutputsCopied(
                        run.stage.id(), first, run.attempt, from.id, rows, bytes));
        return total;
    }

    /// Nobody takes the output: it is computed again.
    private void giveUp(WorkerRecord worker, StageState stage, int p) {
        refusals.remove(TaskKey.pack(stage.id(), p));
        stage.story.tell(
                board.now,
                p,
                p + 1,
                "no other worker could copy it from worker %d, which leaves: runs again"
                        .formatted(worker.id));
        lineage.lose(stage, p);
        lineage.settle();
    }

    /// A worker holds a copy of an output from now on: that counts, unless it isn't needed any
    /// more.
    void copied(WorkerRecord worker, WorkerMessage.Copied m) {
        Copying asked = answered(worker, m.stage(), m.partition(), m.attempt());
        if (asked != null) {
            refusals.remove(TaskKey.pack(m.stage(), m.partition()));
        }
        StageState stage = board.stages.get(m.stage());
        int p = m.partition();
        if (stage == null) {
            board.tell(
                    worker.id, new SchedulerMessage.OutputsFreed(m.stage(), p, p + 1, m.attempt()));
            return;
        }
        TaskTable tasks = stage.tasks;
        if (tasks.phase(p) == Phase.IN_MEMORY
                && tasks.attempt(p) == m.attempt()
                && tasks.worker(p) == worker.id) {
            return;
        }
        if (asked == null
                || tasks.phase(p) != Phase.IN_MEMORY
                || tasks.attempt(p) != m.attempt()
                || tasks.worker(p) != asked.from) {
            if (!board.replicas.isAt(worker.id, stage, p, m.attempt())) {
                board.freeAt(worker.id, stage, p, m.attempt());
            }
            return;
        }
        tasks.move(p, worker.id, m.attempt());
        stage.story.tell(
                board.now,
                p,
                p + 1,
                "moved from worker %d, which leaves, to worker %d"
                        .formatted(asked.from, worker.id));
        lineage.moved(stage, p);
        if (worker.retiring) {
            holds(worker, stage, p);
        }
    }

    /// The worker couldn't copy an output: another is asked.
    void notCopied(WorkerRecord worker, WorkerMessage.NotCopied m) {
        Copying asked = answered(worker, m.stage(), m.partition(), m.attempt());
        if (asked == null) {
            return;
        }
        worker.heldBytes -= asked.bytes;
        long task = TaskKey.pack(m.stage(), m.partition());
        if (askAgain(task, asked)) {
            refusals.computeIfAbsent(task, _ -> new TreeSet<>()).add(worker.id);
        } else {
            refusals.remove(task);
        }
    }

    /// Whether the worker was asked to take that output of one that leaves.
    boolean hasAsked(WorkerRecord worker, WorkerMessage.Copied m) {
        return asked(worker, m.stage(), m.partition(), m.attempt()) != null;
    }

    private @Nullable Copying asked(WorkerRecord worker, int stage, int p, int attempt) {
        Copying asked = copying.get(TaskKey.pack(stage, p));
        return asked != null && asked.to == worker.id && asked.attempt == attempt ? asked : null;
    }

    private @Nullable Copying answered(WorkerRecord worker, int stage, int p, int attempt) {
        Copying asked = asked(worker, stage, p, attempt);
        if (asked != null) {
            copying.remove(TaskKey.pack(stage, p));
        }
        return asked;
    }

    /// Another worker is to be asked for the output, if it is still where it was.
    ///
    /// @return whether it is
    private boolean askAgain(long task, Copying asked) {
        WorkerRecord from = board.worker(asked.from);
        StageState stage = board.stages.get(TaskKey.stageOf(task));
        int p = TaskKey.partitionOf(task);
        if (from == null
                || stage == null
                || !isHeld(from, new Run(stage, p, p + 1, asked.attempt), p)) {
            return false;
        }
        holds(from, stage, p);
        return true;
    }

    /// The worker has gone, or begins another session: what it was to copy others are asked for.
    void lost(WorkerRecord worker) {
        if (copying.isEmpty()) {
            return;
        }
        var again = new TreeMap<Long, Copying>();
        copying.forEach((task, one) -> {
            if (one.to == worker.id) {
                again.put(task, one);
            }
        });
        copying.keySet().removeAll(again.keySet());
        again.forEach(this::askAgain);
    }

    /// How far those are that are to leave.
    List<RetirementStatus> statuses() {
        var all = new ArrayList<RetirementStatus>();
        for (WorkerRecord worker : board.workers.retiring()) {
            long outputs = 0;
            long bytes = 0;
            for (Copying one : copying.values()) {
                if (one.from == worker.id) {
                    outputs++;
                    bytes += one.bytes;
                }
            }
            for (Run run : worker.held) {
                for (int p = run.from; p < run.to; p++) {
                    if (isHeld(worker, run, p)) {
                        outputs++;
                        bytes += run.stage.tasks.bytes(p);
                    }
                }
            }
            all.add(
                    new RetirementStatus(
                            worker.id, worker.attempts(), outputs, bytes, worker.released));
        }
        return all;
    }
}
