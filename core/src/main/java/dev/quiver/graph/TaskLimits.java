package dev.quiver.graph;

/// What one task of a stage may cost.
///
/// @param retries how often a task that threw starts again
/// @param backOffNanos the wait before the first retry; doubles with each further one
/// @param timeoutNanos how long one attempt may run; 0 = as long as it likes
/// @param memoryBytesMin counted memory an attempt holds from its start; it isn't started before
///   the worker has that much
public record TaskLimits(int retries, long backOffNanos, long timeoutNanos, long memoryBytesMin) {
    /// No retries, no timeout, no memory set aside.
    public static final TaskLimits NONE = new TaskLimits(0, 0, 0, 0);

    public TaskLimits {
        if (retries < 0 || backOffNanos < 0 || timeoutNanos < 0 || memoryBytesMin < 0) {
            throw new IllegalArgumentException(
                    "retries=%d, backOffNanos=%d, timeoutNanos=%d, memoryBytesMin=%d: all must be >= 0"
                            .formatted(retries, backOffNanos, timeoutNanos, memoryBytesMin));
        }
    }
}
