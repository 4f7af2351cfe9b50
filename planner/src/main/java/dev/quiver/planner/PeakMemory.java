package dev.quiver.planner;

import dev.quiver.graph.Dependency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How much memory a plan is expected to hold at once: the outputs that a later stage still reads,
/// and what a running stage makes.
final class PeakMemory {
    private PeakMemory() {}

    static long of(List<StageNote> stages) {
        Map<Integer, Integer> lastReader = new HashMap<>();
        for (int i = 0; i < stages.size(); i++) {
            for (Dependency input : stages.get(i).inputs()) {
                if (input instanceof Dependency.OfStage other) lastReader.put(other.stage(), i);
            }
        }
        long alive = 0;
        long peak = 0;
        for (int i = 0; i < stages.size(); i++) {
            StageNote stage = stages.get(i);
            long makes = stage.steps().getLast().estimate().bytes();
            peak = Math.max(peak, alive + Math.max(makes, stage.taskBytes()));
            alive += makes;
            for (int j = 0; j < i; j++) {
                boolean readLast = lastReader.getOrDefault(stages.get(j).stage(), -1) == i;
                if (readLast) alive -= stages.get(j).steps().getLast().estimate().bytes();
            }
        }
        return peak;
    }
}
