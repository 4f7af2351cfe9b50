package dev.quiver.dashboard;

import dev.quiver.protocol.JobDescription;
import dev.quiver.scheduler.state.StageStatus;
import java.util.List;
import java.util.Optional;

/// A job at one time: what it computes, and how far each part is.
record JobView(JobLine line, long nowMicros, List<StageView> stages) {
    /// A stage of the job.
    ///
    /// @param status empty when it isn't remembered
    /// @param figures see [dev.quiver.scheduler.server.Watched.StageFigures]
    record StageView(
            JobDescription.StageSteps steps,
            Optional<StageStatus> status,
            List<Long> figures,
            Spread spread) {
        private static final int WIDTH = 3;

        private long figure(int step, int which) {
            int at = step * WIDTH + which;
            return at < figures.size() ? figures.get(at) : 0;
        }

        /// Whether it is known what its steps did.
        boolean isMeasured() {
            return !figures.isEmpty();
        }

        /// Rows that a step gave.
        long rows(int step) {
            return figure(step, 0);
        }

        /// Bytes that a step gave; for a scan, those read of the file.
        long bytes(int step) {
            return figure(step, 1);
        }

        /// Time that a step took, all slots together.
        long nanos(int step) {
            return figure(step, 2);
        }

        int id() {
            return steps.stage();
        }
    }

    /// How long it took, or has taken until now.
    long micros() {
        return (line.hasEnded() ? line.untilMicros() : nowMicros) - line.sinceMicros();
    }

    /// Time of all steps of all stages together.
    long nanos() {
        long all = 0;
        for (StageView stage : stages)
            for (int i = 0; i < stage.steps().steps().size(); i++) all += stage.nanos(i);
        return all;
    }
}
