package dev.quiver.protocol;

/// What an attempt waited for, as its worker measured it, in microseconds.
///
/// @param fetchMicros before it ran: from when its inputs were asked for at other workers until all
///   were there
/// @param memoryMicros before it ran: while a slot was free and it waited for memory
/// @param spillMicros of the time that it ran: for putting something into files for want of memory,
///   and for reading back what it needs of them
public record TaskDelays(long fetchMicros, long memoryMicros, long spillMicros) {
    /// It waited for nothing.
    public static final TaskDelays NONE = new TaskDelays(0, 0, 0);

    public TaskDelays {
        if (fetchMicros < 0 || memoryMicros < 0 || spillMicros < 0)
            throw new IllegalArgumentException(
                    "fetchMicros=%d, memoryMicros=%d, spillMicros=%d, must be >= 0"
                            .formatted(fetchMicros, memoryMicros, spillMicros));
    }
}
