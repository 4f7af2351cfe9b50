package dev.quiver.cluster.node;

import dev.quiver.cluster.control.PrintedLine;
import dev.quiver.protocol.LogLine;
import dev.quiver.scheduler.server.WorkerLogs;
import java.util.List;

/// What workers log and what tasks print there, as the scheduler is told of it.
final class WorkerOutputs {
    private final WorkerLogs logs = new WorkerLogs();

    WorkerLogs logs() {
        return logs;
    }

    /// @param missing how many lines more there were
    void printed(int worker, List<PrintedLine> lines, long missing) {
        long now = System.currentTimeMillis();
        for (PrintedLine line : lines)
            logs.add(
                    worker,
                    new LogLine(
                            now,
                            LogLine.Level.INFO,
                            line.error() ? LogLine.PRINTED_AS_ERROR : LogLine.PRINTED,
                            line.text()));
        missing(worker, missing);
    }

    /// @param missing how many lines more there were
    void logged(int worker, List<LogLine> lines, long missing) {
        for (LogLine line : lines) logs.add(worker, line);
        missing(worker, missing);
    }

    private void missing(int worker, long lines) {
        if (lines == 0) return;
        String text = "… and %,d lines more, in the worker's own output".formatted(lines);
        logs.add(worker, new LogLine(System.currentTimeMillis(), LogLine.Level.WARNING, "", text));
    }
}
