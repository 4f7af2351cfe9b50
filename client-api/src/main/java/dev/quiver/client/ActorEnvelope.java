package dev.quiver.client;

import dev.quiver.operator.Bytes;
import dev.quiver.protocol.CoordinationRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What travels between an actor and those who call it.
///
/// @param caller who calls or is answered
/// @param number of the call among those of its caller
/// @param content packed, or the name under which it was published
record ActorEnvelope(Kind kind, Place place, long caller, long number, Bytes content) {
    /// Of the content: what is longer is published.
    static final int CONTENT_BYTES_MAX = CoordinationRequest.VALUE_BYTES_MAX - header();

    /// So many numbers fit into a content.
    private static final int NUMBERS_MAX = CONTENT_BYTES_MAX / Long.BYTES;

    enum Kind {
        /// A call, as [ActorMessage.Call].
        CALL(1),
        /// These calls, by their numbers, were sent and aren't answered.
        UNANSWERED(2),
        /// The actor is to go on elsewhere if its worker leaves.
        MOVE(3),
        /// There are no more calls, or no more replies.
        LAST(4),
        /// What came of a call, as [ActorMessage.Returned] or [ActorMessage.Threw].
        REPLY(5),
        /// The worker was lost that had begun the call, which the object's state doesn't know.
        LOST(6),
        /// The worker was lost that had the reply; the object's state knows the call.
        UNKNOWN(7);

        private final byte code;

        Kind(int code) {
            this.code = (byte) code;
        }

        private static Kind of(byte code) {
            for (Kind kind : values()) if (kind.code == code) return kind;
            throw new IllegalArgumentException("an actor's envelope of kind " + code);
        }
    }

    enum Place {
        HERE,
        PUBLISHED
    }

    static ActorEnvelope of(Kind kind, long caller, long number) {
        return new ActorEnvelope(kind, Place.HERE, caller, number, Bytes.NONE);
    }

    static ActorEnvelope of(Kind kind, long caller, long number, byte[] content) {
        return new ActorEnvelope(kind, Place.HERE, caller, number, Bytes.of(content));
    }

    ActorEnvelope numbered(long as) {
        return new ActorEnvelope(kind, place, caller, as, content);
    }

    ActorEnvelope published(String name) {
        byte[] content = name.getBytes(StandardCharsets.UTF_8);
        return new ActorEnvelope(kind, Place.PUBLISHED, caller, number, Bytes.of(content));
    }

    /// Says of each of these calls that it isn't answered, in as many envelopes as that takes.
    static List<ActorEnvelope> unanswered(long caller, List<Long> numbers) {
        var envelopes = new ArrayList<ActorEnvelope>();
        for (int from = 0; from < numbers.size(); from += NUMBERS_MAX) {
            List<Long> some = numbers.subList(from, Math.min(numbers.size(), from + NUMBERS_MAX));
            ByteBuffer content = ByteBuffer.allocate(Long.BYTES * some.size());
            some.forEach(content::putLong);
            envelopes.add(of(Kind.UNANSWERED, caller, 0, content.array()));
        }
        return envelopes;
    }

    /// Of an envelope of [Kind#UNANSWERED].
    List<Long> numbers() {
        ByteBuffer left = ByteBuffer.wrap(content.array());
        var numbers = new ArrayList<Long>();
        while (left.hasRemaining()) numbers.add(left.getLong());
        return numbers;
    }

    private static int header() {
        return 2 + 2 * Long.BYTES;
    }

    Bytes encoded() {
        return Bytes.of(
                ByteBuffer.allocate(header() + content.size())
                        .put(kind.code)
                        .put((byte) (place == Place.PUBLISHED ? 1 : 0))
                        .putLong(caller)
                        .putLong(number)
                        .put(content.array())
                        .array());
    }

    static ActorEnvelope decoded(Bytes encoded) {
        ByteBuffer left = ByteBuffer.wrap(encoded.array());
        Kind kind = Kind.of(left.get());
        Place place = left.get() == 1 ? Place.PUBLISHED : Place.HERE;
        long caller = left.getLong();
        long number = left.getLong();
        var content = new byte[left.remaining()];
        left.get(content);
        return new ActorEnvelope(kind, place, caller, number, Bytes.of(content));
    }
}
