package dev.quiver.dashboard;

import dev.quiver.protocol.JobDescription;

/// A job that was described, as it is shown.
///
/// @param sinceMicros when it was submitted, by the board's clock
/// @param untilMicros when it ended; −1 before
/// @param failure why it failed; empty when it didn't
record JobLine(long job, JobDescription what, long sinceMicros, long untilMicros, String failure) {
    boolean hasEnded() {
        return untilMicros >= 0;
    }

    /// It has ended, unless it had before.
    JobLine ended(long micros) {
        return hasEnded() ? this : new JobLine(job, what, sinceMicros, micros, failure);
    }

    JobLine failed(String why, long micros) {
        return failure.isEmpty() ? new JobLine(job, what, sinceMicros, micros, why) : this;
    }
}
