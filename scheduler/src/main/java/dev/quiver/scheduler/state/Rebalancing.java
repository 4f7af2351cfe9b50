package dev.quiver.scheduler.state;

import dev.quiver.graph.TaskKey;
import dev.quiver.protocol.WorkerMessage;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// How outputs that are kept move from fuller workers to emptier ones, when somebody asks for it.
/// Only those move that no pending task reads. The new holder copies an output, then it counts
/// there, and the old holder frees it; what can't be copied stays where it is.
final class Rebalancing {
    /// So many outputs are on their way at a time.
    private static final int MOVING_MAX = 256;

    /// So many bytes of outputs are, unless a single one is larger.
    private static final long MOVING_BYTES_MAX = 64L << 20;

    /// An output is to go from one worker to another.
    private record Move(StageState stage, int partition, int attempt, int from, int to) {
        long task() {
            return TaskKey.pack(stage.id(), partition);
        }

        long bytes() {
            return stage.forgotten ? 0 : stage.tasks.bytes(partition);
        }
    }

    /// How full a worker is, as it will be.
    private record Fill(WorkerRecord worker, long bytes) {
        double part(long more) {
            return (double) (bytes + more) / Math.max(1, worker.memoryBytes);
        }
    }

    private final Board board;
    private final Lineage lineage;
    private final ArrayDeque<Move> planned = new ArrayDeque<>();

    /// Those on their way, by task.
    private final TreeMap<Long, Move> moving = new TreeMap<>();

    /// Whether it is to begin again when all workers have said what they hold.
    private boolean again;

    Rebalancing(Board board, Lineage lineage) {
        this.board = board;
        this.lineage = lineage;
    }

    /// Finds what is to move so that all workers are about equally full; what was found before and
    /// isn't on its way is forgotten. Workers that have only just joined are taken in when they
    /// have said what they hold.
    void begin() {
        planned.clear();
        again = isWaiting();
        if (board.recovering) {
            return;
        }
        var fills = new TreeMap<Integer, Fill>();
        for (WorkerRecord worker : board.workers.staying()) {
            if (worker.mayBeGiven()) {
                fills.put(worker.id, new Fill(worker, 0));
            }
        }
        board.stages.forEach(stage -> weigh(stage, fills));
        var emptiest =
                new PriorityQueue<Fill>(
                        Comparator.comparingDouble((Fill fill) -> fill.part(0))
                                .thenComparingInt(fill -> fill.worker.id));
        emptiest.addAll(fills.values());
        board.stages.forEach(stage -> plan(stage, fills, emptiest));
    }

    private boolean isWaiting() {
        return board.recovering || board.workers.staying().stream().anyMatch(w -> w.announcing);
    }

    private static void weigh(StageState stage, Map<Integer, Fill> fills) {
        TaskTable tasks = stage.tasks;
        int candidates = tasks.count(Phase.IN_MEMORY);
        for (int p = 0; candidates > 0 && p < tasks.size(); p++) {
            if (tasks.phase(p) == Phase.IN_MEMORY) {
                candidates--;
                long bytes = tasks.bytes(p);
                fills.computeIfPresent(
                        tasks.worker(p), (_, fill) -> new Fill(fill.worker, fill.bytes + bytes));
            }
        }
    }

    private void plan(StageState stage, Map<Integer, Fill> fills, PriorityQueue<Fill> emptiest) {
        TaskTable tasks = stage.tasks;
        int candidates = tasks.count(Phase.IN_MEMORY);
        for (int p = 0; candidates > 0 && p < tasks.size(); p++) {
            if (tasks.phase(p) != Phase.IN_MEMORY) {
                continue;
            }
            candidates--;
            Fill from = fills.get(tasks.worker(p));
            Fill to = emptiest.peek();
            long bytes = tasks.bytes(p);
            if (from == null
                    || to == null
                    || bytes == 0
                    || to.part(bytes) > from.part(-bytes)
                    || !stage.isUnread(p)
                    || moving.containsKey(TaskKey.pack(stage.id(), p))) {
                continue;
            }
            planned.add(new Move(stage, p, tasks.attempt(p), from.worker.id, to.worker.id));
            emptiest.remove(from);
            emptiest.remove(to);
            for (Fill each :
                    List.of(
                            new Fill(from.worker, from.bytes - bytes),
                            new Fill(to.worker, to.bytes + bytes))) {
                fills.put(each.worker.id, each);
                emptiest.add(each);
            }
        }
    }

    /// Has the next outputs copied.
    void look() {
        if (again && !isWaiting()) {
            begin();
        }
        if (board.recovering || planned.isEmpty()) {
            return;
        }
        long bytes = 0;
        for (Move move : moving.values()) {
            bytes += move.bytes();
        }
        while (!planned.isEmpty() && moving.size() < MOVING_MAX && bytes < MOVING_BYTES_MAX) {
            Move move = planned.remove();
            if (isThere(move) && stays(move.from) && stays(move.to)) {
                bytes += move.bytes();
                begin(move);
            }
        }
    }

    private void begin(Move move) {
        moving.put(move.task(), move);
        board.copy(move.stage, move.partition, move.to);
    }

    /// Whether it is where it was and may still move.
    private static boolean isThere(Move move) {
        TaskTable tasks = move.stage.tasks;
        return !move.stage.forgotten
                && tasks.phase(move.partition) == Phase.IN_MEMORY
                && tasks.worker(move.partition) == move.from
                && tasks.attempt(move.partition) == move.attempt
                && move.stage.isUnread(move.partition);
    }

    private boolean stays(int id) {
        WorkerRecord worker = board.worker(id);
        return worker != null && worker.mayBeGiven();
    }

    /// A worker holds a copy of an output.
    ///
    /// @return false when that wasn't asked for here, or isn't needed any more
    boolean copied(WorkerRecord worker, WorkerMessage.Copied m) {
        Move move = answered(worker, m.stage(), m.partition(), m.attempt());
        if (move == null || !isThere(move) || worker.retiring) {
            return false;
        }
        int p = m.partition();
        move.stage.tasks.move(p, worker.id, m.attempt());
        board.freeAt(move.from, move.stage, p, m.attempt());
        move.stage.story.tell(
                board.now,
                p,
                p + 1,
                "moved from worker %d, which was fuller, to worker %d"
                        .formatted(move.from, worker.id));
        lineage.moved(move.stage, p);
        return true;
    }

    /// A worker couldn't copy an output: it stays where it is.
    void notCopied(WorkerRecord worker, WorkerMessage.NotCopied m) {
        var _ = answered(worker, m.stage(), m.partition(), m.attempt());
    }

    private @Nullable Move answered(WorkerRecord worker, int stage, int p, int attempt) {
        long task = TaskKey.pack(stage, p);
        Move move = moving.get(task);
        if (move == null || move.to != worker.id || move.attempt != attempt) {
            return null;
        }
        moving.remove(task);
        return move;
    }

    /// The worker has gone, or begins another session: nothing comes to it.
    void lost(WorkerRecord worker) {
        moving.values().removeIf(move -> move.to == worker.id);
    }

    /// The worker is to leave: what is on its way from there goes on for that reason.
    void handOver(WorkerRecord from, Retirement retirement) {
        moving.values()
                .removeIf(move -> {
                    if (move.from != from.id) {
                        return false;
                    }
                    retirement.adopt(move.task(), move.from, move.to, move.attempt, move.bytes());
                    return true;
                });
    }

    RebalancingStatus status() {
        long bytes = 0;
        for (Move move : planned) {
            bytes += move.bytes();
        }
        for (Move move : moving.values()) {
            bytes += move.bytes();
        }
        return new RebalancingStatus(planned.size() + (long) moving.size(), bytes);
    }
}
