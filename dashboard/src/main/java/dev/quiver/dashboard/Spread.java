package dev.quiver.dashboard;

import java.util.Arrays;

/// How evenly the work of a stage was spread over its partitions.
///
/// @param partitions how many have ended and are remembered
record Spread(int partitions, Range rows, Range micros) {
    static final Spread NOTHING = new Spread(0, Range.NOTHING, Range.NOTHING);

    /// Less isn't worth a word.
    private static final long SKEW_MICROS = 200_000;

    private static final int SKEW_TIMES = 4;

    /// The smallest, the one in the middle, the largest.
    record Range(long min, long median, long max) {
        static final Range NOTHING = new Range(0, 0, 0);

        private static Range of(long[] values, int count) {
            if (count == 0) return NOTHING;
            long[] sorted = Arrays.copyOf(values, count);
            Arrays.sort(sorted);
            return new Range(sorted[0], sorted[count / 2], sorted[count - 1]);
        }
    }

    /// Of the attempts of a stage that ended well, as far as they are remembered.
    ///
    /// @param finished how many there were
    static Spread of(TaskRing ring, int stage, int finished) {
        int count = Math.min(finished, TaskRing.CAPACITY);
        long[] rows = new long[count];
        long[] micros = new long[count];
        int found = 0;
        long oldest = ring.oldest();
        for (long i = ring.head() - 1; i >= oldest && found < count; i--) {
            if (!ring.isOf(i, stage)) continue;
            TaskRing.Ended task = ring.get(i);
            if (task.stage() != stage || task.failed()) continue;
            rows[found] = task.rows();
            micros[found++] = task.durationMicros();
        }
        return new Spread(found, Range.of(rows, found), Range.of(micros, found));
    }

    /// Whether one partition took so much longer than others that all wait for it.
    boolean isSkewed() {
        return partitions > 2
                && micros.max() - micros.median() > SKEW_MICROS
                && micros.max() > SKEW_TIMES * Math.max(1, micros.median());
    }
}
