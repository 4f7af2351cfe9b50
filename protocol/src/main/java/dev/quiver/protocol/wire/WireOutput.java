package dev.quiver.protocol.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Bytes that grow as values are put behind them. Whole numbers take as many bytes as they need:
/// seven bits each, the lowest first, the sign in the lowest bit (protocol buffers' zigzag).
final class WireOutput {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int VARINT_BYTES_MAX = 10;

    private byte[] bytes = new byte[256];
    private int size;
    private int depth;

    void enter() {
        if (++depth > WireInput.DEPTH_MAX)
            throw new IllegalArgumentException(
                    "values are nested more than %d deep".formatted(WireInput.DEPTH_MAX));
    }

    void leave() {
        depth--;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    private void room(int more) {
        if (bytes.length - size < more)
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(size, more)));
    }

    void putByte(int value) {
        room(1);
        bytes[size++] = (byte) value;
    }

    void putLong(long value) {
        putUnsigned(value << 1 ^ value >> 63);
    }

    /// A count or an index.
    void putUnsigned(long value) {
        room(VARINT_BYTES_MAX);
        long left = value;
        while ((left & ~0x7FL) != 0) {
            bytes[size++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        bytes[size++] = (byte) left;
    }

    /// Eight bytes, the lowest first.
    void putFixed(long value) {
        room(Long.BYTES);
        LONG.set(bytes, size, value);
        size += Long.BYTES;
    }

    void putBytes(byte[] value) {
        putUnsigned(value.length);
        room(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
    }

    void putText(String value) {
        putBytes(value.getBytes(StandardCharsets.UTF_8));
    }
}
