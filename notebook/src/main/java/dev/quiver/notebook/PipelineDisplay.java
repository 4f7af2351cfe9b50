package dev.quiver.notebook;

import dev.quiver.columnar.memory.ByteSize;
import dev.quiver.dataframe.Written;
import dev.quiver.pipeline.DryRun;
import dev.quiver.pipeline.PipelineRun;
import dev.quiver.pipeline.PipelineRun.StepRun;
import dev.quiver.pipeline.history.RunRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What pipelines did or would do, and what was written, as tables.
final class PipelineDisplay {
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private PipelineDisplay() {}

    /// The steps of a run, a bar under how long each took.
    static Map<String, String> of(PipelineRun run) {
        var table =
                new ReportTable(
                        List.of("step"),
                        List.of("units", "rows in", "rows out", "bad rows", "memory", "time, ms"));
        double longest =
                run.steps().stream().mapToDouble(s -> s.duration().toNanos()).max().orElse(0);
        for (StepRun step : run.steps())
            table.row()
                    .text(step.name())
                    .count(step.units())
                    .count(step.rowsRead())
                    .count(step.rows())
                    .count(step.quarantined())
                    .number(ByteSize.text(step.peakBytes()))
                    .bar(
                            String.format(Locale.ROOT, "%,.1f", step.duration().toNanos() / 1e6),
                            longest == 0 ? 0 : step.duration().toNanos() / longest);
        return table.ended(run.toString(), run.toString());
    }

    /// Each load as it would be: which rules turn how many rows away, and its first rows.
    static Map<String, String> of(DryRun dryRun) {
        var html = new StringBuilder();
        for (DryRun.Trial load : dryRun.loads()) {
            long bad = load.turnedAway().stream().mapToLong(DryRun.RuleCount::rows).sum();
            var table = new ReportTable(List.of("rule"), List.of("bad rows"));
            for (DryRun.RuleCount rule : load.turnedAway())
                table.row()
                        .text(rule.rule())
                        .bar(
                                String.format(Locale.ROOT, "%,d", rule.rows()),
                                (double) rule.rows() / bad);
            String about =
                    "%s: %,d rows would be loaded, %,d turned away, of the first %,d"
                            .formatted(load.name(), load.rows(), bad, dryRun.rowsMax());
            html.append(table.ended(about, "").get(MimeBundle.HTML))
                    .append(FrameDisplay.of(load.sample()).get(MimeBundle.HTML));
        }
        var bundle = new LinkedHashMap<String, String>();
        bundle.put(MimeBundle.HTML, html.toString());
        bundle.put(MimeBundle.TEXT, dryRun.toString());
        return bundle;
    }

    static Map<String, String> of(Written written) {
        int files = written.files().size();
        String about =
                String.format(
                        Locale.ROOT,
                        "%,d rows, %s in %,d %s",
                        written.rows(),
                        ByteSize.text(written.bytes()),
                        files,
                        files == 1 ? "file" : "files");
        if (files == 1) about += ": " + written.files().getFirst();
        if (files > 1) about += " under " + folder(written.files());
        return Map.of(MimeBundle.TEXT, about);
    }

    /// The deepest directory that all files are in.
    private static String folder(List<Path> files) {
        Path folder = files.getFirst().getParent();
        for (Path file : files)
            while (folder != null && !file.startsWith(folder)) folder = folder.getParent();
        return folder == null ? "several directories" : folder.toString();
    }

    /// A history: a row for each process that worked on a run. Empty when the values are others.
    static Optional<Map<String, String>> history(Collection<?> values) {
        var runs = new ArrayList<RunRecord>();
        for (Object value : values) {
            if (!(value instanceof RunRecord run)) return Optional.empty();
            runs.add(run);
        }
        return runs.isEmpty() ? Optional.empty() : Optional.of(of(runs));
    }

    private static Map<String, String> of(List<RunRecord> runs) {
        var table =
                new ReportTable(
                        List.of("run", "began", "process", "state"),
                        List.of("units", "rows", "bad rows", "took"));
        var text = new StringBuilder();
        for (RunRecord run : runs)
            for (RunRecord.Attempt attempt : run.attempts()) {
                boolean isLast = attempt.equals(run.last());
                RunRecord.State state = isLast ? run.state() : attempt.state();
                String name = state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
                String began =
                        MOMENT.format(
                                attempt.began()
                                        .truncatedTo(ChronoUnit.SECONDS)
                                        .atZone(ZoneId.systemDefault()));
                String units =
                        attempt.units() == 0
                                ? ""
                                : "%d of %d".formatted(attempt.unitsDone(), attempt.units());
                table.row()
                        .text(run.run())
                        .text(began)
                        .text("%d on %s".formatted(attempt.process(), attempt.host()))
                        .text(name)
                        .number(units)
                        .count(attempt.rowsLoaded())
                        .count(attempt.quarantined())
                        .number(attempt.ended().isPresent() ? took(attempt) : "");
                text.append("%s  %s  %-8s  %s\n".formatted(run.run(), began, name, units));
            }
        return table.ended(
                "%d %s, the newest first".formatted(runs.size(), runs.size() == 1 ? "run" : "runs"),
                text.toString().stripTrailing());
    }

    private static String took(RunRecord.Attempt attempt) {
        Duration took = attempt.duration(attempt.ended().orElse(Instant.EPOCH));
        return String.format(Locale.ROOT, "%.1f s", took.toNanos() / 1e9);
    }
}
