package dev.quiver.benchmarks.kernel;

import dev.quiver.columnar.Hashing;

/// The values of generated rows, each a function of the row's number, so that a naive loop over
/// them is an oracle.
final class RowValues {
    private RowValues() {}

    /// 0 … `groups` − 1, spread evenly; another sequence for each `column`.
    static int group(int row, int groups, int column) {
        return (int) Long.remainderUnsigned(Hashing.mix(row * 31L + column), groups);
    }

    /// Multiples of 1/64 in 0 … 100, so that sums are exact in any order.
    static double number(int row, int column) {
        return group(row, 6400, column) / 64.0;
    }

    /// Doubles with all their digits, mostly distinct.
    static double fraction(int row) {
        return (Hashing.mix(~(long) row) >>> 11) * 0x1p-53;
    }

    /// A key that no other number has, spread over all of int64.
    static long sparse(int number) {
        return Hashing.mix(number + 1L);
    }

    /// A text of 12 bytes.
    static String text(int number) {
        String digits = Integer.toString(number);
        return "id0000000000".substring(0, 12 - digits.length()) + digits;
    }
}
