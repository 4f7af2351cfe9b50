package dev.quiver.cluster.node;

import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.Language;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.control.Wishes;
import dev.quiver.error.QuiverException;
import dev.quiver.protocol.wire.MalformedMessage;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.NoOpFlightProducer;
import org.apache.arrow.flight.Result;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A scheduler's client port: questions are actions, a client's conversation is one exchange
/// without data, whose descriptor is the client's number.
final class SchedulerDoor extends NoOpFlightProducer {
    /// The type of all actions.
    static final String ASK = "quiver.ask";

    private static final Logger LOG = LoggerFactory.getLogger(SchedulerDoor.class);
    private static final long READY_PAUSE_NANOS = 100_000;

    private final BufferAllocator allocator;
    private final ClientPeers clients;
    private final Function<Question, Answer> answers;
    private final Runnable nudge;
    private final IntConsumer gone;

    /// @param answers questions; may throw QuiverException
    /// @param nudge lets the scheduler hear what clients said
    /// @param gone is told the numbers of clients that have gone
    SchedulerDoor(
            BufferAllocator allocator,
            ClientPeers clients,
            Function<Question, Answer> answers,
            Runnable nudge,
            IntConsumer gone) {
        this.allocator = allocator;
        this.clients = clients;
        this.answers = answers;
        this.nudge = nudge;
        this.gone = gone;
    }

    @Override
    public void doAction(CallContext context, Action action, StreamListener<Result> listener) {
        try {
            if (!action.getType().equals(ASK))
                throw new MalformedMessage("no action '%s'".formatted(action.getType()));
            Question question = Language.QUESTIONS.decode(action.getBody());
            listener.onNext(new Result(Language.ANSWERS.encode(answer(question))));
            listener.onCompleted();
        } catch (MalformedMessage e) {
            LOG.warn("a question was refused: {}", e.getMessage());
            listener.onError(
                    CallStatus.INVALID_ARGUMENT
                            .withDescription("not understood")
                            .toRuntimeException());
        }
    }

    private Answer answer(Question question) {
        try {
            return answers.apply(question);
        } catch (QuiverException e) {
            return new Answer.Refused(e.code().name(), e.what(), e.where(), e.fix());
        }
    }

    @Override
    public void doExchange(CallContext context, FlightStream reader, ServerStreamListener writer) {
        ClientPeer client;
        try {
            client = clients.client(number(reader));
        } catch (MalformedMessage e) {
            LOG.warn("a conversation was refused: {}", e.getMessage());
            writer.error(
                    CallStatus.NOT_FOUND.withDescription("no such client").toRuntimeException());
            return;
        }
        Thread talking =
                Thread.ofVirtual()
                        .name("quiver-" + client.number() + "-notices")
                        .start(() -> talk(client, writer));
        try {
            listen(client, reader);
        } catch (MalformedMessage e) {
            LOG.warn("{} was cut off: {}", client, e.getMessage());
        } catch (RuntimeException e) {
            LOG.debug("{} has gone", client, e);
        } finally {
            talking.interrupt();
            clients.disconnect(client);
            nudge.run();
            gone.accept(client.number());
            writer.completed();
        }
    }

    private static int number(FlightStream reader) {
        byte[] command = reader.getDescriptor().getCommand();
        try {
            return Integer.parseInt(new String(command, StandardCharsets.US_ASCII));
        } catch (NumberFormatException e) {
            throw new MalformedMessage("a descriptor that is no number", e);
        }
    }

    private void listen(ClientPeer client, FlightStream reader) {
        while (reader.next()) {
            ArrowBuf buffer = reader.getLatestMetadata();
            if (buffer == null) continue;
            var bytes = new byte[(int) buffer.readableBytes()];
            buffer.getBytes(0, bytes);
            for (Wishes.Wish wish : Language.WISHES.decode(bytes).wishes())
                clients.say(client, wish);
            nudge.run();
        }
    }

    private void talk(ClientPeer client, ServerStreamListener writer) {
        try {
            client.talk(bytes -> {
                while (!writer.isReady() && !writer.isCancelled()) {
                    LockSupport.parkNanos(READY_PAUSE_NANOS);
                    if (Thread.currentThread().isInterrupted()) return;
                }
                if (writer.isCancelled()) return;
                ArrowBuf buffer = allocator.buffer(bytes.length);
                buffer.writeBytes(bytes);
                writer.putMetadata(buffer);
            });
        } catch (InterruptedException e) {
            // the client has gone
            Thread.currentThread().interrupt();
        }
    }
}
