package dev.quiver.pipeline.shown;

import dev.quiver.pipeline.DryRun;
import dev.quiver.pipeline.PipelineRun.StepRun;
import dev.quiver.pipeline.RowCounts;
import dev.quiver.pipeline.RunEnd;
import dev.quiver.pipeline.RunProgress;
import dev.quiver.pipeline.RunStart;
import dev.quiver.pipeline.history.RunRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What JSON says of a run.
final class RunFields {
    private RunFields() {}

    /// A run of this process, in a line.
    static Map<String, Object> of(ShownRun run, Instant now) {
        RunStart start = run.start();
        Optional<RunProgress> progress = run.progress();
        List<StepRun> steps =
                run.end()
                        .map(RunEnd::steps)
                        .orElseGet(() -> progress.map(RunFields::begun).orElse(List.of()));
        var fields = new LinkedHashMap<String, Object>();
        fields.put("pipeline", start.pipeline());
        fields.put("run", start.run());
        fields.put("state", run.end().map(end -> word(end.state().name())).orElse("running"));
        fields.put("trigger", start.trigger());
        fields.put("began", start.began());
        fields.put("millis", millis(start.began(), run.end().map(RunEnd::ended).orElse(now)));
        fields.put("resumes", start.resumes());
        String step = progress.flatMap(RunProgress::step).map(StepRun::name).orElse("");
        fields.put("step", run.runs() ? step : "");
        fields.put("unitsDone", progress.map(RunProgress::unitsDone).orElse(0));
        fields.put("units", progress.map(RunProgress::units).orElse(0));
        counts(fields, progress.map(RunProgress::rows).orElse(RowCounts.NONE), steps);
        fields.put("why", run.end().flatMap(RunEnd::failure).map(RunEnd.Failure::what).orElse(""));
        return fields;
    }

    private static List<StepRun> begun(RunProgress progress) {
        var steps = new ArrayList<>(progress.steps());
        progress.step().ifPresent(steps::add);
        return steps;
    }

    /// A run that was written down, in a line.
    static Map<String, Object> of(RunRecord run, Instant now) {
        RunRecord.Attempt last = run.last();
        var fields = new LinkedHashMap<String, Object>();
        fields.put("pipeline", run.pipeline());
        fields.put("run", run.run());
        fields.put("state", word(run.state().name()));
        fields.put("trigger", last.trigger());
        fields.put("began", last.began());
        fields.put("millis", last.duration(now).toMillis());
        fields.put("resumes", run.attempts().size() > 1);
        fields.put("step", "");
        fields.put("unitsDone", last.unitsDone());
        fields.put("units", last.units());
        counts(fields, last.rows(), last.steps());
        fields.put("why", last.failure().map(RunEnd.Failure::what).orElse(""));
        return fields;
    }

    private static void counts(Map<String, Object> fields, RowCounts rows, List<StepRun> steps) {
        fields.putAll(rows.figures());
        fields.put("rowsRead", steps.stream().mapToLong(StepRun::rowsRead).sum());
        fields.put("retries", steps.stream().mapToInt(StepRun::retries).sum());
        fields.put("peakBytes", steps.stream().mapToLong(StepRun::peakBytes).max().orElse(0));
    }

    /// A run of this process, with its steps and bad rows.
    static Map<String, Object> whole(ShownRun run, Instant now) {
        Map<String, Object> fields = of(run, now);
        Optional<RunEnd> end = run.end();
        Optional<RunProgress> progress = run.progress();
        run.kept().ifPresent(at -> fields.put("kept", at));
        rest(
                fields,
                run.start().ledger(),
                end.map(RunEnd::drift).orElse(List.of()),
                end.flatMap(RunEnd::failure));
        var steps = new ArrayList<Map<String, Object>>();
        List<StepRun> ended =
                end.map(RunEnd::steps)
                        .orElseGet(() -> progress.map(RunProgress::steps).orElse(List.of()));
        for (StepRun step : ended) steps.add(step(step, "ended"));
        if (run.runs())
            progress.flatMap(RunProgress::step).ifPresent(s -> steps.add(step(s, "running")));
        fields.put("steps", steps);
        fields.put(
                "rules",
                progress.map(RunProgress::turnedAway).orElse(List.of()).stream()
                        .map(RunFields::rule)
                        .toList());
        fields.put(
                "badRows",
                progress.map(RunProgress::badRows).orElse(List.of()).stream()
                        .map(RunFields::bad)
                        .toList());
        return fields;
    }

    /// A run that was written down, with its steps. Which rows were turned away wasn't.
    static Map<String, Object> whole(RunRecord run, Instant now) {
        Map<String, Object> fields = of(run, now);
        rest(fields, run.ledger(), run.last().drift(), run.last().failure());
        fields.put("steps", run.last().steps().stream().map(s -> step(s, "ended")).toList());
        fields.put("rules", List.of());
        fields.put("badRows", List.of());
        return fields;
    }

    private static void rest(
            Map<String, Object> fields,
            Path ledger,
            List<String> drift,
            Optional<RunEnd.Failure> failure) {
        fields.put("ledger", ledger.toString());
        fields.put("drift", drift);
        failure.ifPresent(why -> fields.put("failure", failure(why)));
    }

    private static Map<String, Object> failure(RunEnd.Failure why) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("code", why.code());
        fields.put("what", why.what());
        fields.put("where", why.where());
        fields.put("fix", why.fix());
        return fields;
    }

    private static Map<String, Object> step(StepRun step, String state) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("step", step.name());
        fields.put("state", state);
        fields.put("units", step.units());
        fields.put("rowsRead", step.rowsRead());
        fields.put("bytes", step.bytes());
        fields.putAll(step.counts().figures());
        fields.put("retries", step.retries());
        fields.put("peakBytes", step.peakBytes());
        fields.put("millis", step.duration().toMillis());
        return fields;
    }

    private static Map<String, Object> rule(DryRun.RuleCount rule) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("rule", rule.rule());
        fields.put("rows", rule.rows());
        return fields;
    }

    private static Map<String, Object> bad(RunProgress.BadRow row) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("rule", row.rule());
        fields.put("column", row.column());
        fields.put("raw", row.raw());
        fields.put("source", row.source());
        fields.put("row", row.row());
        return fields;
    }

    private static String word(String state) {
        return state.toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static long millis(Instant from, Instant to) {
        return Math.max(0, Duration.between(from, to).toMillis());
    }
}
