package dev.quiver.deploy;

import dev.quiver.pipeline.PipelineRun.Merged;
import dev.quiver.pipeline.PipelineRun.StepRun;
import dev.quiver.pipeline.RowCounts;
import dev.quiver.pipeline.RunEnd;
import dev.quiver.pipeline.history.RunRecord;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Runs of the history as people read them, in 80 columns.
final class RunText {
    static final int WIDTH = 80;

    private static final int NAME_WIDTH_MAX = 21;
    private static final int STEP_WIDTH_MAX = 32;
    private static final Duration YEAR_SHOWN = Duration.ofDays(300);
    private static final DateTimeFormatter RECENT =
            DateTimeFormatter.ofPattern("MMM dd HH:mm:ss", Locale.ENGLISH);
    private static final DateTimeFormatter LONG_AGO =
            DateTimeFormatter.ofPattern("yyyy-MM-dd", Locale.ROOT);
    private static final DateTimeFormatter WHOLE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private RunText() {}

    /// A line a run, and why those that failed did.
    static void list(List<RunRecord> runs, Instant now, ZoneId zone, PrintStream out) {
        if (runs.isEmpty()) return;
        int names = "run".length();
        for (RunRecord run : runs) names = Math.max(names, run.run().length());
        int width = Math.min(names, NAME_WIDTH_MAX);
        out.println(line(width, "run", "began", "took", "state", "rows", "bad rows"));
        for (RunRecord run : runs) {
            RunRecord.Attempt last = run.last();
            boolean isCounted = last.ended().isPresent() && run.state() != RunRecord.State.GIVEN_UP;
            out.println(
                    line(
                            width,
                            cut(run.run(), width),
                            began(run, now, zone),
                            isCounted || run.state() == RunRecord.State.RUNNING
                                    ? duration(run.duration(now))
                                    : "",
                            RunJson.state(run.state()),
                            isCounted ? number(last.rowsLoaded()) : "",
                            isCounted ? number(last.quarantined()) : ""));
            for (String more : more(run)) out.println(cut("  " + more, WIDTH));
        }
    }

    /// What is worth a line below a run.
    private static List<String> more(RunRecord run) {
        RunRecord.Attempt last = run.last();
        var lines = new ArrayList<String>();
        if (run.state() == RunRecord.State.FAILED)
            last.failure().ifPresent(failure -> lines.add(why(run, failure)));
        String counts = String.join("; ", counts(last.rows().dropped(), last.rows().merged()));
        if (!counts.isEmpty()) lines.add(counts);
        if (!last.drift().isEmpty()) {
            String others =
                    last.drift().size() == 1 ? "" : " (%d findings)".formatted(last.drift().size());
            lines.add("drift%s: %s".formatted(others, last.drift().getFirst()));
        }
        return lines;
    }

    /// What happened to rows beside being loaded or turned away.
    private static List<String> counts(long dropped, Merged merged) {
        var counts = new ArrayList<String>();
        if (!merged.isNone())
            counts.add(
                    "merged: %s inserted, %s updated, %s unchanged"
                            .formatted(
                                    number(merged.inserted()),
                                    number(merged.updated()),
                                    number(merged.unchanged())));
        if (dropped > 0) counts.add("dropped: " + number(dropped));
        return counts;
    }

    private static String line(int width, String... cells) {
        String pattern = "%-" + width + "s  %-15s  %7s  %-8s  %11s  %8s";
        return String.format(Locale.ROOT, pattern, (Object[]) cells).stripTrailing();
    }

    /// What failed, without saying again which pipeline it was.
    private static String why(RunRecord run, RunEnd.Failure failure) {
        return failure.what().replaceFirst("^pipeline '" + run.pipeline() + "' ", "");
    }

    private static String began(RunRecord run, Instant now, ZoneId zone) {
        boolean isRecent = Duration.between(run.began(), now).compareTo(YEAR_SHOWN) < 0;
        return (isRecent ? RECENT : LONG_AGO).format(run.began().atZone(zone));
    }

    static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /// A time as people say it, such as `0.3 s`, `12 min` or `3.5 h`.
    static String duration(Duration duration) {
        double seconds = duration.toNanos() / 1e9;
        if (seconds < 9.95) return String.format(Locale.ROOT, "%.1f s", seconds);
        if (seconds < 120) return String.format(Locale.ROOT, "%.0f s", seconds);
        if (seconds < 7200) return String.format(Locale.ROOT, "%.0f min", seconds / 60);
        return String.format(Locale.ROOT, "%.1f h", seconds / 3600);
    }

    static String cut(String text, int width) {
        String line = text.replaceAll("\\s+$", "").replace('\n', ' ');
        return line.length() <= width ? line : line.substring(0, width - 1) + "…";
    }

    /// All that is known about a run.
    static void details(RunRecord run, Instant now, ZoneId zone, PrintStream out) {
        RunRecord.Attempt last = run.last();
        fact("run", "%s: %s".formatted(run.run(), RunJson.state(run.state())), out);
        fact(
                "began",
                "%s, %s".formatted(WHOLE.format(run.began().atZone(zone)), last.trigger()),
                out);
        run.givenUp().ifPresent(at -> fact("given up", WHOLE.format(at.atZone(zone)), out));
        fact("took", took(run, now), out);
        last.parameters().forEach((name, value) -> fact("with", name + " = " + value, out));
        if (last.ended().isPresent()) {
            String units =
                    last.units() == 0
                            ? ""
                            : ", %d of %d units".formatted(last.unitsDone(), last.units());
            fact("loaded", number(last.rowsLoaded()) + " rows" + units, out);
            RowCounts rows = last.rows();
            if (!rows.merged().isNone()) fact("merged", rows.merged().toString(), out);
            if (rows.dropped() > 0)
                fact("dropped", share(rows.dropped(), rows.droppedShare()), out);
            if (rows.quarantined() > 0)
                fact("bad", share(rows.quarantined(), rows.quarantinedShare()), out);
        }
        fact("ledger", run.ledger().toString(), out);
        steps(last.steps(), out);
        drift(last.drift(), out);
        last.failure().ifPresent(failure -> failure(failure, out));
        advice(run, out);
        alerts(run.alerts(), zone, out);
    }

    private static void fact(String name, String value, PrintStream out) {
        out.println("%-8s  %s".formatted(name, value));
    }

    private static String took(RunRecord run, Instant now) {
        String all = duration(run.duration(now));
        if (run.attempts().size() == 1) return all;
        var before = new ArrayList<String>();
        for (RunRecord.Attempt attempt : run.attempts().subList(0, run.attempts().size() - 1))
            before.add(RunJson.state(attempt.state()));
        return cut(
                "%s in %d processes; before: %s"
                        .formatted(all, run.attempts().size(), String.join(", ", before)),
                WIDTH - 10);
    }

    private static String share(long rows, double share) {
        return String.format(Locale.ROOT, "%,d rows (%.2f %%)", rows, 100 * share);
    }

    private static void steps(List<StepRun> steps, PrintStream out) {
        if (steps.isEmpty()) return;
        int names = "step".length();
        for (StepRun step : steps) names = Math.max(names, step.name().length());
        int width = Math.min(names, STEP_WIDTH_MAX);
        String pattern = "%-" + width + "s %10s %10s %8s %7s %7s";
        out.println();
        out.println(
                String.format(
                        Locale.ROOT,
                        pattern,
                        "step",
                        "rows in",
                        "rows out",
                        "bad rows",
                        "memory",
                        "took"));
        for (StepRun step : steps) {
            boolean isLoad = step.units() > 0 || step.rowsRead() > 0;
            String line =
                    String.format(
                            Locale.ROOT,
                            pattern,
                            cut(step.name(), width),
                            isLoad ? shortened(step.rowsRead()) : "",
                            isLoad ? shortened(step.rows()) : "",
                            isLoad ? shortened(step.quarantined()) : "",
                            "%d MB".formatted((step.peakBytes() + 999_999) / 1_000_000),
                            duration(step.duration()));
            out.println(line);
            for (String count : counts(step.dropped(), step.merged())) out.println("  " + count);
            if (step.retries() > 0) out.println("  tried again %d times".formatted(step.retries()));
        }
    }

    private static String shortened(long count) {
        return count < 100_000_000
                ? number(count)
                : String.format(Locale.ROOT, "%,d M", count / 1_000_000);
    }

    private static void drift(List<String> found, PrintStream out) {
        if (found.isEmpty()) return;
        out.println();
        out.println("what it loaded differs from what was loaded before:");
        for (String drift : found) out.println("  " + drift);
    }

    private static void failure(RunEnd.Failure failure, PrintStream out) {
        out.println();
        out.println("%s   (%s)".formatted(failure.what(), failure.code()));
        for (String line : failure.where()) out.println("  " + line);
        out.println("  fix: " + failure.fix());
    }

    private static void advice(RunRecord run, PrintStream out) {
        if (run.state() != RunRecord.State.KILLED) return;
        out.println();
        out.println(
                "process %d on %s ended without a word"
                        .formatted(run.last().process(), run.last().host()));
        out.println("  fix: run the pipeline again: it goes on where it was");
    }

    private static void alerts(List<RunRecord.Notice> alerts, ZoneId zone, PrintStream out) {
        if (alerts.isEmpty()) return;
        out.println();
        for (RunRecord.Notice notice : alerts)
            out.println(
                    cut(
                            "alert  %s  %s by %s: %s"
                                    .formatted(
                                            WHOLE.format(notice.at().atZone(zone)),
                                            notice.rule(),
                                            notice.channel(),
                                            notice.failure()
                                                    .map(why -> "not sent, " + why)
                                                    .orElse("sent")),
                            WIDTH));
    }
}
