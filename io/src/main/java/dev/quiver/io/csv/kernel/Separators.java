package dev.quiver.io.csv.kernel;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Finds the fields of rows that hold no quotes and have the right number of fields, a block of
/// bytes at a time.
///
/// Masks of separators are made for a block first, by loops simple enough that the compiler makes
/// vectors of them; then the bits of 64 bytes at a time are walked, without branches on single
/// bytes. Rows are checked by their ends alone: the last separator of each is a line feed, and
/// there are as many line feeds as rows, so all others are delimiters.
///
/// Source: Langdale, Lemire, "Parsing Gigabytes of JSON per Second", VLDB Journal 28, 2019, stage
/// 1.
public final class Separators {
    /// Readable bytes that must follow the end of a window.
    public static final int PADDING_BYTES = 64;

    /// Bytes of a block; at most 255 words, for line feeds are counted in bytes of a word.
    static final int BLOCK_BYTES = 1024;

    private static final long LINE_FEEDS = Swar.pattern('\n');

    private Separators() {}

    /// Indexes rows from `from` on: those before the first row with a quote, with too few or too
    /// many fields or without an end; no blank lines.
    ///
    /// Adds them to `index`, up to its capacity, and returns the position behind the last one;
    /// `from` when there is none.
    ///
    /// @param delimiter,quote ASCII
    public static int index(
            MemorySegment data, int from, int end, int delimiter, int quote, FieldIndex index) {
        long delimiters = Swar.pattern(delimiter);
        long quotes = Swar.pattern(quote);
        long[] masks = index.separators;
        int[] at = index.at;
        int firstRow = index.rows;
        int row = firstRow;
        int rowsMax = index.rowsMax;
        int columns = index.columns;
        int slot = row * index.stride;
        at[slot++] = from - 1;
        int last = slot + columns - 1;
        int lineFeeds = 0;
        int consumed = from;
        boolean more = true;

        for (int base = from; more && base < end; base += BLOCK_BYTES) {
            int stop = Math.min(end, base + BLOCK_BYTES);
            int words = (stop - base + 7) >> 3;
            if (anyMatch(data, base, words, quotes)) {
                stop = Math.min(stop, firstMatch(data, base, words, quotes));
                words = (stop - base + 7) >> 3;
                more = false;
            }
            int counted = masks(data, base, words, delimiters, masks);
            if ((stop - base & 7) != 0) {
                int beyond = 8 - (stop - base & 7);
                counted -= lineFeedsBefore(data, stop, stop + beyond);
                masks[words - 1] &= 0xFF >> beyond;
            }
            int padded = (words + 7) & -8;
            for (int i = words; i < padded; i++) masks[i] = 0;
            for (int word = 0; word < padded; word += 8) {
                long bits = combined(masks, word);
                while (bits != 0) {
                    int position = base + (word << 3) + Long.numberOfTrailingZeros(bits);
                    bits &= bits - 1;
                    at[slot] = position;
                    if (slot++ != last) continue;
                    boolean isEnd = data.get(Layouts.BYTE, position) == '\n';
                    if (isEnd) {
                        if (data.get(Layouts.BYTE, position - 1L) == '\r') at[last] = position - 1;
                        consumed = position + 1;
                        row++;
                    }
                    if (!isEnd || row == rowsMax) {
                        int before = lineFeeds + lineFeedsBefore(data, base, consumed);
                        return keep(index, row, firstRow, before, consumed, from);
                    }
                    at[slot++] = position;
                    last = slot + columns - 1;
                }
            }
            lineFeeds += counted;
        }
        return keep(index, row, firstRow, lineFeeds, consumed, from);
    }

    /// Keeps the rows when each line feed so far ended one of them; else none of them is sure.
    private static int keep(
            FieldIndex index, int row, int firstRow, int lineFeeds, int consumed, int from) {
        if (lineFeeds != row - firstRow) return from;
        index.rows = row;
        return consumed;
    }

    /// Marks the separators of each word in the lowest eight bits of its mask.
    ///
    /// @return the number of line feeds
    private static int masks(
            MemorySegment data, int base, int words, long delimiters, long[] masks) {
        long counts = 0;
        for (int i = 0; i < words; i++) {
            long word = data.get(Layouts.LONG, base + i * 8L);
            long ends = Swar.match(word, LINE_FEEDS);
            masks[i] = Swar.gather(ends | Swar.match(word, delimiters));
            counts += ends >>> 7;
        }
        long pairs = (counts & 0x00FF_00FF_00FF_00FFL) + ((counts >>> 8) & 0x00FF_00FF_00FF_00FFL);
        return (int) ((pairs * 0x0001_0001_0001_0001L) >>> 48);
    }

    private static boolean anyMatch(MemorySegment data, int base, int words, long pattern) {
        long found = 0;
        for (int i = 0; i < words; i++)
            found |= Swar.match(data.get(Layouts.LONG, base + i * 8L), pattern);
        return found != 0;
    }

    private static int firstMatch(MemorySegment data, int base, int words, long pattern) {
        for (int i = 0; i < words; i++) {
            long found = Swar.match(data.get(Layouts.LONG, base + i * 8L), pattern);
            if (found != 0) return base + i * 8 + (Long.numberOfTrailingZeros(found) >> 3);
        }
        return base + words * 8;
    }

    /// The masks of 64 bytes as one.
    private static long combined(long[] masks, int word) {
        return masks[word]
                | (masks[word + 1] << 8)
                | (masks[word + 2] << 16)
                | (masks[word + 3] << 24)
                | (masks[word + 4] << 32)
                | (masks[word + 5] << 40)
                | (masks[word + 6] << 48)
                | (masks[word + 7] << 56);
    }

    private static int lineFeedsBefore(MemorySegment data, int from, int to) {
        int count = 0;
        for (int at = from; at < to; at++) if (data.get(Layouts.BYTE, at) == '\n') count++;
        return count;
    }
}
