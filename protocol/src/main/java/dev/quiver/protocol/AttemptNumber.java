package dev.quiver.protocol;

/// How attempts at a task are numbered: one number greater than 0 that holds the epoch of the
/// scheduler that made the attempt and a count within it, so that attempts of a later epoch are
/// always greater. In epoch 0 the numbers are 1, 2, 3, ….
public final class AttemptNumber {
    private static final int COUNT_BITS = 18;

    /// The last epoch there can be.
    public static final int EPOCH_MAX = (1 << (31 - COUNT_BITS)) - 1;

    /// So many attempts at a task can be told apart in one epoch.
    public static final int COUNT_MAX = (1 << COUNT_BITS) - 1;

    private AttemptNumber() {}

    /// A number smaller than each attempt of `epoch` and not smaller than any of an earlier one.
    ///
    /// @throws IllegalArgumentException when the epoch is below 0 or beyond [#EPOCH_MAX]
    public static int before(int epoch) {
        if (epoch < 0 || epoch > EPOCH_MAX) {
            throw new IllegalArgumentException(
                    "epoch=%d, must be in 0 to %d: start with a fresh work directory"
                            .formatted(epoch, EPOCH_MAX));
        }
        return epoch << COUNT_BITS;
    }

    /// The epoch in which the attempt was made.
    public static int epoch(int attempt) {
        return attempt >>> COUNT_BITS;
    }

    /// True when no attempt can follow this one in its epoch.
    public static boolean isLast(int attempt) {
        return (attempt & COUNT_MAX) == COUNT_MAX;
    }
}
