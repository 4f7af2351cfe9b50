package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Some rows of a chunk, as a bitmap on the heap.
public final class Selection {
    private final long[] words;
    private final int rows;
    private final int count;

    private Selection(long[] words, int rows) {
        this.words = words;
        this.rows = rows;
        int ones = 0;
        for (long word : words) ones += Long.bitCount(word);
        this.count = ones;
    }

    static Selection of(Mask mask, int rows) {
        var words = new long[(rows + 63) >> 6];
        for (int i = 0; i < words.length; i++) words[i] = mask.word(i, rows);
        return new Selection(words, rows);
    }

    /// Rows of the chunk.
    public int rows() {
        return rows;
    }

    /// Rows that are selected.
    public int count() {
        return count;
    }

    public boolean has(int row) {
        return (words[row >> 6] >>> row & 1) != 0;
    }

    /// The selected rows, ascending.
    ///
    /// @param to [count] int32, written
    public void positions(MemorySegment to) {
        long at = 0;
        for (int i = 0; i < words.length; i++) {
            int base = i << 6;
            for (long word = words[i]; word != 0; word &= word - 1) {
                to.set(Layouts.INT, at, base + Long.numberOfTrailingZeros(word));
                at += 4;
            }
        }
    }
}
