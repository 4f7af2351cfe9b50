package dev.quiver.io.parquet.kernel;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// Unpacks what writers have called LZ4: blocks behind Hadoop's lengths, a frame of the LZ4
/// project, or a bare block.
public final class Lz4Pages {
    private static final int FRAME_MAGIC = 0x184D2204;
    private static final int FLAG_BLOCK_CHECKSUM = 0x10;
    private static final int FLAG_CONTENT_SIZE = 0x08;
    private static final int FLAG_DICTIONARY = 0x01;

    private Lz4Pages() {}

    /// Unpacks a bare block (codec LZ4_RAW), which must fill `target`.
    ///
    /// @throws DamagedPage when it is none
    public static void unpackBlock(MemorySegment source, MemorySegment target) {
        long length = target.byteSize();
        if (Lz4Block.unpack(source, 0, source.byteSize(), target, 0, length) != length)
            throw damaged();
    }

    /// Unpacks whatever form it is (codec LZ4); it must fill `target`.
    ///
    /// @throws DamagedPage when it is none of the three
    public static void unpack(MemorySegment source, MemorySegment target) {
        if (source.byteSize() >= 4 && source.get(Layouts.INT, 0) == FRAME_MAGIC) {
            unpackFrame(source, target);
            return;
        }
        if (isHadoop(source, target.byteSize())) unpackHadoop(source, target);
        else unpackBlock(source, target);
    }

    /// Whether the lengths of Hadoop's framing lead exactly to the end: bare blocks have none.
    private static boolean isHadoop(MemorySegment source, long length) {
        long size = source.byteSize();
        long at = 0;
        long unpacked = 0;
        while (at < size) {
            if (size - at < 4) return false;
            long group = bigEndian(source, at);
            if (group < 0 || group > length - unpacked) return false;
            at += 4;
            if (group == 0) continue;
            if (size - at < 4) return false;
            long packed = bigEndian(source, at);
            at += 4;
            if (packed < 0 || packed > size - at) return false;
            at += packed;
            unpacked += group;
        }
        return unpacked == length;
    }

    private static void unpackHadoop(MemorySegment source, MemorySegment target) {
        long at = 0;
        long out = 0;
        while (at < source.byteSize()) {
            long group = bigEndian(source, at);
            at += 4;
            if (group == 0) continue;
            long packed = bigEndian(source, at);
            at += 4;
            long end = Lz4Block.unpack(source, at, at + packed, target, out, out + group);
            if (end != out + group) throw damaged();
            at += packed;
            out = end;
        }
    }

    /// Source: lz4_Frame_format.md of the LZ4 project. The frame's checksums aren't looked at:
    /// pages have their own.
    private static void unpackFrame(MemorySegment source, MemorySegment target) {
        long size = source.byteSize();
        if (size < 7) throw damaged();
        int flags = source.get(Layouts.BYTE, 4);
        if ((flags >>> 6 & 3) != 1 || (flags & FLAG_DICTIONARY) != 0) throw damaged();
        long at = 7L + ((flags & FLAG_CONTENT_SIZE) != 0 ? 8 : 0);
        long out = 0;
        while (true) {
            if (size - at < 4) throw damaged();
            int head = source.get(Layouts.INT, at);
            at += 4;
            if (head == 0) break;
            long packed = head & 0x7FFF_FFFFL;
            if (packed > size - at) throw damaged();
            if (head < 0) {
                if (packed > target.byteSize() - out) throw damaged();
                MemorySegment.copy(source, at, target, out, packed);
                out += packed;
            } else {
                out = Lz4Block.unpack(source, at, at + packed, target, out, target.byteSize());
            }
            at += packed + ((flags & FLAG_BLOCK_CHECKSUM) != 0 ? 4 : 0);
        }
        if (out != target.byteSize()) throw damaged();
    }

    private static long bigEndian(MemorySegment source, long at) {
        return Integer.reverseBytes(source.get(Layouts.INT, at));
    }

    private static DamagedPage damaged() {
        return new DamagedPage("isn't packed by LZ4, or not to the length it says");
    }
}
