package dev.quiver.client;

import dev.quiver.error.QuiverException;
import dev.quiver.protocol.CoordinationAnswer;
import dev.quiver.protocol.CoordinationRequest;
import dev.quiver.protocol.CoordinationRequest.Kind;
import dev.quiver.protocol.CoordinationRequest.Patience;
import dev.quiver.worker.server.Slot;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Brings envelopes between an actor and those who call it, through a queue of calls and one of
/// replies for each caller: small contents as they are, others as names under which their bytes
/// were published, which travel from process to process.
final class ActorMail {
    /// So many calls wait for an actor before its callers do.
    private static final int CALLS_MAX = 1000;

    private static final int REPLIES_MAX = Integer.MAX_VALUE;

    private final OpenSession session;
    private final String name;

    /// @param name of the actor, unique on the cluster
    ActorMail(OpenSession session, String name) {
        this.session = session;
        this.name = name;
    }

    private Coordination coordination() {
        return session.conversation().coordination();
    }

    private String calls() {
        return name + " calls";
    }

    private String replies(long caller) {
        return "%s replies %d".formatted(name, caller);
    }

    /// Sends an envelope to the actor, which comes behind those that were sent before. Waits for
    /// nothing.
    ///
    /// @param envelope with a [#small] content
    /// @return for [#await]
    Coordination.Asked send(ActorEnvelope envelope) {
        return coordination()
                .begin(
                        new CoordinationRequest.Put(
                                calls(), CALLS_MAX, envelope.encoded(), Patience.ENDLESS));
    }

    /// Waits until there is room for what was sent.
    void await(Coordination.Asked sent) {
        var _ = coordination().await(sent);
    }

    /// Leaves an envelope for the actor, if there is room.
    void leave(ActorEnvelope envelope) {
        coordination()
                .tell(
                        new CoordinationRequest.Put(
                                calls(), CALLS_MAX, envelope.encoded(), Patience.NONE));
    }

    void reply(ActorEnvelope envelope) {
        var put =
                new CoordinationRequest.Put(
                        replies(envelope.caller()),
                        REPLIES_MAX,
                        small(envelope).encoded(),
                        Patience.ENDLESS);
        var _ = coordination().ask(put);
    }

    /// The envelope with a content that can be sent: what is large is published.
    ActorEnvelope small(ActorEnvelope envelope) {
        if (envelope.content().size() <= ActorEnvelope.CONTENT_BYTES_MAX) return envelope;
        String published = name + " " + UUID.randomUUID();
        session.publish(published, envelope.content().array());
        return envelope.published(published);
    }

    /// The next envelope for the actor.
    ActorEnvelope next() {
        return taken(
                coordination()
                        .ask(new CoordinationRequest.Take(calls(), CALLS_MAX, Patience.ENDLESS)));
    }

    ActorEnvelope nextReply(long caller) {
        var take = new CoordinationRequest.Take(replies(caller), REPLIES_MAX, Patience.ENDLESS);
        return taken(coordination().ask(take));
    }

    private static ActorEnvelope taken(CoordinationAnswer answer) {
        Slot.checkCancelled();
        if (answer instanceof CoordinationAnswer.Value(var value))
            return ActorEnvelope.decoded(value);
        throw new IllegalStateException("no envelope: " + answer);
    }

    /// Packs a content.
    ///
    /// @param role what an error calls it
    /// @param loader of the classes of what is in it
    /// @throws QuiverException NOT_SERIALIZABLE when that can't travel
    byte[] packed(Object content, String role, @Nullable ClassLoader loader) {
        return packing(loader).pack(content, role);
    }

    @Nullable Object unpacked(byte[] packed, @Nullable ClassLoader loader) {
        return packing(loader).unpack(packed);
    }

    private Packing packing(@Nullable ClassLoader loader) {
        return session.conversation().tasks().packing(loader);
    }

    /// What an envelope brings, once.
    ///
    /// @throws QuiverException when its bytes were published by who is lost
    ActorMessage opened(ActorEnvelope envelope, @Nullable ClassLoader loader) {
        byte[] packed = envelope.content().array();
        if (envelope.place() == ActorEnvelope.Place.PUBLISHED)
            packed = fetched(new String(packed, StandardCharsets.UTF_8));
        if (unpacked(packed, loader) instanceof ActorMessage message) return message;
        throw new IllegalStateException("what came isn't a message of an actor");
    }

    private byte[] fetched(String published) {
        try {
            return session.catalog().<byte[]>value(published).result();
        } finally {
            session.catalog().unpublish(published);
        }
    }

    /// Forgets what waits for a caller.
    void forget(long caller) {
        coordination().tell(new CoordinationRequest.Delete(Kind.QUEUE, replies(caller)));
    }

    /// Forgets what waits for the actor.
    void forgetCalls() {
        coordination().tell(new CoordinationRequest.Delete(Kind.QUEUE, calls()));
    }
}
