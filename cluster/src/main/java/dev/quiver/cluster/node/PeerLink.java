package dev.quiver.cluster.node;

import dev.quiver.cluster.control.FrameCodec;
import dev.quiver.protocol.Frame;
import dev.quiver.protocol.Link;
import dev.quiver.protocol.wire.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// A [Link] that many threads use. While the other end is busy with what it was sent, messages wait
/// and go as one: a batch is what came up meanwhile, and a lone message goes at once.
///
/// @param <O> messages that go out
/// @param <I> messages that come in
final class PeerLink<O, I> {
    private static final long REPEAT_NANOS = 1_000_000_000L;

    private final Wire<I> incoming;
    private final Link<O, I> link;
    private final UnaryOperator<List<O>> merging;

    /// What waits until the other end has taken in what it was sent.
    private final List<O> held = new ArrayList<>();

    /// What has come in by the frame that is being looked at.
    private final List<I> arrived = new ArrayList<>();

    /// @param session the same at both ends
    /// @param merging makes fewer messages of several, in order, which mean the same
    /// @param out sends bytes to the other end; called in order, must not block
    PeerLink(
            long session,
            Wire<O> outgoing,
            Wire<I> incoming,
            UnaryOperator<List<O>> merging,
            Consumer<byte[]> out) {
        this.merging = merging;
        this.incoming = incoming;
        this.link =
                new Link<>(
                        session,
                        REPEAT_NANOS,
                        frame -> out.accept(FrameCodec.encode(frame, outgoing)),
                        arrived::add);
    }

    /// Sends a message, or has it wait for a moment.
    synchronized void send(O message) {
        held.add(message);
        if (!link.isBusy()) release();
    }

    /// Sends a message, and what waits, now.
    synchronized void sendNow(O message) {
        held.add(message);
        release();
    }

    private void release() {
        if (held.isEmpty()) return;
        List<O> messages = held.size() == 1 ? held : merging.apply(held);
        for (O message : messages) link.send(message, System.nanoTime());
        held.clear();
    }

    /// What [#receive] gave was dealt with.
    synchronized void answer() {
        link.answer();
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
            if (!link.isBusy()) release();
            if (arrived.isEmpty()) return List.of();
            var messages = List.copyOf(arrived);
            arrived.clear();
            return messages;
        }
    }

    synchronized boolean isOverfull() {
        return link.isOverfull() || held.size() > Link.UNACKNOWLEDGED_MAX;
    }
}
