package dev.quiver.dashboard;

import java.util.concurrent.atomic.LongAdder;

/// What attempts a worker has told of. One thread writes, others read.
final class WorkerTally {
    private final LongAdder finished = new LongAdder();
    private final LongAdder failed = new LongAdder();

    void add(int moreFinished, int moreFailed) {
        finished.add(moreFinished);
        failed.add(moreFailed);
    }

    /// Attempts that have ended well.
    long finished() {
        return finished.sum();
    }

    long failed() {
        return failed.sum();
    }
}
