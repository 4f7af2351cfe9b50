package dev.quiver.io.csv.kernel;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Whether a position of a text lies inside quotes, followed from a position where that is known or
/// assumed.
///
/// The rules are those of [RowScanner]: a quote opens where a field begins, two in a row inside
/// quotes are one, others close. Only quotes are looked at; the byte before one says whether a
/// field begins there.
public final class QuoteState {
    /// What is known of a position: the states before its byte.
    public enum State {
        OUTSIDE,
        INSIDE,
        /// Behind a quote inside quotes, which closes unless another one follows at once.
        CLOSING
    }

    private final byte delimiter;
    private final byte quote;
    private final long quotes;
    private State state;
    private long lastQuote;

    /// @param position where the text is in `state`
    public QuoteState(int delimiter, int quote, State state, long position) {
        this.delimiter = (byte) delimiter;
        this.quote = (byte) quote;
        this.quotes = Swar.pattern(quote);
        this.state = state;
        this.lastQuote = position - 1;
    }

    /// The state before the byte at `position`, up to which all was followed.
    public State at(long position) {
        return state == State.CLOSING && lastQuote != position - 1 ? State.OUTSIDE : state;
    }

    /// Follows the quotes in bytes `[from, end)`.
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
        switch (at(position)) {
            case INSIDE -> state = State.CLOSING;
            case CLOSING -> state = State.INSIDE;
            case OUTSIDE -> {
                boolean opens = isFieldStart || isSeparator(data.get(Layouts.BYTE, at - 1L));
                state = opens ? State.INSIDE : State.OUTSIDE;
            }
        }
        lastQuote = position;
    }

    private boolean isSeparator(byte value) {
        return value == delimiter || value == '\n';
    }

    /// The first line feed outside quotes in `[from, end)`, or `end`; follows the bytes before it.
    public int lineFeed(MemorySegment data, int from, int end, long base, int fieldStart) {
        for (int at = from; at < end; at++) {
            byte value = data.get(Layouts.BYTE, at);
            if (value == quote) step(data, at, base + at, at == fieldStart);
            else if (value == '\n' && at(base + at) != State.INSIDE) return at;
        }
        return end;
    }

    private int next(MemorySegment data, int from, int end) {
        int at = from;
        for (; at + 32 <= end; at += 32) {
            long found =
                    Swar.match(data.get(Layouts.LONG, at), quotes)
                            | Swar.match(data.get(Layouts.LONG, at + 8L), quotes)
                            | Swar.match(data.get(Layouts.LONG, at + 16L), quotes)
                            | Swar.match(data.get(Layouts.LONG, at + 24L), quotes);
            if (found != 0) break;
        }
        for (; at < end; at += 8) {
            long found = Swar.match(data.get(Layouts.LONG, at), quotes);
            if (found != 0) return Math.min(end, at + (Long.numberOfTrailingZeros(found) >> 3));
        }
        return end;
    }
}
