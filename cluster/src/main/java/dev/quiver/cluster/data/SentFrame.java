package dev.quiver.cluster.data;

import dev.quiver.worker.store.CopyStore;
import io.grpc.Drainable;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flight.grpc.AddWritableBuffer;

/// A frame to be sent. Large parts are sent from where they lie, small ones are copied together.
final class SentFrame implements DataCalls.Frame {
    /// Below this a copy costs less than a part of its own.
    private static final int COPIED_BYTES_MAX = 4 << 10;

    private final Parts parts;
    private boolean opened;

    /// Buffers that keep the outputs that they lie in until the network is done with them.
    private static final class Parts extends CompositeByteBuf {
        private final List<CopyStore.Copy> owners;

        Parts(List<CopyStore.Copy> owners) {
            // HTTP/2 hangs further frames behind this one: with fewer it would copy all of them
            super(PooledByteBufAllocator.DEFAULT, true, Integer.MAX_VALUE);
            this.owners = owners;
        }

        @Override
        protected void deallocate() {
            super.deallocate();
            owners.forEach(CopyStore.Copy::close);
        }
    }

    /// @param owners a share of each of them, taken over
    SentFrame(byte[] header, List<MemorySegment> body, List<CopyStore.Copy> owners) {
        var made = new ArrayList<ByteBuf>();
        ByteBuf copied = PooledByteBufAllocator.DEFAULT.directBuffer(header.length + Integer.BYTES);
        copied.writeInt(header.length);
        copied.writeBytes(header);
        for (MemorySegment part : body) {
            if (part.byteSize() <= COPIED_BYTES_MAX) {
                copied.writeBytes(part.asByteBuffer());
                continue;
            }
            made.add(copied);
            made.add(Unpooled.wrappedBuffer(part.asByteBuffer()));
            copied = PooledByteBufAllocator.DEFAULT.directBuffer();
        }
        made.add(copied);
        this.parts = new Parts(List.copyOf(owners));
        for (ByteBuf buffer : made) {
            if (buffer.isReadable()) parts.addComponent(true, buffer);
            else buffer.release();
        }
    }

    /// The stream that gRPC sends and closes.
    InputStream open() {
        opened = true;
        return new Drained(parts);
    }

    /// Lets go of a frame that wasn't sent.
    void discard() {
        if (!opened) parts.release();
    }

    private static final class Drained extends InputStream implements Drainable {
        private final ByteBuf buffer;

        Drained(ByteBuf buffer) {
            this.buffer = buffer;
        }

        @Override
        public int drainTo(OutputStream target) throws IOException {
            int count = buffer.readableBytes();
            AddWritableBuffer.add(buffer, target, true);
            return count;
        }

        @Override
        public int read() {
            return buffer.isReadable() ? buffer.readUnsignedByte() : -1;
        }

        @Override
        public int read(byte[] to, int at, int count) {
            int some = Math.min(count, buffer.readableBytes());
            if (some == 0) return count == 0 ? 0 : -1;
            buffer.readBytes(to, at, some);
            return some;
        }

        @Override
        public int available() {
            return buffer.readableBytes();
        }

        @Override
        public void close() {
            buffer.release();
        }
    }
}
