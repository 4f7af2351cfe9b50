package dev.quiver.dashboard;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// How fast workers ended attempts in the last ten seconds.
final class Pace {
    private static final long SPAN_MICROS = TimeUnit.SECONDS.toMicros(10);
    private static final double SECOND_MICROS = 1e6;

    private final Map<Integer, Integer> counts = new HashMap<>();
    private final double seconds;

    /// @param micros the time by the board's clock
    Pace(TaskRing ring, long micros) {
        long since = Math.max(0, micros - SPAN_MICROS);
        long from = since;
        long oldest = ring.oldest();
        long number = ring.head() - 1;
        for (; number >= oldest; number--) {
            TaskRing.Ended task = ring.get(number);
            long end = task.startMicros() + task.durationMicros();
            if (end < since - SPAN_MICROS) break; // they come about in the order of their ends
            if (end >= since) counts.merge(task.worker(), 1, Integer::sum);
        }
        if (number < oldest && oldest > 0) from = Math.max(since, ring.get(oldest).startMicros());
        seconds = Math.max(1, (micros - from) / SECOND_MICROS);
    }

    /// Attempts a second.
    double of(int worker) {
        return counts.getOrDefault(worker, 0) / seconds;
    }
}
