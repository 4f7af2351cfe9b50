package dev.quiver.graph;

/// What may be assumed when a task runs a second time.
public enum Purity {
    /// The same output, bit for bit.
    DETERMINISTIC,
    /// The same output when the inputs come in the same order, which they always do.
    ORDERED,
    /// Perhaps another output: when an output is lost, every dependent that had started on it
    /// starts again.
    IMPURE
}
