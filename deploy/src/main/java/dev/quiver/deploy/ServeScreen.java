package dev.quiver.deploy;

import dev.quiver.pipeline.RunEnd;
import dev.quiver.pipeline.serve.PipelineStatus;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The status of a server on a terminal: a line a pipeline, redrawn in place when something
/// changed.
final class ServeScreen {
    private static final int NAME_WIDTH_MAX = 20;
    private static final int WHEN_WIDTH_MAX = 18;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("MMM dd HH:mm", Locale.ENGLISH);

    private final PrintStream out;
    private final Instant from;
    private final ZoneId zone;
    private List<String> drawn = List.of();

    ServeScreen(PrintStream out, Instant from, ZoneId zone) {
        this.out = out;
        this.from = from;
        this.zone = zone;
    }

    /// Shows how the pipelines stand, when that changed.
    void show(List<PipelineStatus> pipelines, Instant now) {
        List<String> lines = lines(pipelines, now);
        if (lines.equals(drawn)) return;
        var text = new StringBuilder();
        if (!drawn.isEmpty()) text.append("\u001b[%dA\r\u001b[J".formatted(drawn.size()));
        for (String line : lines) text.append(line).append('\n');
        drawn = lines;
        out.print(text);
        out.flush();
    }

    /// Says something below the status.
    void say(String line) {
        out.println(line);
        out.flush();
        drawn = List.of();
    }

    private List<String> lines(List<PipelineStatus> pipelines, Instant now) {
        int names = "pipeline".length();
        int whens = "when".length();
        for (PipelineStatus one : pipelines) {
            names = Math.max(names, one.pipeline().length());
            whens = Math.max(whens, one.when().length());
        }
        int nameWidth = Math.min(names, NAME_WIDTH_MAX);
        int whenWidth = Math.min(whens, WHEN_WIDTH_MAX);
        var lines = new ArrayList<String>();
        String count =
                pipelines.size() == 1 ? "1 pipeline" : "%d pipelines".formatted(pipelines.size());
        String since = at(from, now);
        lines.add("quiver serves %s since %s. Ctrl-C stops it.".formatted(count, since));
        lines.add("");
        String pattern = "%-" + nameWidth + "s  %-" + whenWidth + "s  %s";
        for (PipelineStatus one : pipelines) {
            String name = RunText.cut(one.pipeline(), nameWidth);
            String when = RunText.cut(one.when(), whenWidth);
            String line = pattern.formatted(name, when, state(one, now) + next(one, now));
            if (line.length() >= RunText.WIDTH)
                line = pattern.formatted(name, when, state(one, now));
            lines.add(RunText.cut(line, RunText.WIDTH - 1));
        }
        return lines;
    }

    private String state(PipelineStatus one, Instant now) {
        if (one.run().isPresent()) {
            String units =
                    one.units() > 0
                            ? ", %d of %d units".formatted(one.unitsDone(), one.units())
                            : "";
            return "running %s%s".formatted(one.step().replaceFirst(" .*", ""), units);
        }
        if (one.last().isEmpty()) return "not run yet";
        RunEnd last = one.last().get();
        return switch (last.state()) {
            case DONE ->
                    "done %s, %s rows%s%s%s"
                            .formatted(
                                    at(last.ended(), now),
                                    RunText.number(last.rowsLoaded()),
                                    some(last.quarantined(), "bad"),
                                    last.drift().isEmpty() ? "" : ", drift",
                                    some(last.dropped(), "dropped"));
            case FAILED -> "FAILED %s, quiver runs --failed".formatted(at(last.ended(), now));
            case STOPPED -> "stopped " + at(last.ended(), now);
        };
    }

    private static String some(long rows, String what) {
        return rows == 0 ? "" : ", %s %s".formatted(RunText.number(rows), what);
    }

    /// When it runs next, where that is known and it doesn't run.
    private String next(PipelineStatus one, Instant now) {
        if (one.run().isPresent()) return "";
        if (one.waiting() > 0) return ", %d waiting".formatted(one.waiting());
        return one.next().map(due -> ", next " + at(due, now)).orElse("");
    }

    private String at(Instant moment, Instant now) {
        ZonedDateTime local = moment.atZone(zone);
        boolean isClose = Duration.between(moment, now).abs().compareTo(Duration.ofHours(20)) < 0;
        return (isClose ? TIME : DAY).format(local);
    }
}
