package dev.quiver.worker.state;

import dev.quiver.protocol.WorkerMessage;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Which outputs a worker holds: at most one attempt of a task. 20 bytes for each partition between
/// the first and the last that is held of a stage.
final class HeldOutputs {
    private static final int NONE = 0;

    private static final class OfStage {
        /// The partition of element 0.
        int base;

        int[] attempts = new int[8];
        long[] rows = new long[8];
        long[] bytes = new long[8];
        int count;

        OfStage(int base) {
            this.base = base;
        }

        boolean covers(int partition) {
            return partition >= base && partition - base < attempts.length;
        }

        int attempt(int partition) {
            return covers(partition) ? attempts[partition - base] : NONE;
        }

        void cover(int partition) {
            if (covers(partition)) {
                return;
            }
            int length = attempts.length;
            int newBase = partition < base ? Math.max(0, Math.min(partition, base - length)) : base;
            int room = Math.max(Math.max(partition, base + length - 1) - newBase + 1, length * 2);
            int shift = base - newBase;
            var newAttempts = new int[room];
            var newRows = new long[room];
            var newBytes = new long[room];
            System.arraycopy(attempts, 0, newAttempts, shift, length);
            System.arraycopy(rows, 0, newRows, shift, length);
            System.arraycopy(bytes, 0, newBytes, shift, length);
            base = newBase;
            attempts = newAttempts;
            rows = newRows;
            bytes = newBytes;
        }
    }

    private final TreeMap<Integer, OfStage> stages = new TreeMap<>();
    private int lastId = -1;
    private @Nullable OfStage last;
    private long count;

    private @Nullable OfStage find(int stage) {
        if (stage != lastId) {
            lastId = stage;
            last = stages.get(stage);
        }
        return last;
    }

    /// Holds the output of `attempt`, which is greater than 0, instead of any earlier one.
    void put(int stage, int partition, int attempt, long rows, long bytes) {
        OfStage outputs = find(stage);
        if (outputs == null) {
            outputs = new OfStage(partition);
            stages.put(stage, outputs);
            last = outputs;
        }
        outputs.cover(partition);
        int i = partition - outputs.base;
        if (outputs.attempts[i] == NONE) {
            outputs.count++;
            count++;
        }
        outputs.attempts[i] = attempt;
        outputs.rows[i] = rows;
        outputs.bytes[i] = bytes;
    }

    /// The attempt whose output is held; 0 = none.
    int attempt(int stage, int partition) {
        OfStage outputs = find(stage);
        return outputs == null ? NONE : outputs.attempt(partition);
    }

    void remove(int stage, int partition) {
        OfStage outputs = find(stage);
        if (outputs == null || outputs.attempt(partition) == NONE) {
            return;
        }
        outputs.attempts[partition - outputs.base] = NONE;
        count--;
        if (--outputs.count == 0) {
            stages.remove(stage);
            last = null;
        }
    }

    /// Tells all outputs, in order, in as few messages as there are runs of one attempt.
    void announce(Consumer<WorkerMessage> out) {
        stages.forEach((stage, outputs) -> announce(stage, outputs, out));
    }

    private static void announce(int stage, OfStage outputs, Consumer<WorkerMessage> out) {
        int[] attempts = outputs.attempts;
        int i = 0;
        while (i < attempts.length) {
            int from = i++;
            if (attempts[from] == NONE) {
                continue;
            }
            int end = Math.min(attempts.length, from + WorkerMessage.Holding.OUTPUTS_MAX);
            while (i < end && attempts[i] == attempts[from]) {
                i++;
            }
            List<Long> rows = Arrays.stream(outputs.rows, from, i).boxed().toList();
            List<Long> bytes = Arrays.stream(outputs.bytes, from, i).boxed().toList();
            out.accept(
                    new WorkerMessage.Holding(
                            stage, outputs.base + from, attempts[from], rows, bytes));
        }
    }

    long count() {
        return count;
    }
}
