package dev.quiver.cluster.node;

import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.Greeting;
import dev.quiver.cluster.control.Language;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.control.Wishes;
import dev.quiver.cluster.security.Admission;
import dev.quiver.cluster.security.Caller;
import dev.quiver.cluster.security.Right;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.protocol.wire.MalformedMessage;
import java.util.concurrent.locks.LockSupport;
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
/// without data, whose descriptor is the client's greeting.
final class SchedulerDoor extends NoOpFlightProducer {
    /// The type of all actions.
    static final String ASK = "quiver.ask";

    private static final Logger LOG = LoggerFactory.getLogger(SchedulerDoor.class);
    private static final long READY_PAUSE_NANOS = 100_000;

    private final BufferAllocator allocator;
    private final ActiveScheduler scheduler;

    SchedulerDoor(BufferAllocator allocator, ActiveScheduler scheduler) {
        this.allocator = allocator;
        this.scheduler = scheduler;
    }

    /// A client that has begun an exchange.
    interface Talking {
        /// It says something.
        ///
        /// @throws MalformedMessage when it speaks of what isn't its own
        void say(Wishes wishes);

        /// @param forGood false when it may come back
        void end(boolean forGood);
    }

    @Override
    public void doAction(CallContext context, Action action, StreamListener<Result> listener) {
        try {
            if (!action.getType().equals(ASK))
                throw new MalformedMessage("no action '%s'".formatted(action.getType()));
            Question question = Language.QUESTIONS.decode(action.getBody());
            listener.onNext(
                    new Result(Language.ANSWERS.encode(answer(question, Admission.caller()))));
            listener.onCompleted();
        } catch (MalformedMessage e) {
            LOG.warn("a question was refused: {}", e.getMessage());
            listener.onError(
                    CallStatus.INVALID_ARGUMENT
                            .withDescription("not understood")
                            .toRuntimeException());
        }
    }

    private Answer answer(Question question, Caller caller) {
        try {
            caller.require(AskedRight.of(question));
            return scheduler.answer(question, caller);
        } catch (QuiverException e) {
            if (e.code() == ErrorCode.ACCESS_DENIED)
                LOG.warn("{} was refused: {}", question.getClass().getSimpleName(), e.what());
            return new Answer.Refused(e.code().name(), e.what(), e.where(), e.fix());
        }
    }

    @Override
    public void doExchange(CallContext context, FlightStream reader, ServerStreamListener writer) {
        Talking client;
        var line = new ClientLine(scheduler::addresses);
        try {
            Admission.caller().require(Right.SUBMIT);
            Greeting greeting = Language.GREETINGS.decode(reader.getDescriptor().getCommand());
            client = scheduler.attach(greeting, line);
        } catch (MalformedMessage e) {
            LOG.warn("a conversation was refused: {}", e.getMessage());
            writer.error(
                    CallStatus.NOT_FOUND.withDescription("no such client").toRuntimeException());
            return;
        } catch (QuiverException e) {
            LOG.warn("a conversation was refused: {}", e.what());
            writer.error(CallStatus.UNAUTHORIZED.withDescription(e.what()).toRuntimeException());
            return;
        }
        Thread talking =
                Thread.ofVirtual()
                        .name("quiver-notices-of-" + client)
                        .start(() -> talk(line, writer));
        boolean forGood = false;
        try {
            listen(client, reader);
            forGood = true; // it has hung up
        } catch (MalformedMessage e) {
            LOG.warn("{} was cut off: {}", client, e.getMessage());
            forGood = true;
        } catch (RuntimeException e) {
            LOG.debug("the connection of {} has ended", client, e);
        } finally {
            talking.interrupt();
            client.end(forGood);
            writer.completed();
        }
    }

    private static void listen(Talking client, FlightStream reader) {
        while (reader.next()) {
            ArrowBuf buffer = reader.getLatestMetadata();
            if (buffer == null) continue;
            var bytes = new byte[(int) buffer.readableBytes()];
            buffer.getBytes(0, bytes);
            client.say(Language.WISHES.decode(bytes));
        }
    }

    private void talk(ClientLine line, ServerStreamListener writer) {
        try {
            line.talk(bytes -> {
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
