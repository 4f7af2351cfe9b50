package dev.quiver.io.json;

import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.io.rows.RangeInput;
import java.util.Arrays;

/// The lines of a range one after the other, for readers that go on behind a line that isn't JSON.
final class JsonLines implements AutoCloseable {
    private static final int BYTES_FIRST = 64 << 10;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final RangeInput input;
    private final MemoryAccount account;
    private final int lineBytesMax;
    private byte[] bytes;
    private long base;
    private int from;
    private int to;
    private int at;
    private int filled;
    private boolean ended;

    /// @param input begun; stays its owner's
    /// @param lineBytesMax a longer line is cut into several
    JsonLines(RangeInput input, int lineBytesMax, MemoryAccount account) {
        this.input = input;
        this.account = account;
        this.lineBytesMax = lineBytesMax;
        this.base = input.start();
        account.reserve(BYTES_FIRST);
        this.bytes = new byte[BYTES_FIRST];
    }

    /// Goes to the next line; false at the end.
    boolean next() {
        int scan = at;
        while (true) {
            for (; scan < filled; scan++) if (bytes[scan] == '\n') return found(scan, scan + 1);
            boolean isLong = filled - at >= lineBytesMax;
            if (isLong || (ended && at < filled)) return found(filled, filled);
            if (ended) return false;
            scan -= at;
            makeRoom();
            int count = input.read(bytes, filled, bytes.length - filled);
            if (count < 0) ended = true;
            else filled += count;
        }
    }

    private boolean found(int end, int next) {
        from = at + (isMarked(end) ? BYTE_ORDER_MARK.length : 0);
        to = end > from && bytes[end - 1] == '\r' ? end - 1 : end;
        at = next;
        return true;
    }

    /// Whether the line is the text's first and begins with a mark. A parser leaves one out itself,
    /// but not on a line that has nothing else.
    private boolean isMarked(int end) {
        int length = BYTE_ORDER_MARK.length;
        return base + at == 0
                && end - at >= length
                && Arrays.equals(bytes, at, at + length, BYTE_ORDER_MARK, 0, length);
    }

    private void makeRoom() {
        if (at > 0) {
            System.arraycopy(bytes, at, bytes, 0, filled - at);
            base += at;
            filled -= at;
            at = 0;
        }
        if (filled < bytes.length) return;
        account.reserve(bytes.length);
        bytes = Arrays.copyOf(bytes, bytes.length * 2);
    }

    /// Holds the line; good until [#next].
    byte[] bytes() {
        return bytes;
    }

    int offset() {
        return from;
    }

    /// Bytes of the line without its end.
    int length() {
        return to - from;
    }

    /// Where the line begins in the text.
    long position() {
        return base + from;
    }

    /// Where the next line begins in the text.
    long nextPosition() {
        return base + at;
    }

    @Override
    public void close() {
        account.release(bytes.length);
    }
}
