package dev.quiver.io.csv;

import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.io.csv.kernel.Separators;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The part of a text that is looked at: bytes `[start, end)` of counted memory, with readable
/// bytes before and behind. Moves on through the text, and grows to hold a long line.
///
/// A last line without a line end gets one.
final class Window implements AutoCloseable {
    /// Bytes of a window that no long line has grown.
    static final int BYTES = 256 << 10;

    /// The most that a line may have: positions must fit a field index.
    static final int LINE_BYTES_MAX = 1 << 29;

    /// Readable bytes before the text, so that a row's index can point before its first byte.
    private static final int FRONT_BYTES = 8;

    private final ByteSource source;
    private final MemoryAccount account;
    private final int lineBytesMax;
    private Buffer buffer;
    private int start = FRONT_BYTES;
    private int end = FRONT_BYTES;
    private long base;
    private boolean atEnd;
    private @Nullable KeptTexts kept;

    /// @param base position in the text of the source's first byte
    Window(ByteSource source, long base, MemoryAccount account, int lineBytesMax) {
        this.source = source;
        this.account = account;
        this.lineBytesMax = Math.min(lineBytesMax, LINE_BYTES_MAX);
        this.base = base - FRONT_BYTES;
        this.buffer = account.allocate(BYTES);
    }

    MemorySegment data() {
        return buffer.segment();
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    /// Whether the text ends with the window.
    boolean atEnd() {
        return atEnd;
    }

    /// The position in the text of a byte of the window.
    long position(int at) {
        return base + at;
    }

    /// The byte of the window at a position in the text, at most [#end] + 1.
    int at(long position) {
        return (int) Math.clamp(position - base, 0, end + 1L);
    }

    /// From now on bytes that are done with go to `texts`.
    void keepIn(KeptTexts texts) {
        kept = texts;
    }

    /// The bytes before `at` are done with.
    void consume(int at) {
        if (kept != null && at > start) kept.keep(data(), start, at);
        start = at;
    }

    /// Whether what is left from `start` on is longer than a line may be.
    boolean lineTooLong() {
        return end - start > lineBytesMax;
    }

    /// Reads on behind the bytes that are left, which move to the front. False at the end of the
    /// text.
    boolean fill() {
        if (atEnd) return false;
        int left = end - start;
        if (start > FRONT_BYTES) {
            MemorySegment.copy(data(), start, data(), FRONT_BYTES, left);
            base += start - FRONT_BYTES;
            start = FRONT_BYTES;
            end = FRONT_BYTES + left;
        }
        if (roomBytes() < BYTES / 4) buffer = account.grow(buffer, end, buffer.capacityBytes() * 2);
        int count = source.read(data(), end, (int) Math.min(roomBytes(), 1 << 24));
        if (count >= 0) {
            end += count;
            return true;
        }
        atEnd = true;
        boolean cut =
                left > 0 && data().get(java.lang.foreign.ValueLayout.JAVA_BYTE, end - 1) != '\n';
        if (cut) data().set(java.lang.foreign.ValueLayout.JAVA_BYTE, end++, (byte) '\n');
        return cut;
    }

    /// Room for text, beside the padding and a line end.
    private long roomBytes() {
        return buffer.capacityBytes() - end - Separators.PADDING_BYTES - 1;
    }

    @Override
    public void close() {
        buffer.close();
    }
}
