package dev.quiver.cluster.node;

/// Why a worker is of no use any more.
///
/// @param why in words
public record WorkerEnd(Kind kind, String why) {
    /// What its process shall do.
    public enum Kind {
        /// It was to leave, and has: nothing is wrong.
        LEFT,
        /// It has lived for as long as it should, and has left: another one may come in its place.
        AGED,
        /// It can't go on.
        BROKEN
    }
}
