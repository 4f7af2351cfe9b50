package dev.quiver.io.csv;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.store.Stores;
import dev.quiver.operator.FileRange;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// The text inside a gzip file (RFC 1952): all its members one after the other, each checked
/// against its checksum and length. Zeros behind the last member are padding.
final class GzipBytes implements ByteSource {
    private static final int INPUT_BYTES = 64 << 10;
    private static final int FLAG_HEADER_CRC = 2;
    private static final int FLAG_EXTRA = 4;
    private static final int FLAG_NAME = 8;
    private static final int FLAG_COMMENT = 16;

    private final FileRange range;
    private final FileChannel channel;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private final ByteBuffer input =
            ByteBuffer.allocate(INPUT_BYTES).order(ByteOrder.LITTLE_ENDIAN).limit(0);
    private long filePosition;
    private boolean inMember;
    private boolean ended;

    /// Takes the channel over.
    GzipBytes(FileRange range, FileChannel channel) {
        this.range = range;
        this.channel = channel;
        Stores.expect(channel, 0, range.size());
    }

    @Override
    public int read(MemorySegment into, long offset, int length) {
        try {
            while (!ended) {
                if (!inMember) beginMember();
                else {
                    int count = inflate(into, offset, length);
                    if (count > 0) return count;
                }
            }
            return -1;
        } catch (IOException e) {
            throw ByteSource.failed(range.path(), e);
        }
    }

    private int inflate(MemorySegment into, long offset, int length) throws IOException {
        ByteBuffer output = into.asSlice(offset, length).asByteBuffer();
        try {
            while (true) {
                if (!input.hasRemaining() && !fill()) throw corrupt("ends inside its data");
                inflater.setInput(input);
                int count = inflater.inflate(output);
                if (count > 0) {
                    checksum.update(output.flip());
                    return count;
                }
                if (inflater.finished()) {
                    endMember();
                    return 0;
                }
                if (inflater.needsDictionary()) throw corrupt("asks for a preset dictionary");
            }
        } catch (DataFormatException e) {
            throw corrupt("holds no valid compressed data (%s)".formatted(e.getMessage()));
        }
    }

    private void beginMember() throws IOException {
        boolean first = filePosition == 0;
        skipPadding(first);
        if (ended) return;
        if (unsignedByte() != 0x1F || unsignedByte() != 0x8B)
            throw corrupt("has something else than gzip behind its data");
        if (unsignedByte() != 8) throw corrupt("uses an unknown compression method");
        int flags = unsignedByte();
        skip(6);
        if ((flags & FLAG_EXTRA) != 0) skip(unsignedByte() | unsignedByte() << 8);
        if ((flags & FLAG_NAME) != 0) skipText();
        if ((flags & FLAG_COMMENT) != 0) skipText();
        if ((flags & FLAG_HEADER_CRC) != 0) skip(2);
        inflater.reset();
        checksum.reset();
        inMember = true;
    }

    private void endMember() throws IOException {
        long crc = unsignedInt();
        long length = unsignedInt();
        if (crc != checksum.getValue()) throw corrupt("has a wrong checksum");
        if (length != (inflater.getBytesWritten() & 0xFFFF_FFFFL))
            throw corrupt("has a wrong length");
        inMember = false;
    }

    private void skipPadding(boolean first) throws IOException {
        while (true) {
            if (!input.hasRemaining() && !fill()) {
                ended = true;
                return;
            }
            if (first || input.get(input.position()) != 0) return;
            input.get();
        }
    }

    private void skip(int bytes) throws IOException {
        for (int i = 0; i < bytes; i++) unsignedByte();
    }

    private void skipText() throws IOException {
        int next;
        do next = unsignedByte();
        while (next != 0);
    }

    private long unsignedInt() throws IOException {
        long value = 0;
        for (int i = 0; i < 4; i++) value |= (long) unsignedByte() << (i << 3);
        return value;
    }

    private int unsignedByte() throws IOException {
        if (!input.hasRemaining() && !fill()) throw corrupt("ends too early");
        return input.get() & 0xFF;
    }

    /// Reads on; false at the file's end. Only when all input is used up.
    private boolean fill() throws IOException {
        input.clear();
        int count = channel.read(input, filePosition);
        input.flip();
        if (count < 0) {
            input.limit(0);
            return false;
        }
        filePosition += count;
        return count > 0;
    }

    private QuiverException corrupt(String what) {
        return new QuiverException(
                ErrorCode.FILE_CORRUPT,
                "the gzip file '%s' %s".formatted(range.path(), what),
                List.of("read: %d of %d bytes".formatted(filePosition, range.size())),
                "the file is damaged or was cut off: get it again (gzip -t tests one)");
    }

    @Override
    public boolean isStream() {
        return true;
    }

    @Override
    public long bytesRead() {
        return filePosition;
    }

    @Override
    public void close() {
        inflater.end();
        try {
            channel.close();
        } catch (IOException e) {
            throw ByteSource.failed(range.path(), e);
        }
    }
}
