package dev.quiver.cluster.node;

import dev.quiver.cluster.control.Greeting;
import dev.quiver.cluster.control.Language;
import dev.quiver.error.QuiverException;
import dev.quiver.protocol.wire.MalformedMessage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One exchange with a client: what it says is heard in the thread of the call, what it is told is
/// sent by another one. It begins with a greeting; who doesn't greet in time is hung up on.
///
/// Flight hands a greeting over to who waits for it, and doesn't tell who waits that none will
/// come: so a thread of its own waits, while that of the call sees the exchange end.
final class Conversation {
    private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);
    private static final long READY_PAUSE_NANOS = 100_000;

    /// So long a greeting may be on its way between threads.
    private static final long HAND_OVER_MILLIS = 500;

    private final SchedulerDoor.Office office;
    private final BufferAllocator allocator;
    private final FlightStream reader;
    private final ServerStreamListener writer;
    private final ClientLine line;
    private final Thread call = Thread.currentThread();
    private final CompletableFuture<SchedulerDoor.Talking> greeted = new CompletableFuture<>();
    private boolean over;
    private final Thread talking = Thread.ofVirtual().name("quiver-notices").unstarted(this::talk);

    /// Made by the thread of the call.
    ///
    /// @param allocator of what is sent
    Conversation(
            SchedulerDoor.Office office,
            BufferAllocator allocator,
            FlightStream reader,
            ServerStreamListener writer) {
        this.office = office;
        this.allocator = allocator;
        this.reader = reader;
        this.writer = writer;
        this.line = new ClientLine(office::addresses);
    }

    /// Returns when it has ended.
    ///
    /// @param greetingMillis until then it is greeted
    /// @param afterGreeting is done once it is known that it is, or isn't
    void hold(long greetingMillis, Runnable afterGreeting) {
        var _ = greeted.whenComplete((_, _) -> afterGreeting.run());
        Thread greeting = Thread.ofVirtual().name("quiver-greeting").start(this::takeGreeting);
        CompletableFuture.delayedExecutor(greetingMillis, TimeUnit.MILLISECONDS)
                .execute(() -> {
                    if (refuse("it didn't say in %d ms who it is".formatted(greetingMillis)))
                        hangUp();
                });
        boolean forGood = false;
        try {
            listen();
            forGood = true; // it has hung up
        } catch (MalformedMessage e) {
            if (isGreeted()) LOG.warn("{} was cut off: {}", greeted.join(), e.getMessage());
            forGood = true;
        } catch (RuntimeException e) {
            refuse("it ended before it said who it is: " + e.getMessage());
            LOG.debug("the connection of {} has ended", greeted, e);
        } finally {
            greeting.interrupt();
            end(forGood);
        }
    }

    private void listen() {
        while (reader.next()) {
            ArrowBuf buffer = reader.getLatestMetadata();
            if (buffer == null) continue;
            var bytes = new byte[(int) buffer.readableBytes()];
            buffer.getBytes(0, bytes);
            heard().say(Language.WISHES.decode(bytes));
        }
        awaitGreeting("it ended before it said who it is");
    }

    /// Who speaks.
    private SchedulerDoor.Talking heard() {
        if (!greeted.isDone()) awaitGreeting("it speaks before it has said who it is");
        if (!isGreeted()) throw new MalformedMessage("it isn't known who speaks");
        return greeted.join();
    }

    /// What came later than a greeting has been heard: so that is here, or comes no more.
    ///
    /// @param otherwise why the conversation is refused when it doesn't
    private void awaitGreeting(String otherwise) {
        try {
            greeted.get(HAND_OVER_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            refuse(otherwise);
        } catch (ExecutionException e) {
            LOG.debug("it had been refused", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void takeGreeting() {
        try {
            FlightDescriptor descriptor = reader.getDescriptor();
            if (!descriptor.isCommand()) throw new MalformedMessage("a greeting has a command");
            begin(Language.GREETINGS.decode(descriptor.getCommand()));
        } catch (MalformedMessage e) {
            if (refuse("its greeting is malformed: " + e.getMessage())) hangUp();
        } catch (QuiverException e) {
            if (refuse(e.what())) hangUp();
        } catch (FlightRuntimeException e) {
            LOG.debug("the exchange ended without a greeting", e);
        }
    }

    private synchronized void begin(Greeting greeting) {
        if (greeted.isDone()) return;
        SchedulerDoor.Talking client = office.attach(greeting, line);
        greeted.complete(client);
        talking.setName("quiver-notices-of-" + client);
        talking.start();
    }

    /// @return whether that ends it; else it had been greeted, or had ended
    private synchronized boolean refuse(String why) {
        return greeted.completeExceptionally(new MalformedMessage(why));
    }

    /// Nothing that is said is heard any more.
    private synchronized void hangUp() {
        if (!over) call.interrupt();
    }

    /// The thread of the call goes on to other things.
    private synchronized void leave() {
        over = true;
        var _ = Thread.interrupted();
    }

    private boolean isGreeted() {
        return greeted.isDone() && !greeted.isCompletedExceptionally();
    }

    private void end(boolean forGood) {
        leave();
        refuse("it has failed");
        if (isGreeted()) {
            talking.interrupt();
            greeted.join().end(forGood);
            writer.completed();
            return;
        }
        LOG.warn("a conversation was refused: {}", greeted.exceptionNow().getMessage());
        writer.error(CallStatus.NOT_FOUND.withDescription("no such client").toRuntimeException());
    }

    private void talk() {
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
            hangUp();
        } catch (InterruptedException e) {
            // the client has gone
            Thread.currentThread().interrupt();
        }
    }
}
