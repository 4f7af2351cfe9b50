package dev.quiver.io.csv.kernel;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Whether a position of a text lies inside quotes, followed from a position where that is known or
/// assumed.
///
/// The rules are those of [RowScanner]: a quote opens where a field begins, two in a row inside
/// quotes are one, or one behind an escape, others close. Only quotes and escapes are looked at;
/// the byte before a quote says whether a field begins there.
public final class QuoteState {
    /// What is known of a position: the states before its byte.
    public enum State {
        OUTSIDE,
        INSIDE,
        /// Behind a quote inside quotes, which closes unless another one follows at once; where
        /// quotes are escaped otherwise, behind an escape inside quotes.
        BETWEEN
    }

    private final byte delimiter;
    private final byte quote;
    private final byte escape;
    private final boolean doubles;
    private final long quotes;
    private final long escapes;
    private State state;

    /// The last sign that was looked at.
    private long last;

    /// @param delimiter,quote,escape ASCII; the escape is the quote where quotes are doubled
    /// @param position where the text is in `state`
    public QuoteState(int delimiter, int quote, int escape, State state, long position) {
        this.delimiter = (byte) delimiter;
        this.quote = (byte) quote;
        this.escape = (byte) escape;
        this.doubles = escape == quote;
        this.quotes = Swar.pattern(quote);
        this.escapes = Swar.pattern(escape);
        this.state = state;
        this.last = position - 1;
    }

    /// The state before the byte at `position`, up to which all was followed.
    public State at(long position) {
        if (state != State.BETWEEN || last == position - 1) return state;
        return doubles ? State.OUTSIDE : State.INSIDE;
    }

    /// Follows the quotes and escapes in bytes `[from, end)`.
    ///
    /// @param base position in the text of the segment's first byte
    /// @param fieldStart a position in the segment where a field begins although no separator is
    ///   before it; −1 when there is none. Else `from` must have a byte before it.
    public void follow(MemorySegment data, int from, int end, long base, int fieldStart) {
        int at = from;
        while (true) {
            at = next(data, at, end);
            if (at >= end) return;
            step(data, at, base + at, at == fieldStart);
            at++;
        }
    }

    private void step(MemorySegment data, int at, long position, boolean isFieldStart) {
        boolean isQuote = data.get(Layouts.BYTE, at) == quote;
        state =
                switch (at(position)) {
                    case INSIDE -> isQuote && !doubles ? State.OUTSIDE : State.BETWEEN;
                    case BETWEEN -> State.INSIDE;
                    case OUTSIDE -> {
                        boolean opens =
                                isQuote
                                        && (isFieldStart
                                                || isSeparator(data.get(Layouts.BYTE, at - 1L)));
                        yield opens ? State.INSIDE : State.OUTSIDE;
                    }
                };
        last = position;
    }

    private boolean isSeparator(byte value) {
        return value == delimiter || value == '\n';
    }

    /// The first line feed outside quotes in `[from, end)`, or `end`; follows the bytes before it.
    public int lineFeed(MemorySegment data, int from, int end, long base, int fieldStart) {
        for (int at = from; at < end; at++) {
            byte value = data.get(Layouts.BYTE, at);
            if (value == quote || value == escape) step(data, at, base + at, at == fieldStart);
            else if (value == '\n' && at(base + at) != State.INSIDE) return at;
        }
        return end;
    }

    /// The first quote or escape in `[from, end)`, or `end`.
    private int next(MemorySegment data, int from, int end) {
        int at = from;
        for (; at + 32 <= end; at += 32) {
            long found =
                    match(data.get(Layouts.LONG, at))
                            | match(data.get(Layouts.LONG, at + 8L))
                            | match(data.get(Layouts.LONG, at + 16L))
                            | match(data.get(Layouts.LONG, at + 24L));
            if (found != 0) break;
        }
        for (; at < end; at += 8) {
            long found = match(data.get(Layouts.LONG, at));
            if (found != 0) return Math.min(end, at + (Long.numberOfTrailingZeros(found) >> 3));
        }
        return end;
    }

    private long match(long word) {
        long found = Swar.match(word, quotes);
        return doubles ? found : found | Swar.match(word, escapes);
    }
}
