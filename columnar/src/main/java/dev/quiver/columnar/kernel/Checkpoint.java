package dev.quiver.columnar.kernel;

/// Asked by long kernels every few milliseconds whether to go on.
@FunctionalInterface
public interface Checkpoint {
    /// Never stops anything.
    Checkpoint NONE = () -> {};

    /// Rows that a simple loop may go through between two checks.
    int ROWS = 1 << 18;

    /// @throws dev.quiver.error.Cancelled when the work is not wanted any more
    void check();
}
