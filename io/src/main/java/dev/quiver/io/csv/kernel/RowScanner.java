package dev.quiver.io.csv.kernel;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Finds the fields of any row of RFC 4180, one row at a time: quotes, line ends in quotes, doubled
/// quotes, blank lines. Says what is wrong with a row that breaks the format.
///
/// Where another sign than the quote escapes quotes, it does so before a quote and before itself,
/// in quotes; before other bytes, and outside quotes, it is a byte like others.
///
/// A quote opens a quoted field only as a field's first byte; elsewhere it is a byte like others. A
/// line ends with LF or CR LF; a lone CR is a byte like others. Blank lines are skipped, but for
/// files of one column, where they are null.
public final class RowScanner {
    /// How a row ended.
    public enum Outcome {
        /// It is in the index.
        ROW,
        /// The window ends inside it, or before it.
        INCOMPLETE,
        /// More fields than columns.
        TOO_MANY,
        /// Fewer fields than columns.
        TOO_FEW,
        /// Something else than a separator behind a closing quote.
        AFTER_QUOTE
    }

    private static final long LINE_FEEDS = Swar.pattern('\n');

    private final byte delimiter;
    private final byte quote;
    private final byte escape;
    private final long delimiters;
    private final long quotes;
    private final long escapes;
    private int position;
    private int fields;

    /// Fields of the row that [#lineFeed] found the end of.
    private int counted;

    /// Whether there were escapes before the quote that [#closing] found.
    private boolean escaped;

    /// @param delimiter,quote,escape ASCII; the escape is the quote where quotes are doubled
    public RowScanner(int delimiter, int quote, int escape) {
        this.delimiter = (byte) delimiter;
        this.quote = (byte) quote;
        this.escape = (byte) escape;
        this.delimiters = Swar.pattern(delimiter);
        this.quotes = Swar.pattern(quote);
        this.escapes = Swar.pattern(escape);
    }

    /// Behind a ROW: the first byte behind its line end. INCOMPLETE: its first byte. Else: the byte
    /// where the trouble is.
    public int position() {
        return position;
    }

    /// How many fields the last row had, where it had too few or too many.
    public int fields() {
        return fields;
    }

    /// Looks at the row that begins at `from`, or behind blank lines there, and adds it to `index`,
    /// which must have room.
    public Outcome scan(MemorySegment data, int from, int end, FieldIndex index) {
        int start = index.columns == 1 ? from : behindBlankLines(data, from, end);
        position = start;
        int[] at = index.at;
        int slot = index.rows * index.stride;
        int last = slot + index.columns;
        at[slot] = start - 1;
        int field = start;
        while (true) {
            slot++;
            int flags = 0;
            int stop;
            if (field < end && data.get(Layouts.BYTE, field) == quote) {
                int close = closing(data, field + 1, end);
                if (close < 0) return Outcome.INCOMPLETE;
                flags = escaped ? FieldIndex.QUOTED | FieldIndex.ESCAPED : FieldIndex.QUOTED;
                stop = close + 1;
            } else {
                stop = find(data, field, end, delimiters, LINE_FEEDS);
                if (stop >= end) return Outcome.INCOMPLETE;
            }
            byte separator = data.get(Layouts.BYTE, stop);
            if (separator == delimiter) {
                if (slot == last) return tooMany(data, start, end);
                at[slot] = stop | flags;
                field = stop + 1;
                continue;
            }
            int lineFeed = stop;
            if (flags != 0 && separator == '\r') {
                lineFeed = stop + 1;
                if (lineFeed >= end) return Outcome.INCOMPLETE;
                separator = data.get(Layouts.BYTE, lineFeed);
            } else if (flags == 0 && stop > field && data.get(Layouts.BYTE, stop - 1L) == '\r') {
                stop--;
            }
            if (separator != '\n') {
                position = stop;
                return Outcome.AFTER_QUOTE;
            }
            at[slot] = stop | flags;
            if (slot < last) {
                fields = slot - index.rows * index.stride;
                position = start;
                return Outcome.TOO_FEW;
            }
            index.rows++;
            position = lineFeed + 1;
            return Outcome.ROW;
        }
    }

    /// The quote that closes the field whose text begins at `from`; −1 when it, or the byte behind
    /// it, isn't before `end`.
    private int closing(MemorySegment data, int from, int end) {
        escaped = false;
        int at = from;
        while (true) {
            at = find(data, at, end, quotes, escapes);
            if (at + 1 >= end) return -1;
            byte found = data.get(Layouts.BYTE, at);
            byte next = data.get(Layouts.BYTE, at + 1L);
            if (found == escape && (next == quote || next == escape)) {
                escaped = true;
                at += 2;
            } else if (found == quote) {
                return at;
            } else {
                at++;
            }
        }
    }

    private Outcome tooMany(MemorySegment data, int start, int end) {
        int count = countFields(data, start, end);
        if (count < 0) return Outcome.INCOMPLETE;
        fields = count;
        position = start;
        return Outcome.TOO_MANY;
    }

    /// The number of fields of the row that begins at `start`; −1 when it doesn't end before `end`.
    public int countFields(MemorySegment data, int start, int end) {
        return lineFeed(data, start, end) < 0 ? -1 : counted;
    }

    /// The line feed that ends the row, whatever its shape, that begins at `start`; −1 when it
    /// doesn't end before `end`.
    public int lineFeed(MemorySegment data, int start, int end) {
        int count = 1;
        int at = start;
        boolean fieldStart = true;
        while (at < end) {
            byte next = data.get(Layouts.BYTE, at);
            if (fieldStart && next == quote) {
                int close = closing(data, at + 1, end);
                if (close < 0) return -1;
                at = close + 1;
                fieldStart = false;
                continue;
            }
            if (next == '\n') {
                counted = count;
                return at;
            }
            fieldStart = next == delimiter;
            if (fieldStart) count++;
            at++;
        }
        return -1;
    }

    /// The first byte from `from` on that isn't one of a blank line.
    public static int behindBlankLines(MemorySegment data, int from, int end) {
        int at = from;
        while (at < end) {
            byte next = data.get(Layouts.BYTE, at);
            if (next == '\n') at++;
            else if (next == '\r' && at + 1 < end && data.get(Layouts.BYTE, at + 1L) == '\n')
                at += 2;
            else return at;
        }
        return at;
    }

    /// The first byte from `from` on that is in one of the patterns; `end` when there is none.
    private static int find(MemorySegment data, int from, int end, long one, long other) {
        for (int at = from; at < end; at += 8) {
            long word = data.get(Layouts.LONG, at);
            long found = Swar.match(word, one) | Swar.match(word, other);
            if (found != 0) return Math.min(end, at + (Long.numberOfTrailingZeros(found) >> 3));
        }
        return end;
    }
}
