package dev.quiver.cluster.node;

import dev.quiver.cluster.control.PrintedLine;
import dev.quiver.protocol.LogLine;
import dev.quiver.protocol.TaskSamples;
import dev.quiver.scheduler.server.WorkerLogs;
import dev.quiver.scheduler.server.WorkerProfiles;
import java.util.List;

/// What workers log, what tasks print there and what they are found doing, as the scheduler is told
/// of it.
final class WorkerOutputs {
    private final WorkerLogs logs = new WorkerLogs();
    private final WorkerProfiles profiles;

    /// @param workers of whom people may want to know what their tasks do
    WorkerOutputs(WorkerProfiles.Workers workers) {
        this.profiles = new WorkerProfiles(workers, System::nanoTime);
    }

    WorkerLogs logs() {
        return logs;
    }

    WorkerProfiles profiles() {
        return profiles;
    }

    void sampled(int worker, TaskSamples samples) {
        profiles.take(worker, samples);
    }

    /// Lets go of what nobody looks at any more; is to be called now and then.
    void tick() {
        profiles.tick();
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
