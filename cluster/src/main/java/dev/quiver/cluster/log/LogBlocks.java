package dev.quiver.cluster.log;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;

/// A log's file as blocks of bytes, each of which was made safe before the next was written.
///
/// A block is a head of sixteen little-endian bytes (a mark, the length of what follows, its
/// CRC32C, and the CRC32C of these three) and then its bytes. So a block that isn't whole is the
/// last one, torn by the end of the process or of the machine; a block that isn't whole before one
/// that is was damaged.
final class LogBlocks {
    private static final int MARK = 0x4B42_5651; // QVBK
    private static final int HEAD_BYTES = 16;
    private static final int STEP_BYTES = 1 << 20;

    private final FileChannel channel;
    private final Path file;
    private long position;

    /// @param position where the first block begins
    LogBlocks(FileChannel channel, Path file, long position) {
        this.channel = channel;
        this.file = file;
        this.position = position;
    }

    /// Where the next block begins.
    long position() {
        return position;
    }

    private record Head(int length, int crc) {}

    private static Optional<Head> head(ByteBuffer bytes, int at) {
        if (bytes.getInt(at) != MARK) return Optional.empty();
        int length = bytes.getInt(at + 4);
        if (length < 0 || bytes.getInt(at + 12) != crc(bytes.slice(at, 12)))
            return Optional.empty();
        return Optional.of(new Head(length, bytes.getInt(at + 8)));
    }

    private static int crc(ByteBuffer bytes) {
        var crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /// The next block; empty at the end, where a torn one is cut off.
    ///
    /// @throws DamagedLog when it was damaged
    Optional<byte[]> next() throws IOException {
        Optional<byte[]> bytes = blockAt(position);
        if (bytes.isPresent()) {
            position += HEAD_BYTES + bytes.get().length;
            return bytes;
        }
        if (position == channel.size()) return Optional.empty();
        long later = laterBlock();
        if (later >= 0) throw new DamagedLog(file, position, later);
        channel.truncate(position);
        channel.force(true);
        return Optional.empty();
    }

    /// The block that begins there.
    byte[] at(long begin) throws IOException {
        return blockAt(begin).orElseThrow(() -> new DamagedLog(file, begin, position));
    }

    private Optional<byte[]> blockAt(long at) throws IOException {
        if (channel.size() - at < HEAD_BYTES) return Optional.empty();
        Optional<Head> head = head(read(at, HEAD_BYTES), 0);
        if (head.isEmpty() || channel.size() - at - HEAD_BYTES < head.get().length())
            return Optional.empty();
        var bytes = new byte[head.get().length()];
        read(at + HEAD_BYTES, bytes.length).get(bytes);
        return crc(ByteBuffer.wrap(bytes)) == head.get().crc()
                ? Optional.of(bytes)
                : Optional.empty();
    }

    /// Where a whole block begins behind the place that makes none; -1 when there is none.
    private long laterBlock() throws IOException {
        long size = channel.size();
        for (long from = position + 1; from + HEAD_BYTES <= size; from += STEP_BYTES) {
            ByteBuffer bytes = read(from, (int) Math.min(STEP_BYTES + HEAD_BYTES, size - from));
            for (int i = 0; i + HEAD_BYTES <= bytes.limit(); i++)
                if (bytes.getInt(i) == MARK && blockAt(from + i).isPresent()) return from + i;
        }
        return -1;
    }

    private ByteBuffer read(long from, int length) throws IOException {
        var bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining())
            if (channel.read(bytes, from + bytes.position()) < 0)
                throw new EOFException("%s ended while it was read".formatted(file));
        return bytes.flip();
    }

    /// Writes a block behind the others; it is safe after [FileChannel#force].
    void append(byte[] bytes) throws IOException {
        var head = ByteBuffer.allocate(HEAD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        head.putInt(MARK).putInt(bytes.length).putInt(crc(ByteBuffer.wrap(bytes)));
        head.putInt(crc(head.slice(0, 12))).flip();
        write(head);
        write(ByteBuffer.wrap(bytes));
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) position += channel.write(bytes, position);
    }
}
