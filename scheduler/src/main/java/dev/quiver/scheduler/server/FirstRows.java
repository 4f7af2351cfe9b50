package dev.quiver.scheduler.server;

/// The first rows of a frame, where they can be had.
public sealed interface FirstRows {
    record There(FrameHead head) implements FirstRows {}

    /// @param why they can't be had, in a sentence for people that says what to do
    record Missing(String why) implements FirstRows {}
}
