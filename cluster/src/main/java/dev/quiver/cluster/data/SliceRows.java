package dev.quiver.cluster.data;

import java.nio.ByteBuffer;

/// How many rows each slice of an output has, as bytes: 8 a slice, the first byte the highest.
public final class SliceRows {
    private SliceRows() {}

    static byte[] encode(long[] rows) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(rows.length, Long.BYTES));
        bytes.asLongBuffer().put(rows);
        return bytes.array();
    }

    /// @throws IllegalArgumentException when the bytes aren't such numbers
    public static long[] decode(byte[] bytes) {
        if (bytes.length % Long.BYTES != 0)
            throw new IllegalArgumentException("%d bytes of rows".formatted(bytes.length));
        long[] rows = new long[bytes.length / Long.BYTES];
        ByteBuffer.wrap(bytes).asLongBuffer().get(rows);
        return rows;
    }
}
