package dev.quiver.pipeline.serve;

/// What becomes of firings that nobody was there for, because the server was down or the machine
/// slept.
public enum Missed {
    /// They are left out; the next firing is the next one that is due.
    SKIP,
    /// The pipeline runs once for all of them.
    ONCE,
    /// The pipeline runs once for each of them, the oldest first.
    ALL
}
