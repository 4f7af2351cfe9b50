package dev.quiver.io.csv;

import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.io.csv.kernel.LineFeeds;
import java.lang.foreign.MemorySegment;

/// Texts of a compressed file, which can't be read again from its middle: the text of each chunk is
/// kept until the next.
public final class KeptTexts implements ChunkTexts {
    private static final int PADDING_BYTES = 64;

    private final MemoryAccount account;
    private Buffer buffer;
    private long base;
    private int filled;

    /// Line feeds before `base`.
    private long lineFeedsBefore;

    /// All before `counted` has so many line feeds.
    private int counted;

    private long lineFeeds;

    KeptTexts(MemoryAccount account) {
        this.account = account;
        this.buffer = account.allocate(1 << 20);
    }

    /// Takes bytes of the text, which follow those taken before.
    public void keep(MemorySegment data, int from, int to) {
        int length = to - from;
        long needed = (long) filled + length + PADDING_BYTES;
        if (needed > buffer.capacityBytes())
            buffer = account.grow(buffer, filled, Math.max(needed, buffer.capacityBytes() * 2));
        MemorySegment.copy(data, from, buffer.segment(), filled, length);
        filled += length;
    }

    @Override
    public void begin(long position) {
        MemorySegment data = buffer.segment();
        int dropped = (int) Math.min(filled, position - base);
        lineFeedsBefore += LineFeeds.count(data, 0, dropped);
        MemorySegment.copy(data, dropped, data, 0, filled - dropped);
        base += dropped;
        filled -= dropped;
        counted = 0;
        lineFeeds = 0;
    }

    @Override
    public long line(long position) {
        int at = Math.toIntExact(position - base);
        if (at < counted) {
            counted = 0;
            lineFeeds = 0;
        }
        lineFeeds += LineFeeds.count(buffer.segment(), counted, at);
        counted = at;
        return lineFeedsBefore + lineFeeds + 1;
    }

    @Override
    public String text(long position, int length) {
        long at = position - base;
        return CsvTrouble.text(buffer.segment(), at, at + length);
    }

    @Override
    public void close() {
        buffer.close();
    }
}
