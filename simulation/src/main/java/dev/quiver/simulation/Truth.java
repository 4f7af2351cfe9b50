package dev.quiver.simulation;

import dev.quiver.graph.Dependency;
import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskKey;
import java.util.Map;
import java.util.TreeMap;

/// What each output must be, given which attempts of impure tasks counted.
final class Truth {
    private final Scenario scenario;
    private final Map<Long, Integer> impure;
    private final TreeMap<Long, Chunk> known = new TreeMap<>();

    Truth(Scenario scenario, Map<Long, Integer> impure) {
        this.scenario = scenario;
        this.impure = impure;
    }

    Chunk chunk(int stageId, int p) {
        Chunk chunk = known.get(TaskKey.pack(stageId, p));
        if (chunk == null) {
            chunk = compute(scenario.stage(stageId), p);
            known.put(TaskKey.pack(stageId, p), chunk);
        }
        return chunk;
    }

    private Chunk compute(Stage stage, int p) {
        var computation = new Computation(scenario, stage, p);
        for (int i = 0; i < stage.inputs().size(); i++) {
            if (stage.inputs().get(i) instanceof Dependency.OfStage dependency) {
                readAll(computation, i, dependency, p);
            }
        }
        for (long input : scenario.listed(stage.id(), p)) {
            int other = TaskKey.stageOf(input);
            computation.read(0, other, chunk(other, TaskKey.partitionOf(input)));
        }
        return computation.end(impure.getOrDefault(TaskKey.pack(stage.id(), p), 0));
    }

    private void readAll(Computation computation, int index, Dependency.OfStage dependency, int p) {
        int input = dependency.stage();
        int size = scenario.size(input);
        int from =
                switch (dependency) {
                    case Dependency.Narrow _ -> p;
                    case Dependency.FanIn(_, int width) -> p * width;
                    case Dependency.FanOut(_, int width, _) -> p / width;
                    case Dependency.Regions(_, var regions) -> regions.get(p).fromPartition();
                    case Dependency.Broadcast _, Dependency.Shuffle _ -> 0;
                };
        int to =
                switch (dependency) {
                    case Dependency.Narrow _ -> p + 1;
                    case Dependency.FanIn(_, int width) -> Math.min(size, (p + 1) * width);
                    case Dependency.FanOut(_, int width, _) -> p / width + 1;
                    case Dependency.Regions(_, var regions) ->
                            Math.min(size, regions.get(p).toPartition());
                    case Dependency.Broadcast _, Dependency.Shuffle _ -> size;
                };
        long rows = 0;
        long rowsMax = scenario.stage(input).rowsMax();
        for (int q = from; q < to; q++) {
            if (rowsMax > 0 && rows >= rowsMax) {
                return; // dropped or not, what is behind isn't read
            }
            rows += Scenario.rows(input, q);
            computation.read(index, input, chunk(input, q));
        }
    }
}
