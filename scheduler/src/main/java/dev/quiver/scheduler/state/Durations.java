package dev.quiver.scheduler.state;

import org.jspecify.annotations.Nullable;

/// How long tasks took, counted by powers of two of which each is divided into [#STEPS]: enough for
/// a median that is at most a fifth too small. At most a kilobyte, whatever the number of tasks.
final class Durations {
    /// How many counters a power of two has.
    private static final int STEPS = 4;

    private static final int STEP_BITS = Integer.numberOfTrailingZeros(STEPS);

    /// Absent while no time was added.
    private int @Nullable [] counts;

    private int count;

    void add(long nanos) {
        int[] known = counts;
        if (known == null) {
            known = new int[Long.SIZE * STEPS];
            counts = known;
        }
        known[place(Math.max(1, nanos))]++;
        count++;
    }

    int count() {
        return count;
    }

    /// Half of the tasks took this long or longer; 0 when none was counted.
    long median() {
        int[] known = counts;
        if (known == null) {
            return 0;
        }
        int place = 0;
        for (int seen = known[0]; seen < (count + 1) / 2; seen += known[place]) {
            place++;
        }
        return least(place);
    }

    /// The power of two, then the bits behind its first.
    private static int place(long nanos) {
        int power = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos);
        long bits = power < STEP_BITS ? nanos << STEP_BITS - power : nanos >>> power - STEP_BITS;
        return power * STEPS + (int) (bits & STEPS - 1);
    }

    /// The shortest time that is counted at a place.
    private static long least(int place) {
        int power = place / STEPS;
        long bits = (long) STEPS + place % STEPS;
        return power < STEP_BITS ? bits >>> STEP_BITS - power : bits << power - STEP_BITS;
    }
}
