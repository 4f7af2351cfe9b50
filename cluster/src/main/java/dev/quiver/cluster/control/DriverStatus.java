package dev.quiver.cluster.control;

/// How a submitted program is.
///
/// @param name unique in its cluster, such as `late-1`
/// @param attempt how often it was started
/// @param worker where it runs or ran last; -1 before
/// @param submittedMillis since 1970
/// @param endedMillis since 1970; 0 before
/// @param exitStatus of its process; -1 when it has none
/// @param why it is in this state, or the attempt before failed, in words; empty when the state
///   says all
public record DriverStatus(
        String name,
        DriverPlan plan,
        State state,
        int attempt,
        int worker,
        long submittedMillis,
        long endedMillis,
        int exitStatus,
        String why) {
    public enum State {
        /// For a worker.
        WAITING,
        RUNNING,
        DONE,
        FAILED,
        CANCELLED;

        public boolean isEnd() {
            return this == DONE || this == FAILED || this == CANCELLED;
        }
    }
}
