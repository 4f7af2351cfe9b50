package dev.quiver.io.csv.kernel;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Finds the bytes that a CSV field can't have without quotes.
public final class TextSigns {
    private final long delimiter;
    private final long quote;
    private final long escape;
    private final long lineFeed = Swar.pattern('\n');
    private final long carriageReturn = Swar.pattern('\r');

    public TextSigns(byte delimiter, byte quote, byte escape) {
        this.delimiter = Swar.pattern(delimiter);
        this.quote = Swar.pattern(quote);
        this.escape = Swar.pattern(escape);
    }

    /// Whether one of them is among `length` bytes, behind which 8 more can be read.
    public boolean areIn(MemorySegment data, long from, int length) {
        int done = 0;
        for (; length - done >= Long.BYTES; done += Long.BYTES)
            if (found(data.get(Layouts.LONG, from + done)) != 0) return true;
        if (done == length) return false;
        long rest = found(data.get(Layouts.LONG, from + done));
        return rest << (Long.BYTES - (length - done)) * Byte.SIZE != 0;
    }

    private long found(long word) {
        return Swar.match(word, delimiter)
                | Swar.match(word, quote)
                | Swar.match(word, escape)
                | Swar.match(word, lineFeed)
                | Swar.match(word, carriageReturn);
    }
}
