package dev.quiver.dashboard;

import dev.quiver.scheduler.server.Watched;
import dev.quiver.scheduler.state.StageStatus;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.LongPredicate;

/// All that a board shows as one HTML file, which needs nothing else: no scripts, no other files.
final class RunReport {
    /// The pictures of so many queries, those that took longest.
    private static final int PICTURES_MAX = 30;

    private static final int STAGES_MAX = 200;
    private static final int FAILURES_MAX = 50;

    private static final DateTimeFormatter WRITTEN =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

    private final Board board;
    private final Board.View view;
    private final IntPredicate drawn;
    private final StringBuilder html = new StringBuilder();

    private RunReport(Board board, Board.View view, IntPredicate drawn) {
        this.board = board;
        this.view = view;
        this.drawn = drawn;
    }

    static String of(Board board) {
        return new RunReport(board, board.view(), _ -> true).written();
    }

    /// Of some jobs only, and of what they ran on.
    ///
    /// @param name what they are called together
    static String of(Board board, String name, LongPredicate jobs) {
        Board.View view = board.view().of(jobs, name);
        Set<Integer> stages = new HashSet<>();
        for (StageLine stage : view.stages()) stages.add(stage.status().stage());
        return new RunReport(board, view, stages::contains).written();
    }

    private String written() {
        String title = "%s – Quiver".formatted(view.name());
        String when = ZonedDateTime.now(ZoneId.systemDefault()).format(WRITTEN);
        html.append(
                """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
                <title>%s</title>
                <style>
                """
                        .formatted(Markup.escaped(title)));
        html.append(style());
        html.append(
                """
                </style>
                </head>
                <body class="report">
                <header><h1>%s</h1></header>
                <main>
                <section aria-labelledby="the-run">
                <h2 id="the-run">The run</h2>
                <p>Written %s, %s after it began.</p>
                <dl class="facts">
                """
                        .formatted(
                                Markup.escaped(title),
                                Markup.escaped(when),
                                Markup.escaped(Markup.duration(view.micros()))));
        fact("tasks ended", Markup.count(view.tasksEnded()));
        fact("tasks failed", Markup.count(view.tasksFailed()));
        fact("queries", Markup.count(view.jobs().size()));
        html.append("</dl>\n</section>\n");
        List<JobView> jobs = jobs();
        advice(jobs);
        jobs(jobs);
        tasks();
        stages();
        workers();
        failures();
        return html.append("</main>\n</body>\n</html>\n").toString();
    }

    private static String style() {
        byte[] css = new Pages().find("/app.css").orElseThrow().content().array();
        return new String(css, StandardCharsets.UTF_8);
    }

    private void fact(String name, String value) {
        html.append(
                "<div><dt>%s</dt><dd>%s</dd></div>\n"
                        .formatted(Markup.escaped(name), Markup.escaped(value)));
    }

    private List<JobView> jobs() {
        var jobs = new ArrayList<JobView>();
        for (JobLine line : view.jobs()) board.job(line.job()).ifPresent(jobs::add);
        return jobs;
    }

    private void head(String id, String title) {
        html.append(
                "<section aria-labelledby=\"the-%s\">\n<h2 id=\"the-%s\">%s</h2>\n"
                        .formatted(id, id, Markup.escaped(title)));
    }

    private void advice(List<JobView> jobs) {
        var items = new ArrayList<String>(Advice.of(view.usages()));
        for (JobView job : jobs)
            for (String sentence : Advice.of(job))
                items.add("%s: %s".formatted(name(job), sentence));
        head("advice", "What stands out");
        if (items.isEmpty()) html.append("<p>Nothing does.</p>\n</section>\n");
        else list(items);
    }

    private static String name(JobView job) {
        String place = job.line().what().place();
        String title = job.line().what().title();
        return place.isEmpty() ? title : "%s at %s".formatted(title, place);
    }

    /// Closes the section.
    private void list(List<String> items) {
        html.append("<ul>\n");
        items.forEach(item -> html.append("<li>").append(Markup.escaped(item)).append("</li>\n"));
        html.append("</ul>\n</section>\n");
    }

    private void jobs(List<JobView> jobs) {
        List<JobView> longest =
                jobs.stream()
                        .sorted(Comparator.comparingLong(JobView::micros).reversed())
                        .limit(PICTURES_MAX)
                        .toList();
        head("queries", longest.size() < jobs.size() ? "The longest queries" : "Queries");
        if (longest.isEmpty()) html.append("<p>No query ran.</p>\n");
        for (JobView job : longest) {
            var facts = new ArrayList<String>();
            if (!job.line().what().place().isEmpty())
                facts.add("run at " + job.line().what().place());
            facts.add(
                    (job.line().hasEnded() ? "took " : "running for ")
                            + Markup.duration(job.micros()));
            if (!job.line().what().rules().isEmpty())
                facts.add("rules: " + String.join(", ", job.line().what().rules()));
            html.append(
                    "<details%s><summary>%s <small>%s</small></summary>\n"
                            .formatted(
                                    longest.getFirst().equals(job) ? " open" : "",
                                    Markup.escaped(job.line().what().title()),
                                    Markup.escaped(String.join(" · ", facts))));
            if (!job.line().failure().isEmpty())
                html.append("<p class=\"wrong\">")
                        .append(Markup.escaped(job.line().failure()))
                        .append("</p>\n");
            html.append("<div class=\"wide\">")
                    .append(PlanPicture.of(job))
                    .append("</div></details>\n");
        }
        html.append("</section>\n");
    }

    private void tasks() {
        Map<Integer, String> names = new HashMap<>();
        for (StageLine stage : view.stages())
            names.put(stage.status().stage(), stage.status().name());
        String picture = TaskPicture.of(board.tasks(), names, drawn);
        if (picture.isEmpty()) return;
        head("tasks", "Tasks: a row a slot");
        html.append(picture).append("</section>\n");
    }

    private void stages() {
        head("stages", "Stages");
        table("stage", "tasks", "failed", "rows", "bytes", "time in tasks");
        List<StageLine> last = view.stages().reversed().stream().limit(STAGES_MAX).toList();
        for (StageLine line : last) {
            StageStatus s = line.status();
            row(
                    "%d %s".formatted(s.stage(), s.name()),
                    "%s / %s".formatted(Markup.count(s.finished()), Markup.count(s.total())),
                    Markup.count(s.failed()),
                    Markup.count(s.rows()),
                    Markup.bytes(s.bytes()),
                    Markup.duration(s.nanos() / 1000));
        }
        endTable();
    }

    private void workers() {
        head("workers", "Workers");
        table("worker", "slots", "memory", "of", "spilled");
        for (Watched.WorkerUsage w : view.usages())
            row(
                    w.name(),
                    Markup.count(w.slots()),
                    Markup.bytes(w.usedBytes()),
                    Markup.bytes(w.limitBytes()),
                    Markup.bytes(w.spilledBytes()));
        endTable();
    }

    private void table(String... heads) {
        html.append("<div class=\"wide\"><table><thead><tr>");
        for (String head : heads)
            html.append("<th scope=\"col\">").append(Markup.escaped(head)).append("</th>");
        html.append("</tr></thead><tbody>\n");
    }

    private void row(String... cells) {
        html.append("<tr>");
        for (String cell : cells) html.append("<td>").append(Markup.escaped(cell)).append("</td>");
        html.append("</tr>\n");
    }

    private void endTable() {
        html.append("</tbody></table></div>\n</section>\n");
    }

    private void failures() {
        if (view.failures().isEmpty()) return;
        head("failures", "Failures, the latest first");
        list(
                view.failures().stream()
                        .limit(FAILURES_MAX)
                        .map(f ->
                                "task %d/%d, attempt %d, worker %d: %s"
                                        .formatted(
                                                f.stage(),
                                                f.partition(),
                                                f.attempt(),
                                                f.worker(),
                                                f.why()))
                        .toList());
    }
}
