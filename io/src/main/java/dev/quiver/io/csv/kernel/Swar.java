package dev.quiver.io.csv.kernel;

/// Eight bytes at once in a `long`, the first byte of the text in the lowest byte.
///
/// Source: Lamport, "Multiple Byte Processing with Full-Word Instructions", CACM 18(8), 1975.
final class Swar {
    static final long HIGH_BITS = 0x8080808080808080L;
    private static final long LOW_BITS = 0x7F7F7F7F7F7F7F7FL;
    private static final long ONES = 0x0101010101010101L;
    private static final long ZEROS = 0x3030303030303030L;

    private Swar() {}

    /// A word of eight times this byte.
    static long pattern(int value) {
        return (value & 0xFF) * ONES;
    }

    /// The high bit of each byte of `word` that equals that of `pattern`, exactly.
    static long match(long word, long pattern) {
        long x = word ^ pattern;
        return ~((x & LOW_BITS) + LOW_BITS | x | LOW_BITS);
    }

    /// The high bits of eight bytes, gathered in the lowest eight bits. By shifts, which the
    /// compiler turns into vectors where a multiplication keeps it from that.
    static long gather(long highBits) {
        long bits = highBits >>> 7;
        long pairs = (bits | (bits >>> 7)) & 0x0003_0003_0003_0003L;
        long fours = (pairs | (pairs >>> 14)) & 0x0000_000F_0000_000FL;
        return (fours | (fours >>> 28)) & 0xFF;
    }

    /// The values of `length` (1 to 8) digits that begin the word, right-aligned behind zeros: what
    /// [#refused] tests and [#number] adds up.
    static long digits(long word, int length) {
        return (word ^ ZEROS) << ((8 - length) << 3);
    }

    /// Not zero when a byte of `digits` isn't 0 to 9.
    static long refused(long digits) {
        return (digits + 0x7676767676767676L | digits) & HIGH_BITS;
    }

    /// The number that eight digits make.
    ///
    /// Source: Lemire, "Quickly parsing eight digits", 2018.
    static int number(long digits) {
        long pairs = digits * 10 + (digits >>> 8) & 0x00FF00FF00FF00FFL;
        long fours = pairs * 100 + (pairs >>> 16) & 0x0000FFFF0000FFFFL;
        return (int) (fours * 10_000 + (fours >>> 32));
    }
}
