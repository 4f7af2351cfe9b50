package dev.quiver.dashboard;

import dev.quiver.protocol.ResourceUsage;
import dev.quiver.scheduler.server.Watched;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// How fast workers move bytes, over the last seconds. Thread-safe.
final class TrafficPace {
    private static final long WINDOW_MICROS = TimeUnit.SECONDS.toMicros(4);
    private static final long STEP_MICROS = TimeUnit.MILLISECONDS.toMicros(500);

    private final Map<Integer, Deque<Sample>> samples = new HashMap<>();

    private record Sample(long micros, ResourceUsage resources) {}

    /// Bytes a second.
    record Speed(long sent, long received, long spillWritten, long spillRead) {
        static final Speed NOTHING = new Speed(0, 0, 0, 0);
    }

    /// What workers say now.
    synchronized void note(List<Watched.WorkerUsage> usages, long micros) {
        for (Watched.WorkerUsage usage : usages) {
            Deque<Sample> kept = samples.computeIfAbsent(usage.worker(), _ -> new ArrayDeque<>());
            while (!kept.isEmpty() && kept.getFirst().micros() < micros - WINDOW_MICROS)
                kept.removeFirst();
            if (kept.isEmpty() || kept.getLast().micros() <= micros - STEP_MICROS)
                kept.addLast(new Sample(micros, usage.resources()));
        }
        samples.keySet()
                .removeIf(worker -> usages.stream().noneMatch(usage -> usage.worker() == worker));
    }

    synchronized Speed of(int worker) {
        Deque<Sample> kept = samples.get(worker);
        if (kept == null || kept.size() < 2) return Speed.NOTHING;
        Sample first = kept.getFirst();
        Sample last = kept.getLast();
        ResourceUsage before = first.resources();
        ResourceUsage now = last.resources();
        double seconds = (last.micros() - first.micros()) / 1e6;
        return new Speed(
                perSecond(before.sentBytes(), now.sentBytes(), seconds),
                perSecond(before.receivedBytes(), now.receivedBytes(), seconds),
                perSecond(before.spillWrittenBytes(), now.spillWrittenBytes(), seconds),
                perSecond(before.spillReadBytes(), now.spillReadBytes(), seconds));
    }

    /// A process that came again under the same number counts from zero.
    private static long perSecond(long before, long now, double seconds) {
        return Math.round(Math.max(0, now - before) / seconds);
    }
}
