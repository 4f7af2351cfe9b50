package dev.quiver.io.csv;

import dev.quiver.io.store.Stores;
import dev.quiver.operator.FileRange;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;

/// Bytes of an uncompressed file, from the range's begin.
///
/// Read into the window, not mapped: a copy out of the page cache into cache-warm memory costs less
/// than the faults of fresh pages, and a file that shrinks is an error instead of a dead process.
final class PlainBytes implements ByteSource {
    /// How much is read at once behind the range's end, where only the last line is wanted.
    private static final int BEHIND_BYTES = 64 << 10;

    private final FileRange range;
    private final FileChannel channel;
    private long position;

    /// Takes the channel over.
    PlainBytes(FileRange range, FileChannel channel) {
        this.range = range;
        this.channel = channel;
        this.position = range.from();
        Stores.expect(channel, range.from(), range.to());
    }

    @Override
    public int read(MemorySegment into, long offset, int length) {
        long left = range.size() - position;
        if (left <= 0) return -1;
        long wanted = position < range.to() ? range.to() - position : BEHIND_BYTES;
        long bytes = Math.min(length, Math.min(left, wanted));
        try {
            int count = channel.read(into.asSlice(offset, bytes).asByteBuffer(), position);
            if (count < 0) throw ByteSource.changed(range);
            position += count;
            return count;
        } catch (IOException e) {
            throw ByteSource.failed(range.path(), e);
        }
    }

    @Override
    public boolean isStream() {
        return false;
    }

    @Override
    public long bytesRead() {
        return Math.min(position, range.to()) - range.from();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw ByteSource.failed(range.path(), e);
        }
    }
}
