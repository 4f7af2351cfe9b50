package dev.quiver.protocol;

import java.util.ArrayDeque;
import java.util.TreeMap;
import java.util.function.Consumer;

/// One end of a connection over a network that may lose, repeat and reorder: each message arrives
/// once and in order, or the other end is silent for so long that it counts as lost. A pure state
/// machine: time comes in as nanoseconds, frames go out to a consumer.
///
/// @param <O> messages that go out
/// @param <I> messages that come in
public final class Link<O, I> {
    /// So many messages may be on their way; beyond them the other end counts as lost.
    public static final int UNACKNOWLEDGED_MAX = 1 << 16;

    /// So many messages may be on their way before a sender does better to wait and send what comes
    /// meanwhile as one: the busier the other end is, the larger messages get.
    private static final int UNHURRIED_MAX = 2;

    /// How many frames are repeated at a time.
    private static final int REPEAT_MAX = 64;

    /// How many frames that came too early are kept.
    private static final int EARLY_MAX = 256;

    private record Sent<O>(long sequence, O message) {}

    private final long session;
    private final long repeatNanos;
    private final Consumer<Frame<O>> out;
    private final Consumer<I> in;
    private final ArrayDeque<Sent<O>> unacknowledged = new ArrayDeque<>();
    private final TreeMap<Long, I> early = new TreeMap<>();
    private long nextSequence;
    private long received;

    /// How many messages have come since the last frame went out.
    private int unanswered;

    private long progressNanos;

    /// Starts a connection.
    ///
    /// @param session its number, the same at both ends
    /// @param repeatNanos after which time without an acknowledgement frames are sent again
    /// @param out takes frames for the other end
    /// @param in takes messages from it, in order
    public Link(long session, long repeatNanos, Consumer<Frame<O>> out, Consumer<I> in) {
        this.session = session;
        this.repeatNanos = repeatNanos;
        this.out = out;
        this.in = in;
    }

    public void send(O message, long nanos) {
        if (unacknowledged.isEmpty()) {
            progressNanos = nanos;
        }
        unacknowledged.add(new Sent<>(nextSequence, message));
        unanswered = 0;
        out.accept(new Frame.Carrying<>(session, received, nextSequence++, message));
    }

    /// True when too much is on its way: the other end must count as lost.
    public boolean isOverfull() {
        return unacknowledged.size() > UNACKNOWLEDGED_MAX;
    }

    /// True while so much is on its way that what isn't urgent had better wait for an
    /// acknowledgement.
    public boolean isBusy() {
        return unacknowledged.size() >= UNHURRIED_MAX;
    }

    /// Acknowledges what has come where the other end may wait for that; else the next message or
    /// tick does. Called once what has come was dealt with.
    public void answer() {
        if (unanswered < UNHURRIED_MAX) {
            return;
        }
        unanswered = 0;
        out.accept(new Frame.Acknowledging<>(session, received));
    }

    /// True when nothing is on its way that wasn't acknowledged.
    public boolean isQuiet() {
        return unacknowledged.isEmpty();
    }

    /// A frame has come. Answers whether it belongs to this connection, so that it is a sign of
    /// life.
    public boolean receive(Frame<I> frame, long nanos) {
        if (frame.session() != session) {
            return false;
        }
        while (!unacknowledged.isEmpty() && unacknowledged.element().sequence < frame.received()) {
            unacknowledged.remove();
            progressNanos = nanos;
        }
        if (frame instanceof Frame.Carrying<I>(_, _, long sequence, I message)) {
            unanswered++;
            take(sequence, message);
        }
        return true;
    }

    private void take(long sequence, I message) {
        if (sequence != received) {
            if (sequence > received && early.size() < EARLY_MAX) {
                early.put(sequence, message);
            }
            return;
        }
        received++;
        in.accept(message);
        while (!early.isEmpty() && early.firstKey() == received) {
            received++;
            in.accept(early.pollFirstEntry().getValue());
        }
    }

    /// Says that this end is alive, and again what wasn't acknowledged in time. Called regularly.
    public void tick(long nanos) {
        unanswered = 0;
        if (unacknowledged.isEmpty() || nanos - progressNanos < repeatNanos) {
            out.accept(new Frame.Acknowledging<>(session, received));
            return;
        }
        progressNanos = nanos;
        int count = 0;
        for (Sent<O> sent : unacknowledged) {
            if (count++ == REPEAT_MAX) {
                return;
            }
            out.accept(new Frame.Carrying<>(session, received, sent.sequence, sent.message));
        }
    }
}
