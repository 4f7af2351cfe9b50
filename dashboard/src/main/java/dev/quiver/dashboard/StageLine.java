package dev.quiver.dashboard;

import dev.quiver.scheduler.state.StageStatus;

/// A stage as it is shown, also after the scheduler has forgotten it.
///
/// @param index of the board's own, from 0, in the order in which stages came
/// @param job whose it is; −1 where that wasn't seen
/// @param sinceMicros when its first task was given to a worker; −1 before
/// @param untilMicros when it ended; −1 before
record StageLine(int index, long job, StageStatus status, long sinceMicros, long untilMicros) {
    static StageLine opened(int index, long job, int stage, String name, int tasks) {
        var status = new StageStatus(stage, name, tasks, tasks, 0, 0, 0, 0, 0, 0, 0, 0);
        return new StageLine(index, job, status, -1, -1);
    }

    boolean hasEnded() {
        return untilMicros >= 0;
    }

    StageLine grown(int more) {
        StageStatus s = status;
        return with(
                new StageStatus(
                        s.stage(),
                        s.name(),
                        s.total() + more,
                        s.waiting() + more,
                        s.ready(),
                        s.assigned(),
                        s.finished(),
                        s.dropped(),
                        s.failed(),
                        s.rows(),
                        s.bytes(),
                        s.nanos()));
    }

    private StageLine with(StageStatus now) {
        return new StageLine(index, job, now, sinceMicros, untilMicros);
    }

    /// How far it is now.
    StageLine seen(StageStatus now, long micros) {
        boolean begun = now.assigned() + now.finished() + now.failed() > 0;
        long since = sinceMicros < 0 && begun ? micros : sinceMicros;
        int left = now.waiting() + now.ready() + now.assigned();
        // a stage that grows goes on when more is added
        long until = left > 0 || now.total() == 0 ? -1 : untilMicros < 0 ? micros : untilMicros;
        return new StageLine(index, job, now, since, until);
    }

    /// All its tasks have ended.
    StageLine finished(long rows, long bytes, long nanos, long micros) {
        StageStatus s = status;
        int done = s.total() - s.dropped() - s.failed();
        var now =
                new StageStatus(
                        s.stage(),
                        s.name(),
                        s.total(),
                        0,
                        0,
                        0,
                        done,
                        s.dropped(),
                        s.failed(),
                        rows,
                        bytes,
                        nanos);
        long since = sinceMicros < 0 ? Math.max(0, micros - nanos / 1000) : sinceMicros;
        return new StageLine(index, job, now, since, micros);
    }

    /// The scheduler has forgotten it, perhaps before all its tasks had ended, or before it was
    /// looked at.
    StageLine forgotten(TaskFeed.News.Forgotten gone, long micros) {
        if (hasEnded()) return this;
        StageStatus s = status;
        int done = Math.min(Math.max(gone.finished(), s.finished()), s.total());
        int failed = Math.min(Math.max(gone.failed(), s.failed()), s.total() - done);
        int rest = s.total() - done - failed;
        var last =
                new StageStatus(
                        s.stage(),
                        s.name(),
                        s.total(),
                        rest,
                        0,
                        0,
                        done,
                        0,
                        failed,
                        gone.rows(),
                        gone.bytes(),
                        gone.nanos());
        long since = sinceMicros < 0 ? Math.max(0, micros - gone.nanos() / 1000) : sinceMicros;
        return new StageLine(index, job, last, since, micros);
    }

    /// It isn't there any more.
    StageLine left(long micros) {
        return hasEnded() ? this : new StageLine(index, job, status, sinceMicros, micros);
    }
}
