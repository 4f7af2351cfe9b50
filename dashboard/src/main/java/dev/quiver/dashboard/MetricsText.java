package dev.quiver.dashboard;

import dev.quiver.scheduler.server.Watched;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/// Numbers of boards in the text format of Prometheus, version 0.0.4.
final class MetricsText {
    private final StringBuilder text = new StringBuilder();

    private MetricsText() {}

    static String of(List<Board.View> views) {
        var metrics = new MetricsText();
        metrics.head("quiver_tasks_ended_total", "counter", "Attempts that have ended well.");
        for (Board.View view : views)
            metrics.line("quiver_tasks_ended_total", view, "", view.tasksEnded());
        metrics.head("quiver_tasks_failed_total", "counter", "Attempts that have failed.");
        for (Board.View view : views)
            metrics.line("quiver_tasks_failed_total", view, "", view.tasksFailed());
        metrics.head("quiver_tasks", "gauge", "Tasks by what they are.");
        for (Board.View view : views) metrics.tasks(view);
        metrics.workers(
                views,
                "quiver_worker_slots",
                "How many tasks a worker runs at a time.",
                Watched.WorkerUsage::slots);
        metrics.workers(
                views,
                "quiver_worker_running",
                "How many tasks a worker runs now.",
                Watched.WorkerUsage::running);
        metrics.workers(
                views,
                "quiver_worker_memory_used_bytes",
                "Counted memory in use.",
                Watched.WorkerUsage::usedBytes);
        metrics.workers(
                views,
                "quiver_worker_memory_limit_bytes",
                "Budget of counted memory.",
                Watched.WorkerUsage::limitBytes);
        metrics.workers(
                views,
                "quiver_worker_spilled_bytes",
                "Bytes in spill files.",
                Watched.WorkerUsage::spilledBytes);
        return metrics.text.toString();
    }

    private void tasks(Board.View view) {
        long waiting = 0;
        long ready = 0;
        long assigned = 0;
        for (StageLine line : view.stages()) {
            if (line.hasEnded()) continue;
            waiting += line.status().waiting();
            ready += line.status().ready();
            assigned += line.status().assigned();
        }
        line("quiver_tasks", view, ",state=\"waiting\"", waiting);
        line("quiver_tasks", view, ",state=\"ready\"", ready);
        line("quiver_tasks", view, ",state=\"assigned\"", assigned);
    }

    private void workers(
            List<Board.View> views,
            String name,
            String help,
            ToLongFunction<Watched.WorkerUsage> value) {
        head(name, "gauge", help);
        for (Board.View view : views)
            for (Watched.WorkerUsage worker : view.workers())
                line(
                        name,
                        view,
                        ",worker=\"%s\"".formatted(escaped(worker.name())),
                        value.applyAsLong(worker));
    }

    private void head(String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private void line(String name, Board.View view, String labels, long value) {
        text.append(
                String.format(
                        Locale.ROOT,
                        "%s{scheduler=\"%s\"%s} %d%n",
                        name,
                        escaped(view.name()),
                        labels,
                        value));
    }

    private static String escaped(String label) {
        return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
