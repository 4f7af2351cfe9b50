package dev.quiver.protocol;

/// A line of a worker's log, or one that a task printed.
///
/// @param millis when, since 1970, by the worker's clock
/// @param source the logger, or [#PRINTED] or [#PRINTED_AS_ERROR]
/// @param text may have several lines, where something was thrown
public record LogLine(long millis, Level level, String source, String text) {
    /// The source of what a task printed on standard output.
    public static final String PRINTED = "printed by a task";

    /// The source of what a task printed on standard error.
    public static final String PRINTED_AS_ERROR = "printed by a task, as error";

    /// How much it matters.
    public enum Level {
        DEBUG,
        INFO,
        WARNING,
        ERROR
    }
}
