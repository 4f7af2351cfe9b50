package dev.quiver.columnar;

import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// The values of a dictionary up to some code: an immutable view that keeps its memory alive.
///
/// Layout: `size + 1` int32 offsets, the UTF-8 bytes end to end (with
/// [VariableColumn#PADDING_BYTES] readable behind them), and a 64-bit hash of each value, made by
/// [Hashing#bytes].
public final class DictionaryValues implements AutoCloseable {
    private final int size;
    private final Buffer offsets;
    private final Buffer bytes;
    private final Buffer hashes;

    /// Takes the buffers over.
    DictionaryValues(int size, Buffer offsets, Buffer bytes, Buffer hashes) {
        this.size = size;
        this.offsets = offsets;
        this.bytes = bytes;
        this.hashes = hashes;
    }

    public int size() {
        return size;
    }

    public MemorySegment offsets() {
        return offsets.segment();
    }

    public MemorySegment data() {
        return bytes.segment();
    }

    /// The hash of code `c` at byte `8 * c`.
    public MemorySegment hashes() {
        return hashes.segment();
    }

    public int start(int code) {
        return offsets.segment().get(Layouts.INT, code * 4L);
    }

    public int end(int code) {
        return offsets.segment().get(Layouts.INT, (code + 1) * 4L);
    }

    public long hash(int code) {
        return hashes.segment().get(Layouts.LONG, code * 8L);
    }

    public String get(int code) {
        int start = start(code);
        byte[] copy =
                bytes.segment()
                        .asSlice(start, end(code) - (long) start)
                        .toArray(ValueLayout.JAVA_BYTE);
        return new String(copy, StandardCharsets.UTF_8);
    }

    /// Bytes of all values, with offsets and hashes.
    public long bytes() {
        return (size + 1) * 4L + end(size - 1) + size * 8L;
    }

    /// Adds an owner.
    public DictionaryValues retain() {
        offsets.retain();
        bytes.retain();
        hashes.retain();
        return this;
    }

    @Override
    public void close() {
        offsets.close();
        bytes.close();
        hashes.close();
    }
}
