package dev.quiver.client;

import dev.quiver.error.Cancelled;
import dev.quiver.error.QuiverException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Takes calls for an object, one after the other, and answers them. What a call has changed is in
/// a snapshot before it is answered. Used by one thread.
final class ActorLife {
    private final ActorObject object;
    private final ActorMail mail;
    private final ActorSnapshots snapshots;

    /// The number of the first call that has come here, by caller.
    private final Map<Long, Long> first = new HashMap<>();

    /// In the last snapshot.
    private Optional<byte[]> state = Optional.empty();

    ActorLife(ActorObject object, ActorMail mail, ActorSnapshots snapshots) {
        this.object = object;
        this.mail = mail;
        this.snapshots = snapshots;
    }

    /// The first life: nothing was called before.
    void begin() {
        state = object.state();
        snapshots.save(new ActorSnapshots.Snapshot(state, List.of()));
    }

    /// A later life, on an object that was just made.
    void restore(ActorSnapshots.Snapshot snapshot) {
        state = snapshot.state();
        object.restore(state.orElseThrow());
        for (ActorEnvelope reply : snapshot.replies()) mail.reply(reply);
    }

    /// Takes calls until there are no more, or, when `leaving`, until the object can go on
    /// elsewhere.
    ///
    /// @throws QuiverException CANCELLED when it isn't wanted any more; UNAVAILABLE when its
    ///   session has ended
    ActorTask.End live(BooleanSupplier leaving) throws Exception {
        while (!(leaving.getAsBoolean() && object.isRestorable())) {
            ActorEnvelope envelope = mail.next();
            switch (envelope.kind()) {
                case CALL -> mail.reply(saved(answered(envelope)));
                case UNANSWERED -> tellLost(envelope);
                case MOVE -> {} // it is what `leaving` says by now, or of an earlier life
                case LAST -> {
                    return ActorTask.End.CLOSED;
                }
                case REPLY, LOST, UNKNOWN ->
                        throw new IllegalStateException("an actor is sent no " + envelope.kind());
            }
        }
        return ActorTask.End.LEAVING;
    }

    /// Saves what a call has changed, or undoes it.
    ///
    /// @return what to answer
    private ActorEnvelope saved(ActorEnvelope reply) throws Exception {
        if (!object.isRestorable()) return reply;
        try {
            save(reply);
            return reply;
        } catch (Cancelled e) {
            throw e;
        } catch (RuntimeException e) {
            object.replace(state.orElseThrow());
            return packed(reply, new ActorMessage.Threw(e));
        }
    }

    private void save(ActorEnvelope reply) {
        Optional<byte[]> now = object.state();
        if (Arrays.equals(now.orElseThrow(), state.orElseThrow())) return;
        snapshots.save(new ActorSnapshots.Snapshot(now, List.of(kept(reply))));
        state = now;
    }

    /// As a reply is kept: what is large would be lost with this worker, who publishes it.
    private static ActorEnvelope kept(ActorEnvelope reply) {
        return reply.content().size() <= ActorEnvelope.CONTENT_BYTES_MAX
                ? reply
                : ActorEnvelope.of(ActorEnvelope.Kind.UNKNOWN, reply.caller(), reply.number());
    }

    private ActorEnvelope answered(ActorEnvelope call) {
        first.putIfAbsent(call.caller(), call.number());
        ActorMessage answer;
        try {
            answer = object.answer((ActorMessage.Call) mail.opened(call, object.loader()));
        } catch (Cancelled e) {
            throw e;
        } catch (QuiverException e) {
            answer = new ActorMessage.Threw(e); // its arguments can't be read
        }
        return packed(call, answer);
    }

    /// The reply that says what has come of a call, or that it can't be said.
    private ActorEnvelope packed(ActorEnvelope call, ActorMessage answer) {
        byte[] content;
        try {
            content = mail.packed(answer, "the result of a call", object.loader());
        } catch (QuiverException e) {
            Throwable said =
                    answer instanceof ActorMessage.Threw(var thrown)
                            ? new IllegalStateException(thrown.toString())
                            : e;
            content =
                    mail.packed(
                            new ActorMessage.Threw(said), "the result of a call", object.loader());
        }
        return ActorEnvelope.of(ActorEnvelope.Kind.REPLY, call.caller(), call.number(), content);
    }

    /// Tells a caller which of its calls an earlier life took along. It has been told, or will be,
    /// what came of the others.
    private void tellLost(ActorEnvelope unanswered) {
        long caller = unanswered.caller();
        long here = first.getOrDefault(caller, Long.MAX_VALUE);
        for (long number : unanswered.numbers())
            if (number < here)
                mail.reply(ActorEnvelope.of(ActorEnvelope.Kind.LOST, caller, number));
    }
}
