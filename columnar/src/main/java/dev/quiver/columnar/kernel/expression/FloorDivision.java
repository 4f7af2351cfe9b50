package dev.quiver.columnar.kernel.expression;

/// Division by one number, rounded down, without the processor's division where that is possible.
final class FloorDivision {
    /// From here on quotients of int64 are small enough for a float64 to be off by less than one.
    private static final long DIVISOR_FAST_MIN = 1 << 13;

    private final long divisor;
    private final double inverse;
    private final boolean fast;

    /// @param divisor above 0
    FloorDivision(long divisor) {
        this.divisor = divisor;
        this.inverse = 1.0 / (double) divisor;
        this.fast = divisor >= DIVISOR_FAST_MIN;
    }

    long quotient(long number) {
        if (!fast) return Math.floorDiv(number, divisor);
        long near = (long) Math.floor((double) number * inverse);
        long rest = number - near * divisor;
        long above = rest < 0 ? -1 : 0;
        return near + (rest >= divisor ? 1 : above);
    }

    /// From 0 to the divisor.
    long remainder(long number) {
        return number - quotient(number) * divisor;
    }
}
