package dev.quiver.columnar.memory;

/// Asked every few milliseconds of work whether to go on: by whoever allocates, and by kernels
/// between parts of long loops ([MemoryAccount#checkpoint]).
@FunctionalInterface
public interface Checkpoint {
    /// Never stops anything.
    Checkpoint NONE = () -> {};

    /// Rows that a simple loop may go through between two checks.
    int ROWS = 1 << 18;

    /// @throws dev.quiver.error.Cancelled when the work is not wanted any more
    void check();
}
