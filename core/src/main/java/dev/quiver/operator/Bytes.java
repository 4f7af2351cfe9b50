package dev.quiver.operator;

import java.util.Arrays;
import java.util.HexFormat;

/// Bytes that nobody changes: a value, as a text is. Equal when the bytes are.
public final class Bytes {
    public static final Bytes NONE = new Bytes(new byte[0]);

    private static final int SHOWN_BYTES = 16;

    private final byte[] array;

    private Bytes(byte[] array) {
        this.array = array;
    }

    /// @param array taken over: not to be changed afterwards
    public static Bytes of(byte[] array) {
        return array.length == 0 ? NONE : new Bytes(array);
    }

    /// The bytes themselves; not to be changed.
    public byte[] array() {
        return array;
    }

    public int size() {
        return array.length;
    }

    public boolean isEmpty() {
        return array.length == 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes bytes && Arrays.equals(array, bytes.array);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(array);
    }

    /// The number of bytes, and the first of them.
    @Override
    public String toString() {
        int shown = Math.min(array.length, SHOWN_BYTES);
        return "%d bytes %s%s"
                .formatted(
                        array.length,
                        HexFormat.of().formatHex(array, 0, shown),
                        shown < array.length ? "…" : "");
    }
}
