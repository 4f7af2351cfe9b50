package dev.quiver.pipeline.serve;

import java.time.Duration;

/// When something is due.
sealed interface Timing {
    /// At times of day.
    record Cron(CronTimes times) implements Timing {
        @Override
        public String toString() {
            return times.toString();
        }
    }

    /// Again and again after the same time.
    record Every(Duration interval) implements Timing {
        @Override
        public String toString() {
            return "every " + Durations.text(interval);
        }
    }

    /// When files come.
    ///
    /// @param files a path or pattern
    /// @param pollEvery how often it is looked
    record Arrival(String files, Duration pollEvery) implements Timing {
        @Override
        public String toString() {
            return "on " + files;
        }
    }

    /// When pipelines have ended that it runs behind.
    record Behind() implements Timing {
        @Override
        public String toString() {
            return "after others";
        }
    }
}
