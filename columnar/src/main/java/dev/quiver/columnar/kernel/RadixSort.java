package dev.quiver.columnar.kernel;

import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Checkpoint;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Sorts row numbers by 64-bit words, stably, from the highest digit down.
///
/// Each level spreads word and row number together, 16 bytes a row, by the highest bits in which
/// the rows of a bucket differ: leading bits that all share cost nothing, and buckets soon fit the
/// cache. Few rows are sorted by insertion.
///
/// Source: McIlroy, Bostic, McIlroy, "Engineering Radix Sort", Computing Systems 6, 1993.
final class RadixSort implements AutoCloseable {
    private static final int DIGIT_BITS_MAX = 11;
    private static final int DIGIT_BITS_MIN = 4;
    private static final int INSERTION_ROWS_MAX = 8;

    private final int rows;
    private final MemoryAccount account;
    private final Buffer from;
    private final Buffer to;

    /// Where each digit's rows begin, for each level; a level takes at least [#DIGIT_BITS_MIN] bits
    /// but for the last.
    private final int[][] starts = new int[64 / DIGIT_BITS_MIN + 1][];

    private boolean sorted;
    private int rowsUnchecked;

    RadixSort(int rows, MemoryAccount account) {
        this.rows = rows;
        this.account = account;
        this.from = account.allocate(rows * 16L);
        try {
            this.to = account.allocate(rows * 16L);
        } catch (RuntimeException | Error e) {
            from.close();
            throw e;
        }
    }

    /// Sorts by `words` what was sorted before by less significant words.
    ///
    /// @param words [rows] unsigned, by row number
    void by(MemorySegment words) {
        for (int row = 0; row < rows; row += Checkpoint.ROWS) {
            account.checkpoint();
            int end = Math.min(rows, row + Checkpoint.ROWS);
            if (sorted) reload(words, from.segment(), row, end);
            else loadFirst(words, from.segment(), row, end);
        }
        sorted = true;
        sort(from.segment(), to.segment(), 0, rows, true, 0);
    }

    /// Sorts the rows `[begin, end)` that lie in `in`.
    ///
    /// @param stay whether they are to end in `in`, else in `out`
    private void sort(
            MemorySegment in, MemorySegment out, int begin, int end, boolean stay, int level) {
        if (end - begin <= INSERTION_ROWS_MAX) {
            insert(in, stay ? in : out, begin, end);
            return;
        }
        check(end - begin);
        long differing = differing(in, begin, end);
        if (differing == 0) {
            if (!stay) copy(in, out, begin, end);
            return;
        }
        int high = 64 - Long.numberOfLeadingZeros(differing);
        int bits = Math.min(high, digitBits(end - begin));
        int shift = high - bits;
        int[] ends = spread(in, out, begin, end, shift, bits, level);
        if (shift == 0) {
            if (stay) copy(out, in, begin, end);
            return;
        }
        int first = begin;
        for (int digit = 0; digit < 1 << bits; digit++) {
            int last = ends[digit];
            if (last > first) sort(out, in, first, last, !stay, level + 1);
            first = last;
        }
    }

    /// About two rows a bucket, where that many bits are worth it.
    private static int digitBits(int rows) {
        return Math.clamp(30 - Integer.numberOfLeadingZeros(rows), DIGIT_BITS_MIN, DIGIT_BITS_MAX);
    }

    private void check(int more) {
        rowsUnchecked += Math.min(more, Checkpoint.ROWS);
        if (rowsUnchecked < Checkpoint.ROWS) return;
        rowsUnchecked = 0;
        account.checkpoint();
    }

    /// Moves the rows `[begin, end)` from `in` to the same place of `out`, by one digit.
    ///
    /// @return where each digit's rows end
    private int[] spread(
            MemorySegment in,
            MemorySegment out,
            int begin,
            int end,
            int shift,
            int bits,
            int level) {
        int[] places = starts[level];
        if (places == null) starts[level] = places = new int[1 << DIGIT_BITS_MAX];
        Arrays.fill(places, 0, 1 << bits, 0);
        for (int row = begin; row < end; row += Checkpoint.ROWS) {
            check(end - row);
            count(in, row, Math.min(end, row + Checkpoint.ROWS), shift, (1 << bits) - 1, places);
        }
        int place = begin;
        for (int digit = 0; digit < 1 << bits; digit++) {
            int count = places[digit];
            places[digit] = place;
            place += count;
        }
        for (int row = begin; row < end; row += Checkpoint.ROWS) {
            check(end - row);
            int stop = Math.min(end, row + Checkpoint.ROWS);
            move(in, out, row, stop, shift, (1 << bits) - 1, places);
        }
        return places;
    }

    /// The bits in which not all rows agree.
    private static long differing(MemorySegment in, int begin, int end) {
        long first = in.get(Layouts.LONG, begin * 16L);
        long bits = 0;
        for (int i = begin + 1; i < end; i++) bits |= in.get(Layouts.LONG, i * 16L) ^ first;
        return bits;
    }

    private static void copy(MemorySegment from, MemorySegment to, int begin, int end) {
        MemorySegment.copy(from, begin * 16L, to, begin * 16L, (end - begin) * 16L);
    }

    /// Sorts few rows of `in` into the same place of `to`, which may be `in`.
    private static void insert(MemorySegment in, MemorySegment to, int begin, int end) {
        for (int i = begin; i < end; i++) {
            long word = in.get(Layouts.LONG, i * 16L);
            long number = in.get(Layouts.LONG, i * 16L + 8);
            int at = i;
            while (at > begin) {
                long before = to.get(Layouts.LONG, at * 16L - 16);
                if (Long.compareUnsigned(before, word) <= 0) break;
                to.set(Layouts.LONG, at * 16L, before);
                to.set(Layouts.LONG, at * 16L + 8, to.get(Layouts.LONG, at * 16L - 8));
                at--;
            }
            to.set(Layouts.LONG, at * 16L, word);
            to.set(Layouts.LONG, at * 16L + 8, number);
        }
    }

    private static void loadFirst(MemorySegment words, MemorySegment pairs, int row, int end) {
        for (int i = row; i < end; i++) {
            pairs.set(Layouts.LONG, i * 16L, words.get(Layouts.LONG, i * 8L));
            pairs.set(Layouts.LONG, i * 16L + 8, i);
        }
    }

    private static void reload(MemorySegment words, MemorySegment pairs, int row, int end) {
        for (int i = row; i < end; i++) {
            long number = pairs.get(Layouts.LONG, i * 16L + 8);
            pairs.set(Layouts.LONG, i * 16L, words.get(Layouts.LONG, number * 8));
        }
    }

    private static void count(
            MemorySegment pairs, int row, int end, int shift, int mask, int[] to) {
        for (int i = row; i < end; i++)
            to[(int) (pairs.get(Layouts.LONG, i * 16L) >>> shift) & mask]++;
    }

    private static void move(
            MemorySegment from,
            MemorySegment to,
            int row,
            int end,
            int shift,
            int mask,
            int[] places) {
        for (int i = row; i < end; i++) {
            long word = from.get(Layouts.LONG, i * 16L);
            long at = places[(int) (word >>> shift) & mask]++ * 16L;
            to.set(Layouts.LONG, at, word);
            to.set(Layouts.LONG, at + 8, from.get(Layouts.LONG, i * 16L + 8));
        }
    }

    /// The row numbers in order, int32; the caller owns them.
    Buffer takeOrder() {
        Buffer made = account.allocate(rows * 4L);
        MemorySegment pairs = from.segment();
        for (int i = 0; i < rows; i++)
            made.segment()
                    .set(
                            Layouts.INT,
                            i * 4L,
                            sorted ? (int) pairs.get(Layouts.LONG, i * 16L + 8) : i);
        return made;
    }

    @Override
    public void close() {
        from.close();
        to.close();
    }
}
