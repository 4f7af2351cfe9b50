package dev.quiver.scheduler.state;

import dev.quiver.graph.TaskKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Outputs that a second worker holds, too, beside the one that the table of tasks names. When that
/// one doesn't have it any more, the replica takes its place.
///
/// An output has at most one, on a worker that isn't to leave, and only while it is in memory.
final class Replicas {
    /// @param worker where it is
    /// @param attempt which gave it
    record Replica(int worker, int attempt, long bytes) {}

    /// By task.
    private final TreeMap<Long, Replica> all = new TreeMap<>();

    /// How many bytes of them each worker holds.
    private final TreeMap<Integer, Long> bytes = new TreeMap<>();

    /// Stages of which replicas have taken the place of others.
    private final ArrayDeque<StageState> used = new ArrayDeque<>();

    private int useCount;

    int count() {
        return all.size();
    }

    /// How many have taken the place of others.
    int useCount() {
        return useCount;
    }

    private static long key(StageState stage, int p) {
        return TaskKey.pack(stage.id(), p);
    }

    boolean has(StageState stage, int p) {
        return !all.isEmpty() && all.containsKey(key(stage, p));
    }

    /// Where the replica of an output is; empty when it has none.
    Optional<Integer> at(StageState stage, int p) {
        return Optional.ofNullable(all.get(key(stage, p))).map(Replica::worker);
    }

    /// Whether the replica of that attempt's output is at the worker.
    boolean isAt(int worker, StageState stage, int p, int attempt) {
        Replica replica = all.isEmpty() ? null : all.get(key(stage, p));
        return replica != null && replica.worker == worker && replica.attempt == attempt;
    }

    /// From now on `worker` holds the output, too.
    void add(StageState stage, int p, int worker) {
        TaskTable tasks = stage.tasks;
        var replica = new Replica(worker, tasks.attempt(p), tasks.bytes(p));
        all.put(key(stage, p), replica);
        bytes.merge(worker, replica.bytes, Long::sum);
    }

    private @Nullable Replica remove(long key) {
        Replica replica = all.remove(key);
        if (replica != null) {
            bytes.merge(replica.worker, -replica.bytes, Long::sum);
        }
        return replica;
    }

    /// Takes the replica of an output out of the table; null when there is none.
    @Nullable Replica remove(StageState stage, int p) {
        return all.isEmpty() ? null : remove(key(stage, p));
    }

    /// Takes the replica of an output out of the table, since it takes the place of the other one;
    /// null when there is none.
    @Nullable Replica use(StageState stage, int p) {
        Replica replica = remove(stage, p);
        if (replica != null) {
            useCount++;
            if (used.peekLast() != stage) {
                used.add(stage);
            }
        }
        return replica;
    }

    /// A stage of which replicas were used since it was asked last; null when there is none.
    @Nullable StageState nextUsed() {
        return used.poll();
    }

    /// The table of tasks names another worker: a replica there isn't a second one.
    void moved(StageState stage, int p) {
        if (all.isEmpty()) {
            return;
        }
        long key = key(stage, p);
        Replica replica = all.get(key);
        if (replica != null && replica.worker == stage.tasks.worker(p)) {
            remove(key);
        }
    }

    /// Takes out what is on a worker.
    ///
    /// @return the tasks
    List<TaskKey> removeAt(int worker) {
        if (all.isEmpty()) {
            return List.of();
        }
        var removed = new ArrayList<TaskKey>();
        all.forEach((key, replica) -> {
            if (replica.worker == worker) {
                removed.add(TaskKey.unpack(key));
            }
        });
        removed.forEach(task -> remove(TaskKey.pack(task.stage(), task.partition())));
        bytes.remove(worker);
        return removed;
    }

    /// How many bytes of them a worker holds.
    long bytesAt(int worker) {
        return bytes.getOrDefault(worker, 0L);
    }

    /// @throws IllegalStateException when one of them isn't what it must be
    void checkInvariants(Board board) {
        var found = new TreeMap<Integer, Long>();
        all.values().forEach(replica -> found.merge(replica.worker, replica.bytes, Long::sum));
        bytes.forEach((worker, sum) -> {
            if (!sum.equals(found.getOrDefault(worker, 0L))) {
                throw new IllegalStateException(
                        "worker %d: %d bytes of replicas, not %s"
                                .formatted(worker, sum, found.get(worker)));
            }
        });
        all.forEach((key, replica) -> {
            StageState stage = board.stages.get(TaskKey.stageOf(key));
            int p = TaskKey.partitionOf(key);
            WorkerRecord worker = board.worker(replica.worker);
            boolean holds =
                    stage != null
                            && stage.tasks.phase(p) == Phase.IN_MEMORY
                            && stage.tasks.attempt(p) == replica.attempt
                            && stage.tasks.worker(p) != replica.worker
                            && worker != null
                            && !worker.retiring;
            if (!holds) {
                throw new IllegalStateException(
                        "task %d/%d: %s".formatted(TaskKey.stageOf(key), p, replica));
            }
        });
    }
}
