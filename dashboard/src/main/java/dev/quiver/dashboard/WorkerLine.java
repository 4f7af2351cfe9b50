package dev.quiver.dashboard;

/// A worker that is there, or was.
///
/// @param name for people; empty when it isn't known
/// @param sinceMicros when it joined, by the board's clock
/// @param untilMicros when it went; −1 while it is there
/// @param finished attempts that had ended well when it went
/// @param failed attempts that had failed when it went
record WorkerLine(
        int worker,
        String name,
        int slots,
        long sinceMicros,
        long untilMicros,
        long finished,
        long failed) {
    boolean isGone() {
        return untilMicros >= 0;
    }

    WorkerLine named(String known) {
        return new WorkerLine(worker, known, slots, sinceMicros, untilMicros, finished, failed);
    }

    WorkerLine gone(long micros, long ended, long failures) {
        return new WorkerLine(worker, name, slots, sinceMicros, micros, ended, failures);
    }
}
