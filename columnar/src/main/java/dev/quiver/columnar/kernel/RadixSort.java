package dev.quiver.columnar.kernel;

import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Sorts row numbers by 64-bit words, stably, digit by digit from the lowest up; digits that all
/// rows share are skipped.
///
/// Each pass moves word and row number together, 16 bytes a row, so that only the first one reads
/// words at random.
final class RadixSort implements AutoCloseable {
    private static final int DIGIT_BITS = 11;
    private static final int DIGITS = Math.ceilDiv(64, DIGIT_BITS);
    private static final int MASK = (1 << DIGIT_BITS) - 1;

    private final int rows;
    private final Checkpoint checkpoint;
    private final MemoryAccount account;
    private Buffer from;
    private Buffer to;
    private final int[][] counts = new int[DIGITS][MASK + 1];
    private boolean sorted;

    RadixSort(int rows, MemoryAccount account, Checkpoint checkpoint) {
        this.rows = rows;
        this.account = account;
        this.checkpoint = checkpoint;
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
        load(words, from.segment());
        sorted = true;
        for (int digit = 0; digit < DIGITS; digit++) {
            checkpoint.check();
            int[] starts = counts[digit];
            if (isConstant(starts, digit)) continue;
            int sum = 0;
            for (int d = 0; d <= MASK; d++) {
                int count = starts[d];
                starts[d] = sum;
                sum += count;
            }
            for (int row = 0; row < rows; row += Checkpoint.ROWS) {
                checkpoint.check();
                int end = Math.min(rows, row + Checkpoint.ROWS);
                move(from.segment(), to.segment(), row, end, digit * DIGIT_BITS, starts);
            }
            Buffer swap = from;
            from = to;
            to = swap;
        }
    }

    private boolean isConstant(int[] count, int digit) {
        if (rows == 0) return true;
        long first = from.segment().get(Layouts.LONG, 0);
        return count[(int) (first >>> digit * DIGIT_BITS) & MASK] == rows;
    }

    private void load(MemorySegment words, MemorySegment pairs) {
        for (int[] count : counts) Arrays.fill(count, 0);
        for (int row = 0; row < rows; row += Checkpoint.ROWS) {
            checkpoint.check();
            int end = Math.min(rows, row + Checkpoint.ROWS);
            if (sorted) reload(words, pairs, row, end);
            else loadFirst(words, pairs, row, end);
            for (int digit = 0; digit < DIGITS; digit++)
                count(pairs, row, end, digit * DIGIT_BITS, counts[digit]);
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

    private static void count(MemorySegment pairs, int row, int end, int shift, int[] to) {
        for (int i = row; i < end; i++)
            to[(int) (pairs.get(Layouts.LONG, i * 16L) >>> shift) & MASK]++;
    }

    private static void move(
            MemorySegment from, MemorySegment to, int row, int end, int shift, int[] starts) {
        for (int i = row; i < end; i++) {
            long word = from.get(Layouts.LONG, i * 16L);
            long at = starts[(int) (word >>> shift) & MASK]++ * 16L;
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
