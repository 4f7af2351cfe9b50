package dev.quiver.scheduler.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What was told of the parts of stages last, added up, for people who look. Thread-safe.
public final class RecentFigures implements Watched.StageFigures {
    /// So many stages are known; those that were spoken of first go.
    private static final int STAGES_MAX = 1000;

    private final Map<Integer, List<Long>> sums = new LinkedHashMap<>();

    /// @param more see [Watched.StageFigures]
    public synchronized void add(int stage, List<Long> more) {
        sums.merge(stage, more, RecentFigures::sum);
        if (sums.size() > STAGES_MAX) sums.remove(sums.keySet().iterator().next());
    }

    private static List<Long> sum(List<Long> known, List<Long> more) {
        var sum = new ArrayList<Long>();
        int size = Math.max(known.size(), more.size());
        for (int i = 0; i < size; i++) sum.add(at(known, i) + at(more, i));
        return List.copyOf(sum);
    }

    private static long at(List<Long> figures, int i) {
        return i < figures.size() ? figures.get(i) : 0;
    }

    @Override
    public synchronized List<Long> of(int stage) {
        return sums.getOrDefault(stage, List.of());
    }
}
