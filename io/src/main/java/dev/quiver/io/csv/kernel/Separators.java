package dev.quiver.io.csv.kernel;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Finds the fields of rows that hold no quotes and have the right number of fields, 64 bytes at a
/// time.
///
/// A mask of separators is made of 64 bytes first, then its bits are walked: the loops have no
/// branch on single bytes. Rows are checked by their ends alone: the last separator of each is a
/// line feed, and there are as many line feeds as rows, so all others are delimiters.
///
/// Source: Langdale, Lemire, "Parsing Gigabytes of JSON per Second", VLDB Journal 28, 2019, stage
/// 1.
public final class Separators {
    /// Readable bytes that must follow the end of a window.
    public static final int PADDING_BYTES = 64;

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
        int[] at = index.at;
        int firstRow = index.rows;
        int row = firstRow;
        int rowsMax = index.rowsMax;
        int columns = index.columns;
        int slot = row * index.stride;
        at[slot++] = from - 1;
        int last = slot + columns - 1;
        int lineFeedCount = 0;
        int consumed = from;

        for (int base = from; base < end; base += 64) {
            long separators = 0;
            long lineFeeds = 0;
            long quoteBits = 0;
            for (int i = 0; i < 64; i += 8) {
                long word = data.get(Layouts.LONG, base + (long) i);
                long ends = Swar.match(word, LINE_FEEDS);
                long both = ends | Swar.match(word, delimiters);
                quoteBits |= Swar.match(word, quotes) >>> (i >> 3);
                separators |= Swar.gather(both) << i;
                lineFeeds |= Swar.gather(ends) << i;
            }
            if (quoteBits != 0) {
                long before = beforeFirstQuote(data, base, quotes);
                separators &= before;
                lineFeeds &= before;
            }
            if (base + 64 > end) {
                long inside = -1L >>> (base + 64 - end);
                separators &= inside;
                lineFeeds &= inside;
            }
            while (separators != 0) {
                int bit = Long.numberOfTrailingZeros(separators);
                separators &= separators - 1;
                int position = base + bit;
                at[slot] = position;
                if (slot++ != last) continue;
                if ((lineFeeds >>> bit & 1) == 0)
                    return consumed(
                            index,
                            row,
                            firstRow,
                            lineFeedCount + countUpTo(lineFeeds, bit),
                            consumed,
                            from);
                if (data.get(Layouts.BYTE, position - 1L) == '\r') at[last] = position - 1;
                consumed = position + 1;
                row++;
                if (row == rowsMax)
                    return consumed(
                            index,
                            row,
                            firstRow,
                            lineFeedCount + countUpTo(lineFeeds, bit),
                            consumed,
                            from);
                at[slot++] = position;
                last = slot + columns - 1;
            }
            lineFeedCount += Long.bitCount(lineFeeds);
            if (quoteBits != 0) break;
        }
        return consumed(index, row, firstRow, lineFeedCount, consumed, from);
    }

    /// Keeps the rows when each line feed so far ended one of them; else none of them is sure.
    private static int consumed(
            FieldIndex index, int row, int firstRow, int lineFeedCount, int consumed, int from) {
        if (lineFeedCount != row - firstRow) return from;
        index.rows = row;
        return consumed;
    }

    private static int countUpTo(long bits, int bit) {
        return Long.bitCount(bits & (-1L >>> (63 - bit)));
    }

    /// A mask of the bytes before the first quote of 64.
    private static long beforeFirstQuote(MemorySegment data, int base, long quotes) {
        for (int i = 0; i < 64; i += 8) {
            long found = Swar.match(data.get(Layouts.LONG, base + (long) i), quotes);
            if (found != 0) return (1L << (i + (Long.numberOfTrailingZeros(found) >> 3))) - 1;
        }
        return -1L;
    }
}
