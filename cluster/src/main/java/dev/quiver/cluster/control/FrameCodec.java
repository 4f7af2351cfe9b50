package dev.quiver.cluster.control;

import dev.quiver.protocol.Frame;
import dev.quiver.protocol.wire.MalformedMessage;
import dev.quiver.protocol.wire.Wire;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Frames of a [dev.quiver.protocol.Link] as bytes: a byte for the kind, session, received and
/// sequence as eight bytes each, little-endian, then the message.
public final class FrameCodec {
    private static final byte ACKNOWLEDGING = 0;
    private static final byte CARRYING = 1;
    private static final int HEADER_BYTES = 1 + 2 * Long.BYTES;

    private FrameCodec() {}

    public static <M> byte[] encode(Frame<M> frame, Wire<M> messages) {
        byte[] message = new byte[0];
        long sequence = -1;
        if (frame instanceof Frame.Carrying<M>(_, _, long number, M carried)) {
            message = messages.encode(carried);
            sequence = number;
        }
        boolean carrying = sequence >= 0;
        var out =
                ByteBuffer.allocate(HEADER_BYTES + (carrying ? Long.BYTES + message.length : 0))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .put(carrying ? CARRYING : ACKNOWLEDGING)
                        .putLong(frame.session())
                        .putLong(frame.received());
        if (carrying) out.putLong(sequence).put(message);
        return out.array();
    }

    /// The session of a frame.
    ///
    /// @throws MalformedMessage when the bytes are too few for one
    public static long session(byte[] bytes) {
        if (bytes.length < HEADER_BYTES)
            throw new MalformedMessage("%d bytes are no frame".formatted(bytes.length));
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(1);
    }

    /// @throws MalformedMessage when the bytes aren't one frame
    public static <M> Frame<M> decode(byte[] bytes, Wire<M> messages) {
        long session = session(bytes);
        var in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        byte kind = in.get();
        long received = in.position(1 + Long.BYTES).getLong();
        if (kind == ACKNOWLEDGING && !in.hasRemaining())
            return new Frame.Acknowledging<>(session, received);
        if (kind != CARRYING || in.remaining() < Long.BYTES)
            throw new MalformedMessage("no frame of kind %d".formatted(kind));
        long sequence = in.getLong();
        var message = new byte[in.remaining()];
        in.get(message);
        return new Frame.Carrying<>(session, received, sequence, messages.decode(message));
    }
}
