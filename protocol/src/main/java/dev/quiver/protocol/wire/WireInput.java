package dev.quiver.protocol.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Takes values from bytes that anybody may have sent: nothing is allocated on the word of a length
/// that the bytes don't bear out.
final class WireInput {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /// Values within values; more than any expression has, and a thread's stack holds them.
    static final int DEPTH_MAX = 1000;

    private final byte[] bytes;
    private int at;
    private int depth;

    WireInput(byte[] bytes) {
        this.bytes = bytes;
    }

    void enter() {
        if (++depth > DEPTH_MAX)
            throw malformed("values are nested more than %d deep".formatted(DEPTH_MAX));
    }

    void leave() {
        depth--;
    }

    MalformedMessage malformed(String why) {
        return new MalformedMessage("byte %d of %d: %s".formatted(at, bytes.length, why));
    }

    private void require(int count) {
        if (bytes.length - at < count) throw malformed("it ends too early");
    }

    int takeByte() {
        require(1);
        return bytes[at++] & 0xFF;
    }

    boolean takeBoolean() {
        int value = takeByte();
        if (value > 1) throw malformed("%d is neither true nor false".formatted(value));
        return value == 1;
    }

    long takeLong() {
        long value = takeUnsigned();
        return value >>> 1 ^ -(value & 1);
    }

    int takeInt() {
        long value = takeLong();
        if (value != (int) value) throw malformed("%d is no int".formatted(value));
        return (int) value;
    }

    long takeUnsigned() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int next = takeByte();
            if (shift == 63 && next > 1) break;
            value |= (next & 0x7FL) << shift;
            if (next < 0x80) return value;
        }
        throw malformed("a number of more than 64 bits");
    }

    /// How many things follow, each of at least one byte.
    int takeCount() {
        long count = takeUnsigned();
        if (count < 0 || count > bytes.length - at)
            throw malformed("%s things can't follow".formatted(Long.toUnsignedString(count)));
        return (int) count;
    }

    /// An index below `limit`.
    int takeIndex(int limit) {
        long index = takeUnsigned();
        if (index < 0 || index >= limit)
            throw malformed("no kind %s of %d".formatted(Long.toUnsignedString(index), limit));
        return (int) index;
    }

    long takeFixed() {
        require(Long.BYTES);
        long value = (long) LONG.get(bytes, at);
        at += Long.BYTES;
        return value;
    }

    byte[] takeBytes() {
        int count = takeCount();
        at += count;
        return Arrays.copyOfRange(bytes, at - count, at);
    }

    String takeText() {
        byte[] text = takeBytes();
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
        } catch (CharacterCodingException e) {
            throw new MalformedMessage("a text isn't UTF-8", e);
        }
    }

    void end() {
        if (at != bytes.length) throw malformed("there is more behind the message");
    }
}
