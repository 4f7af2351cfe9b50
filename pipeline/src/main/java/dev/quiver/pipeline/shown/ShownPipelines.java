package dev.quiver.pipeline.shown;

import dev.quiver.pipeline.history.Json;
import dev.quiver.pipeline.history.RunRecord;
import dev.quiver.scheduler.server.PipelineBook;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Tells dashboards of the pipelines of this process and of the histories that it knows. Not for
/// users.
public final class ShownPipelines implements PipelineBook {
    private static final int HISTORY_MAX = 30;

    private final RunBook book = RunBook.OF_PROCESS;
    private final Histories histories = new Histories();

    /// Made by the service loader.
    public ShownPipelines() {}

    @Override
    public List<Told> all() {
        Instant now = Instant.now();
        Map<String, Map<String, Object>> pipelines = new LinkedHashMap<>();
        for (ShownRun run : book.runs())
            pipelines.put(run.start().pipeline(), RunFields.of(run, now));
        for (RunRecord run : history())
            pipelines.merge(run.pipeline(), RunFields.of(run, now), ShownPipelines::later);
        return pipelines.values().stream().map(ShownPipelines::told).toList();
    }

    private static Told told(Map<String, Object> run) {
        return new Told(String.valueOf(run.get("pipeline")), began(run), Json.text(run));
    }

    private static Map<String, Object> later(Map<String, Object> one, Map<String, Object> other) {
        return began(other).isAfter(began(one)) ? other : one;
    }

    private static Instant began(Map<String, Object> run) {
        return Instant.parse(String.valueOf(run.get("began")));
    }

    @Override
    public Optional<Told> one(String pipeline) {
        Instant now = Instant.now();
        Optional<ShownRun> here = book.run(pipeline);
        List<RunRecord> before =
                history().stream()
                        .filter(run -> run.pipeline().equals(pipeline))
                        .limit(HISTORY_MAX)
                        .toList();
        if (here.isEmpty() && before.isEmpty()) return Optional.empty();
        var told = new LinkedHashMap<String, Object>();
        told.put("version", 1);
        Optional<Map<String, Object>> written =
                before.stream().findFirst().map(run -> RunFields.whole(run, now));
        Optional<Map<String, Object>> watched = here.map(run -> RunFields.whole(run, now));
        told.putAll(
                watched.isPresent() && written.isPresent()
                        ? later(watched.get(), written.get())
                        : watched.or(() -> written).orElseThrow());
        var runs = new ArrayList<Map<String, Object>>();
        for (RunRecord run : before) runs.add(RunFields.of(run, now));
        told.put("history", runs);
        return Optional.of(told(told));
    }

    private List<RunRecord> history() {
        Set<Path> ledgers = new LinkedHashSet<>();
        for (ShownRun run : book.runs()) ledgers.add(run.start().ledger());
        return histories.runs(ledgers, book.changes());
    }
}
