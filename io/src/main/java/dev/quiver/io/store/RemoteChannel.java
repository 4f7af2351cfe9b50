package dev.quiver.io.store;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;

/// Reads a remote file through its spool file. For one thread.
final class RemoteChannel extends FileChannel {
    private final RemoteFile file;
    private final FileChannel spool;
    private final TreeMap<Long, Long> expected = new TreeMap<>();
    private long position;

    RemoteChannel(RemoteFile file) throws IOException {
        this.file = file;
        this.spool = FileChannel.open(file.spool(), StandardOpenOption.READ);
    }

    /// Bytes `[from, to)` will be read, from the begin on.
    void expect(long from, long to) {
        expected.merge(from, to, Math::max);
    }

    private void ensure(long at, long bytes) {
        Map.Entry<Long, Long> range = expected.floorEntry(at);
        long ahead = range == null ? at + bytes : Math.max(at + bytes, range.getValue());
        file.ensure(at, Math.min(file.size(), at + bytes), ahead);
    }

    @Override
    public int read(ByteBuffer target, long at) throws IOException {
        if (at >= file.size()) return -1;
        int bytes = (int) Math.min(target.remaining(), file.size() - at);
        ensure(at, bytes);
        ByteBuffer part = target.slice().limit(bytes);
        int count = spool.read(part, at);
        if (count > 0) target.position(target.position() + count);
        return count;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int count = read(target, position);
        if (count > 0) position += count;
        return count;
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        long total = 0;
        for (int i = offset; i < offset + length; i++) {
            int count = targets[i].hasRemaining() ? read(targets[i]) : 0;
            if (count < 0) return total == 0 ? -1 : total;
            total += count;
            if (targets[i].hasRemaining()) return total;
        }
        return total;
    }

    @Override
    public long size() {
        return file.size();
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public FileChannel position(long newPosition) {
        position = newPosition;
        return this;
    }

    @Override
    public long transferTo(long at, long count, WritableByteChannel target) throws IOException {
        long bytes = Math.clamp(file.size() - at, 0, count);
        ensure(at, bytes);
        return spool.transferTo(at, bytes, target);
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long at, long bytes) throws IOException {
        ensure(at, bytes);
        return spool.map(mode, at, bytes);
    }

    @Override
    public MemorySegment map(MapMode mode, long at, long bytes, Arena arena) throws IOException {
        ensure(at, bytes);
        return spool.map(mode, at, bytes, arena);
    }

    @Override
    protected void implCloseChannel() throws IOException {
        spool.close();
    }

    @Override
    public int write(ByteBuffer source) {
        throw new NonWritableChannelException();
    }

    @Override
    public int write(ByteBuffer source, long at) {
        throw new NonWritableChannelException();
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        throw new NonWritableChannelException();
    }

    @Override
    public FileChannel truncate(long size) {
        throw new NonWritableChannelException();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long at, long count) {
        throw new NonWritableChannelException();
    }

    @Override
    public void force(boolean metadata) {
        throw new NonWritableChannelException();
    }

    @Override
    public FileLock lock(long at, long bytes, boolean shared) throws IOException {
        return spool.lock(at, bytes, shared);
    }

    @Override
    public FileLock tryLock(long at, long bytes, boolean shared) throws IOException {
        return spool.tryLock(at, bytes, shared);
    }
}
