package dev.quiver.io.arrow;

import com.github.luben.zstd.Zstd;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.apache.arrow.flatbuf.CompressionType;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.RecordBatch;

/// The buffers of a batch, one after the other, unpacked where they are packed.
final class ArrowBody {
    private static final int LENGTH_BYTES = 8;

    /// A block of zstd that repeats one byte packs 128 KiB in four bytes.
    private static final long RATIO_MAX = 32_768;

    private final ArrowFile file;
    private final ArrowFile.Block block;
    private final RecordBatch batch;
    private final MemoryAccount account;
    private int node;
    private int buffer;
    private int variadic;

    ArrowBody(ArrowFile file, ArrowFile.Block block, RecordBatch batch, MemoryAccount account) {
        this.file = file;
        this.block = block;
        this.batch = batch;
        this.account = account;
    }

    /// The next field's rows and nulls.
    FieldNode nextNode() {
        return Objects.requireNonNull(batch.nodes(node++));
    }

    /// How many further buffers the next field of views has.
    int nextVariadic() {
        return Math.toIntExact(batch.variadicBufferCounts(variadic++));
    }

    /// Leaves buffers out.
    void skip(int count) {
        buffer += count;
    }

    /// The next buffer, in a block that has at least `needed` bytes of content and `padding` behind
    /// them; the caller owns it.
    Loaded next(long needed, long padding) throws IOException {
        var place = Objects.requireNonNull(batch.buffers(buffer++));
        if (place.offset() < 0
                || place.length() < 0
                || place.length() > block.bodyBytes() - place.offset())
            throw file.trouble().corrupt("a buffer lies outside of its batch");
        long at = block.body() + place.offset();
        var compression = batch.compression();
        if (compression == null || place.length() == 0)
            return plain(at, place.length(), needed, padding);
        if (place.length() < LENGTH_BYTES)
            throw file.trouble().corrupt("a packed buffer has no length");
        long length = file.read(at, LENGTH_BYTES).getLong();
        if (length == -1)
            return plain(at + LENGTH_BYTES, place.length() - LENGTH_BYTES, needed, padding);
        return packed(
                at + LENGTH_BYTES,
                place.length() - LENGTH_BYTES,
                length,
                needed,
                padding,
                compression.codec());
    }

    /// A buffer's content.
    ///
    /// @param bytes of content
    record Loaded(Buffer buffer, long bytes) {
        MemorySegment segment() {
            return buffer.segment();
        }
    }

    private Loaded plain(long at, long length, long needed, long padding) throws IOException {
        if (length < needed) throw tooShort(length, needed);
        Buffer into = account.allocate(length + padding);
        try {
            read(at, into.segment(), length);
            into.segment().asSlice(length, padding).fill((byte) 0);
            return new Loaded(into, length);
        } catch (IOException | RuntimeException | Error e) {
            into.close();
            throw e;
        }
    }

    private void read(long at, MemorySegment into, long length) throws IOException {
        long done = 0;
        while (done < length) {
            long count = Math.min(length - done, 1 << 30);
            file.read(at + done, into.asSlice(done, count).asByteBuffer());
            done += count;
        }
    }

    private Loaded packed(
            long at, long packedBytes, long length, long needed, long padding, byte codec)
            throws IOException {
        if (length < needed) throw tooShort(length, needed);
        if (length > packedBytes * RATIO_MAX + (128 << 10))
            throw file.trouble().corrupt("a packed buffer says a length that can't be");
        try (Buffer source = account.allocate(packedBytes)) {
            MemorySegment from = source.segment().asSlice(0, packedBytes);
            read(at, from, packedBytes);
            Buffer into = account.allocate(length + padding);
            try {
                unpack(codec, from, into.segment().asSlice(0, length));
                into.segment().asSlice(length, padding).fill((byte) 0);
                return new Loaded(into, length);
            } catch (RuntimeException | Error e) {
                into.close();
                throw e;
            }
        }
    }

    private void unpack(byte codec, MemorySegment from, MemorySegment into) {
        if (codec == CompressionType.LZ4_FRAME) {
            if (!Lz4Frame.unpack(from, into))
                throw file.trouble().corrupt("a buffer isn't packed by LZ4");
            return;
        }
        if (codec != CompressionType.ZSTD)
            throw file.trouble().corrupt("its buffers are packed by an unknown codec");
        if (into.byteSize() == 0) return;
        long unpacked =
                Zstd.decompressUnsafe(
                        into.address(), into.byteSize(), from.address(), from.byteSize());
        if (Zstd.isError(unpacked) || unpacked != into.byteSize())
            throw file.trouble().corrupt("a buffer isn't packed by zstd");
    }

    private RuntimeException tooShort(long length, long needed) {
        return file.trouble()
                .corrupt("a buffer has %d bytes, its rows need %d".formatted(length, needed));
    }

    /// The 64-bit number `index` of a segment.
    static long longAt(MemorySegment data, long index) {
        return data.get(Layouts.LONG, index * 8);
    }
}
