package dev.quiver.io.csv;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.store.Compression;
import dev.quiver.io.store.Stores;
import dev.quiver.operator.FileRange;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The text inside a file that zstd or bzip2 made: all its frames or streams, one after the other,
/// with their checksums compared.
final class UnpackedBytes implements ByteSource {
    private static final int BLOCK_BYTES = 64 << 10;

    private final FileRange range;
    private final Compression compression;
    private final FileBytes raw;
    private final byte[] block = new byte[BLOCK_BYTES];
    private @Nullable InputStream text;

    /// Takes the channel over.
    UnpackedBytes(FileRange range, Compression compression, FileChannel channel) {
        this.range = range;
        this.compression = compression;
        this.raw = new FileBytes(channel);
        Stores.expect(channel, 0, range.size());
    }

    /// The file's own bytes; remembers when reading them failed, which is no fault of theirs.
    private static final class FileBytes extends InputStream {
        private final FileChannel channel;
        private long position;
        private @Nullable IOException failure;

        FileBytes(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
                int count = channel.read(ByteBuffer.wrap(bytes, offset, length), position);
                if (count > 0) position += count;
                return count;
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    @Override
    public int read(MemorySegment into, long offset, int length) {
        try {
            InputStream unpacked = text;
            if (unpacked == null) {
                unpacked = compression.inside(new java.io.BufferedInputStream(raw, BLOCK_BYTES));
                text = unpacked;
            }
            int count = unpacked.read(block, 0, Math.min(length, block.length));
            if (count > 0) MemorySegment.copy(block, 0, into, ValueLayout.JAVA_BYTE, offset, count);
            return count;
        } catch (IOException e) {
            IOException failure = raw.failure;
            throw failure == null ? corrupt(e) : ByteSource.failed(range.path(), failure);
        }
    }

    private QuiverException corrupt(IOException cause) {
        String name = compression.name().toLowerCase(Locale.ROOT);
        return new QuiverException(
                ErrorCode.FILE_CORRUPT,
                "the %s file '%s' can't be unpacked: %s"
                        .formatted(name, range.path(), cause.getMessage()),
                List.of("read: %d of %d bytes".formatted(raw.position, range.size())),
                "the file is damaged or was cut off: get it again (%s -t tests one)"
                        .formatted(name),
                cause);
    }

    @Override
    public boolean isStream() {
        return true;
    }

    @Override
    public long bytesRead() {
        return raw.position;
    }

    @Override
    public void close() {
        try (FileBytes file = raw;
                InputStream unpacked = text) {
            assert file != unpacked;
        } catch (IOException e) {
            throw ByteSource.failed(range.path(), e);
        }
    }
}
