package dev.quiver.pipeline;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.store.Stores;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/// The digests of the keys that units loaded, in a file beside the ledger: what is true about them
/// whatever happens to sets of them.
///
/// The file holds a block a unit: run (8 bytes, big-endian), unit, number of digests and CRC-32C of
/// all the others (4 each), then the digests. What lies behind the last block of a unit that is
/// done is overwritten.
final class KeyLog {
    private static final int HEADER_BYTES = 20;
    private static final int CRC_AT = 16;

    /// So much is read or written at once: whole digests.
    private static final int PIECE_BYTES = KeyDigest.BYTES << 18;

    private final Disk disk;
    private final Path file;
    private long length;

    /// @param length of what is true
    KeyLog(Disk disk, Path file, long length) {
        this.disk = disk;
        this.file = file;
        this.length = length;
    }

    /// Whether a unit of the run that goes on is done.
    interface Done {
        boolean test(long run, int unit);
    }

    /// Where a unit's digests are.
    private record Block(long run, int unit, long at, long bytes) {
        long end() {
            return at + bytes;
        }
    }

    /// How much of it is true.
    long length() {
        return length;
    }

    /// Gives the digests from a border of blocks on, in an array that is used again: those that are
    /// true, and behind them those of units that are done.
    ///
    /// @throws QuiverException with the code `FILE_CORRUPT` when what is true isn't there, or isn't
    ///   what was written
    void read(long from, Done done, Consumer<byte[]> reader) throws IOException {
        long size = size(disk, file);
        if (size < length)
            throw damaged("it has %d bytes of the %d that were written".formatted(size, length));
        if (size == 0) return;
        try (Bytes bytes = bytes()) {
            long at = from;
            while (at < size) {
                boolean isTrue = at < length;
                Optional<Block> found = block(bytes, at, size);
                if (found.isEmpty()) {
                    if (isTrue)
                        throw damaged("it isn't what was written from byte %d on".formatted(at));
                    return;
                }
                Block block = found.get();
                at = block.end();
                if (!isTrue) {
                    if (!done.test(block.run(), block.unit())) return;
                    length = at;
                }
                give(bytes, block, reader);
            }
        }
    }

    private QuiverException damaged(String how) {
        return new QuiverException(
                ErrorCode.FILE_CORRUPT,
                "the keys that were loaded are damaged: " + how,
                List.of("file: " + file),
                "put back the whole directory of the ledger as it was after the last run; or load"
                        + " all anew: into another target, with another ledger(…)");
    }

    /// How many bytes a log has; 0 when there is none.
    static long size(Disk disk, Path file) throws IOException {
        if (!disk.exists(file)) return 0;
        return Stores.isRemote(file) ? disk.read(file).length : Files.size(file);
    }

    /// What the log has at positions.
    private interface Bytes extends AutoCloseable {
        /// @return how many were read; negative at the end
        int read(ByteBuffer into, long at) throws IOException;

        @Override
        default void close() throws IOException {}
    }

    private Bytes bytes() throws IOException {
        if (Stores.isRemote(file)) {
            ByteBuffer all = ByteBuffer.wrap(disk.read(file));
            return (into, at) -> {
                int count = Math.min(into.remaining(), all.capacity() - (int) at);
                if (count <= 0) return -1;
                into.put(all.slice((int) at, count));
                return count;
            };
        }
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        return new Bytes() {
            @Override
            public int read(ByteBuffer into, long at) throws IOException {
                return channel.read(into, at);
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }

    /// The block at a position; empty when it isn't whole.
    private static Optional<Block> block(Bytes bytes, long at, long size) throws IOException {
        if (size - at < HEADER_BYTES) return Optional.empty();
        ByteBuffer header = piece(bytes, at, HEADER_BYTES);
        int count = header.getInt(12);
        long length = HEADER_BYTES + count * (long) KeyDigest.BYTES;
        if (count < 0 || length > size - at) return Optional.empty();
        var block = new Block(header.getLong(0), header.getInt(8), at, length);
        var crc = new CRC32C();
        crc.update(header.slice(0, CRC_AT));
        for (long from = at + HEADER_BYTES; from < block.end(); from += PIECE_BYTES)
            crc.update(piece(bytes, from, Math.min(PIECE_BYTES, block.end() - from)));
        return header.getInt(CRC_AT) == (int) crc.getValue()
                ? Optional.of(block)
                : Optional.empty();
    }

    private static void give(Bytes bytes, Block block, Consumer<byte[]> reader) throws IOException {
        var digest = new byte[KeyDigest.BYTES + 1];
        for (long at = block.at() + HEADER_BYTES; at < block.end(); at += PIECE_BYTES) {
            ByteBuffer piece = piece(bytes, at, Math.min(PIECE_BYTES, block.end() - at));
            while (piece.hasRemaining()) {
                piece.get(digest, 0, KeyDigest.BYTES);
                reader.accept(digest);
            }
        }
    }

    private static ByteBuffer piece(Bytes bytes, long at, long length) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate((int) length);
        while (piece.hasRemaining())
            if (bytes.read(piece, at + piece.position()) < 0) throw new EOFException();
        return piece.flip();
    }

    /// Brings a unit's digests to the disk, behind what is true; they become so by [#advance].
    ///
    /// @param digests whole ones, up to `bytes`
    /// @return where they end
    long write(long run, int unit, MemorySegment digests, long bytes) throws IOException {
        boolean isNew = !disk.exists(file);
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        header.putLong(run).putInt(unit).putInt(Math.toIntExact(bytes / KeyDigest.BYTES));
        var crc = new CRC32C();
        crc.update(header.slice(0, CRC_AT));
        for (long from = 0; from < bytes; from += PIECE_BYTES)
            crc.update(slice(digests, from, bytes).asByteBuffer());
        header.putInt((int) crc.getValue()).flip();

        // The header comes with the first piece, so a small block is one write.
        long at = length;
        for (long from = 0; from == 0 || from < bytes; from += PIECE_BYTES) {
            MemorySegment part = slice(digests, from, bytes);
            ByteBuffer piece = ByteBuffer.allocate(header.remaining() + (int) part.byteSize());
            piece.put(header).put(part.asByteBuffer());
            disk.write(file, at, piece.array());
            at += piece.capacity();
        }
        if (isNew) disk.forceDirectory(LocalDisk.parent(file));
        return at;
    }

    private static MemorySegment slice(MemorySegment digests, long from, long bytes) {
        return digests.asSlice(from, Math.min(PIECE_BYTES, bytes - from));
    }

    void advance(long end) {
        length = end;
    }
}
