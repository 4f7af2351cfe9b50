package dev.quiver.cluster.node;

import dev.quiver.cluster.control.FrameCodec;
import dev.quiver.protocol.Frame;
import dev.quiver.protocol.Link;
import dev.quiver.protocol.wire.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// A [Link] that many threads use.
///
/// @param <O> messages that go out
/// @param <I> messages that come in
final class PeerLink<O, I> {
    private static final long REPEAT_NANOS = 1_000_000_000L;

    private final Wire<I> incoming;
    private final Link<O, I> link;

    /// What has come in by the frame that is being looked at.
    private final List<I> arrived = new ArrayList<>();

    /// @param session the same at both ends
    /// @param out sends bytes to the other end; called in order, must not block
    PeerLink(long session, Wire<O> outgoing, Wire<I> incoming, Consumer<byte[]> out) {
        this.incoming = incoming;
        this.link =
                new Link<>(
                        session,
                        REPEAT_NANOS,
                        frame -> out.accept(FrameCodec.encode(frame, outgoing)),
                        arrived::add);
    }

    synchronized void send(O message) {
        link.send(message, System.nanoTime());
    }

    /// Says that this end is alive, and again what got lost.
    synchronized void tick() {
        link.tick(System.nanoTime());
    }

    /// Takes in a frame; only one thread at a time brings frames.
    ///
    /// @return the messages that are complete by now, in order
    /// @throws dev.quiver.protocol.wire.MalformedMessage when the bytes aren't a frame
    List<I> receive(byte[] bytes) {
        Frame<I> frame = FrameCodec.decode(bytes, incoming);
        synchronized (this) {
            link.receive(frame, System.nanoTime());
            if (arrived.isEmpty()) return List.of();
            var messages = List.copyOf(arrived);
            arrived.clear();
            return messages;
        }
    }

    synchronized boolean isOverfull() {
        return link.isOverfull();
    }
}
