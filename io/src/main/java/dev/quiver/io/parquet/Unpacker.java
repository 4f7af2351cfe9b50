package dev.quiver.io.parquet;

import com.github.luben.zstd.Zstd;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.io.parquet.kernel.DamagedPage;
import dev.quiver.io.parquet.kernel.Lz4Pages;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.apache.parquet.format.CompressionCodec;
import org.brotli.dec.BrotliInputStream;
import org.xerial.snappy.Snappy;

/// Unpacks pages. Native code gets lengths that were checked against the memory they speak of.
final class Unpacker {
    private static final int BROTLI_PIECE_BYTES = 64 << 10;
    private static final int GZIP_HEADER_BYTES = 10;
    private static final int GZIP_TRAILER_BYTES = 8;

    private Unpacker() {}

    static boolean knows(CompressionCodec codec) {
        return switch (codec) {
            case UNCOMPRESSED, SNAPPY, ZSTD, GZIP, BROTLI, LZ4, LZ4_RAW -> true;
            case LZO -> false;
        };
    }

    /// The most bytes that so many packed bytes can stand for.
    static long unpackedBytesMax(CompressionCodec codec, long packedBytes) {
        return switch (codec) {
            case UNCOMPRESSED -> packedBytes;
            case SNAPPY -> packedBytes * 32 + 64;
            case LZ4, LZ4_RAW -> packedBytes * 256 + 64;
            case GZIP -> packedBytes * 1_040 + 64;
            // A block of 128 KiB that repeats one byte takes four bytes.
            case ZSTD -> packedBytes * 32_768 + (128 << 10);
            // A few bytes repeat what came before for up to 16 MiB.
            case BROTLI -> Math.min(Integer.MAX_VALUE, packedBytes << 22);
            case LZO -> 0;
        };
    }

    /// Unpacks `[from, to)` of `packed` into `[at, at + length)` of `target`.
    ///
    /// @throws DamagedPage when it isn't `length` bytes, packed
    static void unpack(
            CompressionCodec codec,
            MemorySegment packed,
            long from,
            long to,
            MemorySegment target,
            long at,
            long length) {
        // Checks the ranges before their addresses go to native code.
        MemorySegment source = packed.asSlice(from, to - from);
        MemorySegment sink = target.asSlice(at, length);
        if (length == 0) return;
        switch (codec) {
            case UNCOMPRESSED -> MemorySegment.copy(source, 0, sink, 0, length);
            case SNAPPY -> snappy(source, sink);
            case ZSTD -> zstd(source, sink);
            case GZIP -> gzip(source, sink);
            case BROTLI -> brotli(source, sink);
            case LZ4 -> Lz4Pages.unpack(source, sink);
            case LZ4_RAW -> Lz4Pages.unpackBlock(source, sink);
            case LZO -> throw new IllegalArgumentException(codec.toString());
        }
    }

    private static void snappy(MemorySegment source, MemorySegment sink) {
        long length = 0;
        int at = 0;
        while (at < 5) {
            if (at >= source.byteSize()) throw new DamagedPage("isn't packed by snappy");
            int next = source.get(Layouts.BYTE, at);
            length |= (next & 0x7FL) << (7 * at);
            at++;
            if (next >= 0) break;
        }
        if (length != sink.byteSize())
            throw new DamagedPage("unpacks to %d bytes, not %d".formatted(length, sink.byteSize()));
        try {
            long unpacked =
                    Snappy.rawUncompress(source.address(), source.byteSize(), sink.address());
            if (unpacked != length) throw new DamagedPage("isn't packed by snappy");
        } catch (IOException e) {
            throw new DamagedPage("isn't packed by snappy");
        }
    }

    private static void zstd(MemorySegment source, MemorySegment sink) {
        long unpacked =
                Zstd.decompressUnsafe(
                        sink.address(), sink.byteSize(), source.address(), source.byteSize());
        if (Zstd.isError(unpacked))
            throw new DamagedPage("isn't packed by zstd: " + Zstd.getErrorName(unpacked));
        if (unpacked != sink.byteSize())
            throw new DamagedPage(
                    "unpacks to %d bytes, not %d".formatted(unpacked, sink.byteSize()));
    }

    /// The library unpacks in Java and works on arrays, up to 16 MiB of its own.
    private static void brotli(MemorySegment source, MemorySegment sink) {
        var piece = new byte[(int) Math.min(sink.byteSize(), BROTLI_PIECE_BYTES)];
        byte[] packed = source.toArray(ValueLayout.JAVA_BYTE);
        long out = 0;
        try (var in = new BrotliInputStream(new ByteArrayInputStream(packed))) {
            while (true) {
                int count = in.read(piece);
                if (count <= 0) break;
                if (count > sink.byteSize() - out)
                    throw new DamagedPage(
                            "unpacks to more than %d bytes".formatted(sink.byteSize()));
                MemorySegment.copy(piece, 0, sink, ValueLayout.JAVA_BYTE, out, count);
                out += count;
            }
        } catch (IOException | IllegalStateException | IndexOutOfBoundsException e) {
            throw new DamagedPage("isn't packed by brotli: " + e.getMessage());
        }
        if (out != sink.byteSize())
            throw new DamagedPage("unpacks to %d bytes, not %d".formatted(out, sink.byteSize()));
    }

    /// One or more gzip members, end to end.
    private static void gzip(MemorySegment source, MemorySegment sink) {
        long in = 0;
        long out = 0;
        while (out < sink.byteSize()) {
            in = gzipBody(source, in);
            var inflater = new Inflater(true);
            try {
                inflater.setInput(source.asSlice(in).asByteBuffer());
                out += inflate(inflater, sink.asSlice(out));
                in += inflater.getBytesRead() + GZIP_TRAILER_BYTES;
            } catch (DataFormatException e) {
                throw new DamagedPage("isn't packed by gzip: " + e.getMessage());
            } finally {
                inflater.end();
            }
        }
    }

    private static long inflate(Inflater inflater, MemorySegment sink) throws DataFormatException {
        var target = sink.asByteBuffer();
        while (!inflater.finished()) {
            int count = inflater.inflate(target);
            if (count == 0 && !inflater.finished())
                throw new DamagedPage("isn't packed by gzip, or not all of it is there");
        }
        if (inflater.getBytesWritten() == 0) throw new DamagedPage("has an empty gzip member");
        return inflater.getBytesWritten();
    }

    /// Where the deflated bytes of the member at `at` begin.
    private static long gzipBody(MemorySegment source, long at) {
        long size = source.byteSize();
        if (size - at < GZIP_HEADER_BYTES
                || source.get(Layouts.SHORT, at) != (short) 0x8B1F
                || source.get(Layouts.BYTE, at + 2) != 8)
            throw new DamagedPage("isn't packed by gzip");
        int flags = source.get(Layouts.BYTE, at + 3);
        long body = at + GZIP_HEADER_BYTES;
        if ((flags & 4) != 0) {
            if (size - body < 2) throw new DamagedPage("isn't packed by gzip");
            body += 2 + (source.get(Layouts.SHORT, body) & 0xFFFF);
        }
        if ((flags & 8) != 0) body = behindZero(source, body);
        if ((flags & 16) != 0) body = behindZero(source, body);
        if ((flags & 2) != 0) body += 2;
        if (body > size) throw new DamagedPage("isn't packed by gzip");
        return body;
    }

    private static long behindZero(MemorySegment source, long at) {
        long position = at;
        while (position < source.byteSize())
            if (source.get(Layouts.BYTE, position++) == 0) return position;
        throw new DamagedPage("isn't packed by gzip");
    }
}
