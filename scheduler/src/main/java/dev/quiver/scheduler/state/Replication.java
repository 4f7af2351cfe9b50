package dev.quiver.scheduler.state;

import dev.quiver.graph.TaskKey;
import dev.quiver.protocol.WorkerMessage;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Has what clients keep, and what would take long to compute again, copied to a second worker: the
/// loss of one then costs nothing.
///
/// An output is worth it that has been kept for as long as a recomputation has to take at least,
/// that nothing pending reads, and that is copied in a small part of the time. What counts is the
/// time of its own task, and of all before it whose outputs are gone: behind a shuffle that is the
/// whole of it.
final class Replication {
    /// A copy must cost at most this part of what it saves.
    private static final int WORTH = 4;

    /// About how long it takes to copy a byte.
    private static final int NANOS_A_BYTE = 10;

    /// Of a worker's memory replicas take at most this part.
    private static final int MEMORY_PART = 5;

    /// So many outputs are on their way at a time.
    private static final int MAKING_MAX = 64;

    /// So many bytes of outputs are, unless a single one is larger.
    private static final long MAKING_BYTES_MAX = 64L << 20;

    /// A stage whose outputs are looked at when they have been kept for long enough.
    private record Due(StageState stage, long nanos) {}

    /// An output that is to be copied.
    private record Wanted(StageState stage, int partition, int attempt) {}

    /// An output on its way.
    private record Making(int worker, int attempt, long bytes) {}

    private final Board board;

    /// The one that is due first is first.
    private final ArrayDeque<Due> due = new ArrayDeque<>();

    private final ArrayDeque<Wanted> wanted = new ArrayDeque<>();

    /// By task.
    private final TreeMap<Long, Making> making = new TreeMap<>();

    Replication(Board board) {
        this.board = board;
    }

    private boolean isOff() {
        return board.settings.replicaNanosMin() == SchedulerSettings.NO_REPLICAS;
    }

    /// Outputs of the stage have come, or replicas of them have gone.
    void consider(StageState stage) {
        if (isOff() || stage.replicasDue) {
            return;
        }
        stage.replicasDue = true;
        due.add(new Due(stage, board.now + board.settings.replicaNanosMin()));
    }

    /// There is another worker: what was kept while there was none may be copied there.
    void joined() {
        if (!isOff()) {
            board.stages.forEach(stage -> {
                if (stage.tasks.count(Phase.IN_MEMORY) > 0) {
                    consider(stage);
                }
            });
        }
    }

    /// When [#look] has something to do next, at the earliest.
    long wakeNanos() {
        Due next = due.peek();
        return next == null ? Long.MAX_VALUE : next.nanos;
    }

    /// Looks at what is due, and has the next outputs copied.
    void look() {
        if (board.recovering) {
            return;
        }
        for (StageState stage = board.replicas.nextUsed();
                stage != null;
                stage = board.replicas.nextUsed()) {
            consider(stage);
        }
        for (Due next = due.peek(); next != null && next.nanos <= board.now; next = due.peek()) {
            due.remove();
            next.stage.replicasDue = false;
            if (!next.stage.forgotten && isCostly(next.stage)) {
                plan(next.stage);
            }
        }
        if (wanted.isEmpty()) {
            return;
        }
        long bytes = 0;
        for (Making one : making.values()) {
            bytes += one.bytes;
        }
        while (!wanted.isEmpty() && making.size() < MAKING_MAX && bytes < MAKING_BYTES_MAX) {
            Wanted next = wanted.remove();
            if (isKept(next)) {
                bytes += begin(next.stage, next.partition);
            }
        }
    }

    private void plan(StageState stage) {
        TaskTable tasks = stage.tasks;
        int candidates = tasks.count(Phase.IN_MEMORY);
        for (int p = 0; candidates > 0 && p < tasks.size(); p++) {
            if (tasks.phase(p) == Phase.IN_MEMORY) {
                candidates--;
                var output = new Wanted(stage, p, tasks.attempt(p));
                if (isKept(output)) {
                    wanted.add(output);
                }
            }
        }
    }

    /// Whether a client keeps the output, and it has no replica and gets none.
    private boolean isKept(Wanted output) {
        StageState stage = output.stage;
        int p = output.partition;
        TaskTable tasks = stage.tasks;
        return !stage.forgotten
                && tasks.phase(p) == Phase.IN_MEMORY
                && tasks.attempt(p) == output.attempt
                && tasks.flag(p, TaskPage.WANTED)
                && !tasks.flag(p, TaskPage.UNCONFIRMED)
                && stage.isUnread(p)
                && !board.replicas.has(stage, p)
                && !making.containsKey(TaskKey.pack(stage.id(), p));
    }

    /// Whether it takes long to compute one of its outputs again, compared with copying it.
    private boolean isCostly(StageState stage) {
        int slots = Math.max(1, board.workers.slots());
        long again = recomputeNanos(stage, slots);
        long copy = stage.doneCount == 0 ? 0 : stage.bytes / stage.doneCount * NANOS_A_BYTE;
        return again >= board.settings.replicaNanosMin() && again / WORTH >= copy;
    }

    /// About how long it takes until one output of the stage is there again: a task of it and of
    /// each stage before it whose outputs are gone, and of those that are read as a whole all
    /// tasks.
    private static long recomputeNanos(StageState stage, int slots) {
        long nanos = stage.taskNanos();
        var gone = new LinkedHashSet<StageState>();
        var open = new ArrayDeque<StageState>();
        open.add(stage);
        while (!open.isEmpty()) {
            for (StageState.Link link : open.remove().inputs) {
                StageState input = link.input();
                TaskTable tasks = input.tasks;
                if (tasks.count(Phase.IN_MEMORY) + tasks.count(Phase.DROPPED) == tasks.size()) {
                    continue;
                }
                nanos += link.readsAll() ? input.nanos / slots : 0;
                if (gone.add(input)) {
                    nanos += input.taskNanos();
                    open.add(input);
                }
            }
        }
        return nanos;
    }

    /// @return how many bytes are on their way now
    private long begin(StageState stage, int p) {
        TaskTable tasks = stage.tasks;
        long bytes = tasks.bytes(p);
        WorkerRecord target = target(tasks.worker(p), bytes);
        if (target == null) {
            return 0;
        }
        making.put(TaskKey.pack(stage.id(), p), new Making(target.id, tasks.attempt(p), bytes));
        board.copy(stage, p, target.id);
        return bytes;
    }

    /// Who has most room for replicas; null when nobody has enough.
    private @Nullable WorkerRecord target(int holder, long bytes) {
        WorkerRecord best = null;
        long most = bytes - 1;
        for (WorkerRecord worker : board.workers.staying()) {
            if (worker.id == holder || !worker.mayBeGiven()) {
                continue;
            }
            long room = worker.memoryBytes / MEMORY_PART - board.replicas.bytesAt(worker.id);
            for (Making one : making.values()) {
                room -= one.worker == worker.id ? one.bytes : 0;
            }
            if (room > most) {
                most = room;
                best = worker;
            }
        }
        return best;
    }

    /// A worker has answered, whatever it was that it was asked for.
    ///
    /// @return whether a replica was
    boolean answered(WorkerRecord worker, int stage, int p, int attempt) {
        long task = TaskKey.pack(stage, p);
        Making one = making.get(task);
        if (one == null || one.worker != worker.id || one.attempt != attempt) {
            return false;
        }
        making.remove(task);
        return true;
    }

    /// A worker holds a copy that it was asked for as a replica.
    ///
    /// @return false when it isn't needed any more
    boolean copied(WorkerRecord worker, WorkerMessage.Copied m) {
        StageState stage = board.stages.get(m.stage());
        return stage != null && keep(worker, stage, m.partition(), m.attempt());
    }

    private boolean keep(WorkerRecord worker, StageState stage, int p, int attempt) {
        if (worker.retiring
                || worker.id == stage.tasks.worker(p)
                || !isKept(new Wanted(stage, p, attempt))) {
            return false;
        }
        board.replicas.add(stage, p, worker.id);
        stage.story.tell(board.now, p, p + 1, "worker %d holds it, too".formatted(worker.id));
        return true;
    }

    /// A worker says that it holds an output that another one holds, which is known.
    ///
    /// @return whether it is kept as a replica
    boolean adopted(WorkerRecord worker, StageState stage, int p) {
        return !isOff() && keep(worker, stage, p, stage.tasks.attempt(p));
    }

    /// The worker has gone, or begins another session: what was on its way there doesn't come, and
    /// what was there isn't certain.
    void lost(WorkerRecord worker) {
        making.values().removeIf(one -> one.worker == worker.id);
        for (TaskKey task : board.replicas.removeAt(worker.id)) {
            StageState stage = board.stages.get(task.stage());
            if (stage != null) {
                consider(stage);
            }
        }
    }

    /// The worker is to leave: others hold replicas from now on.
    void leaves(WorkerRecord worker) {
        for (TaskKey task : board.replicas.removeAt(worker.id)) {
            StageState stage = board.stages.get(task.stage());
            if (stage != null) {
                int p = task.partition();
                board.freeAt(worker.id, stage, p, stage.tasks.attempt(p));
                consider(stage);
            }
        }
    }
}
