package dev.quiver.cluster.data;

import io.grpc.Detachable;
import io.grpc.HasByteBuffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// A frame as the network brought it: read once, from front to back.
final class ReceivedFrame implements DataCalls.Frame, AutoCloseable {
    private static final int COPY_BYTES = 64 << 10;

    private final InputStream stream;
    private final boolean mapped;
    private final byte[] scratch;
    private long left;

    private ReceivedFrame(InputStream stream, boolean mapped, long left) {
        this.stream = stream;
        this.mapped = mapped;
        this.scratch = mapped ? new byte[0] : new byte[COPY_BYTES];
        this.left = left;
    }

    static ReceivedFrame of(InputStream stream) {
        try {
            InputStream own = stream instanceof Detachable lent ? lent.detach() : stream;
            boolean mapped = own instanceof HasByteBuffer buffers && buffers.byteBufferSupported();
            return new ReceivedFrame(own, mapped, own.available());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    StreamFormat.Header header() {
        byte[] length = take(Integer.BYTES);
        int count = ByteBuffer.wrap(length).getInt();
        if (count < 0 || count > left)
            throw new IllegalStateException("a header of %d bytes in %d".formatted(count, left));
        return StreamFormat.HEADER.decode(take(count));
    }

    private byte[] take(int count) {
        try {
            byte[] bytes = stream.readNBytes(count);
            if (bytes.length < count)
                throw new IllegalStateException("a frame ends before its header does");
            left -= count;
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Bytes of bodies that weren't taken yet.
    long left() {
        return left;
    }

    /// Takes as many bytes as there are, at most `count`, into `to` from `at` on.
    ///
    /// @return how many
    long copy(MemorySegment to, long at, long count) {
        long wanted = Math.min(count, left);
        long done = 0;
        try {
            while (done < wanted) done += copyPart(to, at + done, wanted - done);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        left -= wanted;
        return wanted;
    }

    private long copyPart(MemorySegment to, long at, long count) throws IOException {
        if (mapped && stream instanceof HasByteBuffer buffers) {
            ByteBuffer part = buffers.getByteBuffer();
            if (part == null) throw new IOException("a frame ends too early");
            long some = Math.min(count, part.remaining());
            MemorySegment.copy(MemorySegment.ofBuffer(part), 0, to, at, some);
            stream.skipNBytes(some);
            return some;
        }
        int some = stream.read(scratch, 0, (int) Math.min(count, scratch.length));
        if (some < 0) throw new IOException("a frame ends too early");
        MemorySegment.copy(MemorySegment.ofArray(scratch), 0, to, at, some);
        return some;
    }

    /// Leaves out as many bytes as there are, at most `count`.
    ///
    /// @return how many
    long skip(long count) {
        long some = Math.min(count, left);
        try {
            stream.skipNBytes(some);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        left -= some;
        return some;
    }

    @Override
    public void close() {
        try {
            stream.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
