package dev.quiver.graph;

/// What runs first, in one long: the smaller goes first. Users take turns before submissions do,
/// submissions before the stages of one graph.
public final class Priority {
    private static final int ORDER_BITS = 24;
    private static final int SUBMISSION_BITS = 28;
    private static final int USER_BITS = 11;

    private Priority() {}

    /// Packs the three numbers.
    ///
    /// @param user 0 to 2,047
    /// @param submission 0 to 268,435,455, counting up
    /// @param order 0 to 16,777,215, depth first, with a dependent before what it reads
    public static long of(int user, int submission, int order) {
        check("user", user, USER_BITS);
        check("submission", submission, SUBMISSION_BITS);
        check("order", order, ORDER_BITS);
        return ((long) user << (SUBMISSION_BITS + ORDER_BITS))
                | ((long) submission << ORDER_BITS)
                | order;
    }

    private static void check(String name, int value, int bits) {
        if (value < 0 || value >= 1 << bits) {
            throw new IllegalArgumentException(
                    "%s=%d, must be in 0 to %d".formatted(name, value, (1 << bits) - 1));
        }
    }
}
