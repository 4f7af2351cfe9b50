package dev.quiver.client;

import dev.quiver.error.QuiverException;
import dev.quiver.operator.Bytes;
import dev.quiver.protocol.CoordinationAnswer;
import dev.quiver.protocol.CoordinationRequest;
import dev.quiver.protocol.CoordinationRequest.Kind;
import dev.quiver.protocol.CoordinationRequest.Patience;
import dev.quiver.worker.server.Slot;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Brings messages between an actor and who calls it, through two queues: small messages as they
/// are, others as names under which their bytes were published, which travel from process to
/// process.
final class ActorMail {
    /// So many calls wait for an actor before its callers do.
    private static final int CALLS_MAX = 1000;

    private static final byte HERE = 0;
    private static final byte PUBLISHED = 1;

    private final OpenSession session;
    private final String name;

    /// @param name of the actor, unique on the cluster
    ActorMail(OpenSession session, String name) {
        this.session = session;
        this.name = name;
    }

    private String calls() {
        return name + " calls";
    }

    private String replies() {
        return name + " replies";
    }

    /// @param loader of the classes of what is in it
    /// @throws QuiverException NOT_SERIALIZABLE when that can't travel
    void call(ActorMessage message, @Nullable ClassLoader loader) {
        put(calls(), CALLS_MAX, packed(message, "the arguments of a call", loader));
    }

    void reply(ActorMessage message, @Nullable ClassLoader loader) {
        put(replies(), Integer.MAX_VALUE, packed(message, "the result of a call", loader));
    }

    ActorMessage nextCall(@Nullable ClassLoader loader) {
        return take(calls(), CALLS_MAX, loader);
    }

    ActorMessage nextReply(@Nullable ClassLoader loader) {
        return take(replies(), Integer.MAX_VALUE, loader);
    }

    /// How often the actor has begun, this time included.
    long begun() {
        return session.counter(name).add(1);
    }

    /// Forgets what waits.
    void delete() {
        Coordination coordination = session.conversation().coordination();
        coordination.tell(new CoordinationRequest.Delete(Kind.QUEUE, calls()));
        coordination.tell(new CoordinationRequest.Delete(Kind.QUEUE, replies()));
        coordination.tell(new CoordinationRequest.SetCounter(name, 0));
    }

    private byte[] packed(ActorMessage message, String role, @Nullable ClassLoader loader) {
        return packing(loader).pack(message, role);
    }

    private Packing packing(@Nullable ClassLoader loader) {
        return session.conversation().tasks().packing(loader);
    }

    private void put(String queue, int capacity, byte[] bytes) {
        boolean small = bytes.length < CoordinationRequest.VALUE_BYTES_MAX;
        byte[] rest = bytes;
        if (!small) {
            String published = name + " " + UUID.randomUUID();
            session.publish(published, bytes);
            rest = published.getBytes(StandardCharsets.UTF_8);
        }
        ByteBuffer value = ByteBuffer.allocate(1 + rest.length);
        value.put(small ? HERE : PUBLISHED).put(rest);
        var put =
                new CoordinationRequest.Put(
                        queue, capacity, Bytes.of(value.array()), Patience.ENDLESS);
        var _ = session.conversation().coordination().ask(put);
    }

    private ActorMessage take(String queue, int capacity, @Nullable ClassLoader loader) {
        var take = new CoordinationRequest.Take(queue, capacity, Patience.ENDLESS);
        CoordinationAnswer answer = session.conversation().coordination().ask(take);
        if (!(answer instanceof CoordinationAnswer.Value(var value)))
            throw new IllegalStateException("no message: " + answer);
        byte[] bytes = value.array();
        var rest = new byte[bytes.length - 1];
        System.arraycopy(bytes, 1, rest, 0, rest.length);
        Slot.checkCancelled();
        byte[] packed = bytes[0] == HERE ? rest : fetched(new String(rest, StandardCharsets.UTF_8));
        if (packing(loader).unpack(packed) instanceof ActorMessage message) return message;
        throw new IllegalStateException("what came isn't a message of an actor");
    }

    private byte[] fetched(String published) {
        try {
            return session.catalog().<byte[]>value(published).result();
        } finally {
            session.catalog().unpublish(published);
        }
    }
}
