package dev.quiver.pipeline.shown;

import dev.quiver.pipeline.RunEnd;
import dev.quiver.pipeline.RunProgress;
import dev.quiver.pipeline.RunStart;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The last run of each pipeline of this process. Thread-safe.
final class RunBook {
    /// Of all pipelines of the process.
    static final RunBook OF_PROCESS = new RunBook();

    /// So many pipelines are remembered; the one that ran longest ago goes.
    private static final int PIPELINES_MAX = 200;

    private final Map<String, ShownRun> runs = new LinkedHashMap<>();
    private long changes;

    synchronized void began(RunStart run) {
        runs.remove(run.pipeline());
        runs.put(run.pipeline(), ShownRun.begun(run));
        if (runs.size() > PIPELINES_MAX) runs.remove(runs.keySet().iterator().next());
        changes++;
    }

    synchronized void progressed(RunProgress run, Instant at) {
        runs.computeIfPresent(
                run.start().pipeline(),
                (_, before) ->
                        before.start().run().equals(run.start().run())
                                ? before.progressed(run, at)
                                : before);
    }

    synchronized void ended(RunEnd run) {
        runs.computeIfPresent(
                run.start().pipeline(),
                (_, before) ->
                        before.start().run().equals(run.start().run())
                                ? before.ended(run)
                                : before);
        changes++;
    }

    /// A run that didn't end was given up: the history tells of it.
    synchronized void givenUp(String run) {
        runs.values().removeIf(shown -> shown.start().run().equals(run));
        changes++;
    }

    /// The one that began last first.
    synchronized List<ShownRun> runs() {
        return List.copyOf(runs.values()).reversed();
    }

    synchronized Optional<ShownRun> run(String pipeline) {
        return Optional.ofNullable(runs.get(pipeline));
    }

    /// Counts runs that began, ended or were given up: histories are as they were while it is.
    synchronized long changes() {
        return changes;
    }
}
