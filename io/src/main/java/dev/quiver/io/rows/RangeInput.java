package dev.quiver.io.rows;

import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.io.csv.ByteSource;
import dev.quiver.io.csv.KeptTexts;
import dev.quiver.operator.FileRange;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The bytes of a range: of a part of a file, the lines that begin inside it.
public final class RangeInput extends InputStream {
    private static final int BLOCK_BYTES = 64 << 10;

    private final FileRange range;
    private final ByteSource source;
    private final Buffer block;
    private int at;
    private int end;

    /// The position of `at` in the text.
    private long position;

    private long start;
    private boolean ended;
    private @Nullable KeptTexts kept;

    public RangeInput(FileRange range, MemoryAccount account) {
        this.range = range;
        this.block = account.allocate(BLOCK_BYTES);
        boolean isFirst = range.from() == 0;
        var read =
                isFirst
                        ? range
                        : new FileRange(
                                range.path(),
                                range.from() - 1,
                                range.to(),
                                range.size(),
                                range.modifiedNanos());
        try {
            this.source = ByteSource.open(read);
        } catch (RuntimeException | Error e) {
            block.close();
            throw e;
        }
        this.position = read.from();
    }

    /// Skips to the first line that begins in the range.
    public void begin() {
        if (range.from() > 0) {
            while (more()) {
                int lineFeed = lineFeed(at, end);
                move(lineFeed < end ? lineFeed + 1 : end);
                if (lineFeed < end || at < end) break;
            }
        }
        ended |= isPart() && position >= range.to();
        start = position;
    }

    /// Whether the text can only be read from its begin.
    public boolean isStream() {
        return source.isStream();
    }

    /// From now on bytes that are read go to `texts` too.
    public void keepIn(KeptTexts texts) {
        kept = texts;
    }

    /// Where the first line begins.
    public long start() {
        return start;
    }

    public long bytesRead() {
        return source.bytesRead();
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] to, int offset, int length) {
        if (length == 0) return 0;
        if (!more()) return -1;
        int count = Math.min(length, end - at);
        if (isPart() && position + count >= range.to()) {
            int from = (int) Math.max(at, at + range.to() - 1 - position);
            int lineFeed = lineFeed(from, at + count);
            if (lineFeed < at + count) {
                count = lineFeed + 1 - at;
                ended = true;
            }
        }
        MemorySegment.copy(block.segment(), Layouts.BYTE, at, to, offset, count);
        if (kept != null) kept.keep(block.segment(), at, at + count);
        move(at + count);
        return count;
    }

    /// Whether there are bytes in the block, reading on where it is used up.
    private boolean more() {
        if (ended) return false;
        if (at < end) return true;
        int count = source.read(block.segment(), 0, BLOCK_BYTES);
        ended = count < 0;
        at = 0;
        end = Math.max(count, 0);
        return count > 0;
    }

    private boolean isPart() {
        return range.to() < range.size();
    }

    private int lineFeed(int from, int to) {
        MemorySegment data = block.segment();
        int found = from;
        while (found < to && data.get(Layouts.BYTE, found) != '\n') found++;
        return found;
    }

    private void move(int to) {
        position += to - at;
        at = to;
    }

    @Override
    public void close() {
        block.close();
        source.close();
    }
}
