package dev.quiver.dashboard;

import dev.quiver.protocol.TaskDelays;

/// The attempts of tasks that ended last. One thread writes, at a few nanoseconds an attempt;
/// others read what isn't about to be overwritten.
final class TaskRing {
    /// So many are known.
    static final int CAPACITY = 1 << 17;

    private static final int MASK = CAPACITY - 1;

    /// So many of the oldest aren't read: they may be overwritten meanwhile.
    private static final int MARGIN = 1 << 12;

    private final int[] stages = new int[CAPACITY];
    private final int[] partitions = new int[CAPACITY];
    private final int[] attempts = new int[CAPACITY];
    private final int[] workers = new int[CAPACITY];
    private final byte[] lanes = new byte[CAPACITY];
    private final boolean[] failures = new boolean[CAPACITY];
    private final long[] startMicros = new long[CAPACITY];
    private final int[] durationMicros = new int[CAPACITY];
    private final long[] rows = new long[CAPACITY];
    private final long[] bytes = new long[CAPACITY];
    private final int[] fetchMicros = new int[CAPACITY];
    private final int[] memoryMicros = new int[CAPACITY];
    private final int[] spillMicros = new int[CAPACITY];
    private volatile long head;

    /// An attempt that has ended.
    ///
    /// @param lane which of the worker's slots it is drawn in
    /// @param startMicros by the clock of the board
    /// @param delays what it waited for before, and for files
    record Ended(
            int stage,
            int partition,
            int attempt,
            int worker,
            int lane,
            boolean failed,
            long startMicros,
            int durationMicros,
            long rows,
            long bytes,
            TaskDelays delays) {}

    void add(
            int stage,
            int partition,
            int attempt,
            int worker,
            int lane,
            boolean failed,
            long start,
            long duration,
            long rowCount,
            long byteCount,
            TaskDelays delays) {
        long next = head;
        int at = (int) (next & MASK);
        stages[at] = stage;
        partitions[at] = partition;
        attempts[at] = attempt;
        workers[at] = worker;
        lanes[at] = (byte) lane;
        failures[at] = failed;
        startMicros[at] = start;
        durationMicros[at] = clamped(duration);
        rows[at] = rowCount;
        bytes[at] = byteCount;
        fetchMicros[at] = clamped(delays.fetchMicros());
        memoryMicros[at] = clamped(delays.memoryMicros());
        spillMicros[at] = clamped(delays.spillMicros());
        head = next + 1;
    }

    private static int clamped(long micros) {
        return Math.clamp(micros, 0, Integer.MAX_VALUE);
    }

    /// How many were added.
    long head() {
        return head;
    }

    /// The number of the oldest that can be read.
    long oldest() {
        return Math.max(0, head - CAPACITY + MARGIN);
    }

    /// Whether that is an attempt of that task.
    boolean is(long number, int stage, int partition) {
        int at = (int) (number & MASK);
        return stages[at] == stage && partitions[at] == partition;
    }

    /// Whether that is an attempt of a task of that stage.
    boolean isOf(long number, int stage) {
        return stages[(int) (number & MASK)] == stage;
    }

    /// @param number from [#oldest] up to, not including, [#head]
    Ended get(long number) {
        int at = (int) (number & MASK);
        return new Ended(
                stages[at],
                partitions[at],
                attempts[at],
                workers[at],
                lanes[at],
                failures[at],
                startMicros[at],
                durationMicros[at],
                rows[at],
                bytes[at],
                new TaskDelays(fetchMicros[at], memoryMicros[at], spillMicros[at]));
    }
}
