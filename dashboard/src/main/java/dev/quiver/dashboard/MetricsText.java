package dev.quiver.dashboard;

import dev.quiver.protocol.ResourceUsage;
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
        metrics.resources(views);
        return metrics.text.toString();
    }

    private void resources(List<Board.View> views) {
        gauge(
                views,
                "quiver_worker_cpu_percent",
                "Processor time that a worker's process takes; 100 is one core.",
                ResourceUsage::cpuPercent);
        gauge(
                views,
                "quiver_worker_heap_bytes",
                "Java heap of a worker's process, with garbage.",
                ResourceUsage::heapBytes);
        gauge(
                views,
                "quiver_worker_resident_bytes",
                "Memory of the machine that a worker's process takes.",
                ResourceUsage::residentBytes);
        counter(
                views,
                "quiver_worker_sent_bytes_total",
                "Bytes sent to other processes.",
                ResourceUsage::sentBytes);
        counter(
                views,
                "quiver_worker_received_bytes_total",
                "Bytes received from other processes.",
                ResourceUsage::receivedBytes);
        counter(
                views,
                "quiver_worker_spill_written_bytes_total",
                "Bytes written into spill files.",
                ResourceUsage::spillWrittenBytes);
        counter(
                views,
                "quiver_worker_spill_read_bytes_total",
                "Bytes read back from spill files.",
                ResourceUsage::spillReadBytes);
    }

    private void gauge(
            List<Board.View> views, String name, String help, ToLongFunction<ResourceUsage> value) {
        workers(views, name, help, usage -> value.applyAsLong(usage.resources()));
    }

    private void counter(
            List<Board.View> views, String name, String help, ToLongFunction<ResourceUsage> value) {
        head(name, "counter", help);
        lines(views, name, usage -> value.applyAsLong(usage.resources()));
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
        lines(views, name, value);
    }

    private void lines(
            List<Board.View> views, String name, ToLongFunction<Watched.WorkerUsage> value) {
        for (Board.View view : views)
            for (WorkerNow worker : view.workers())
                line(
                        name,
                        view,
                        ",worker=\"%s\"".formatted(escaped(worker.usage().name())),
                        value.applyAsLong(worker.usage()));
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
