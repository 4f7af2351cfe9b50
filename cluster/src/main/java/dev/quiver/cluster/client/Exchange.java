package dev.quiver.cluster.client;

import dev.quiver.cluster.control.Greeting;
import dev.quiver.cluster.control.Language;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.control.Wishes;
import dev.quiver.cluster.node.SchedulerClientPort;
import dev.quiver.error.Unavailable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A client's exchange with one scheduler, which isn't mended when it breaks: one thread writes,
/// another reads.
final class Exchange implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final long READY_PAUSE_NANOS = 50_000;

    /// One message carries not much more code.
    private static final long CODE_BYTES = 4L << 20;

    /// Ends the writing.
    private static final Wishes NOTHING = new Wishes(1, List.of());

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private final SchedulerClientPort port;
    private final FlightClient.ExchangeReaderWriter flight;
    private final Consumer<SchedulerLine.News> news;
    private final LinkedBlockingQueue<Wishes> waiting = new LinkedBlockingQueue<>();
    private final Thread writer;
    private final Thread reader;

    /// @param port taken over
    /// @param news is told what comes, and when nothing will any more
    Exchange(SchedulerClientPort port, Greeting greeting, Consumer<SchedulerLine.News> news) {
        this.port = port;
        this.news = news;
        byte[] command = Language.GREETINGS.encode(greeting);
        this.flight = port.flight().doExchange(FlightDescriptor.command(command));
        this.writer =
                Thread.ofPlatform().daemon().name("quiver-client-writer").unstarted(this::write);
        this.reader =
                Thread.ofPlatform().daemon().name("quiver-client-reader").unstarted(this::read);
    }

    void start() {
        writer.start();
        reader.start();
    }

    /// Says something soon.
    void say(Wishes wishes) {
        waiting.add(wishes);
    }

    private void write() {
        try {
            while (true) {
                Wishes next = waiting.take();
                if (next.wishes().isEmpty()) break;
                for (Wishes part : next.parts(CODE_BYTES)) send(Language.WISHES.encode(part));
            }
            flight.getWriter().completed();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (FlightRuntimeException e) {
            news.accept(new SchedulerLine.News.Ended(this, lost(e)));
        }
    }

    private void send(byte[] bytes) throws InterruptedException {
        while (!flight.getWriter().isReady()) {
            LockSupport.parkNanos(READY_PAUSE_NANOS);
            if (Thread.interrupted()) throw new InterruptedException();
        }
        ArrowBuf buffer = port.allocator().buffer(bytes.length);
        buffer.writeBytes(bytes);
        flight.getWriter().putMetadata(buffer);
    }

    private void read() {
        try {
            FlightStream stream = flight.getReader();
            while (stream.next()) {
                ArrowBuf buffer = stream.getLatestMetadata();
                if (buffer == null) continue;
                var bytes = new byte[(int) buffer.readableBytes()];
                buffer.getBytes(0, bytes);
                news.accept(new SchedulerLine.News.Came(this, Language.NOTICES.decode(bytes)));
            }
            news.accept(new SchedulerLine.News.Ended(this, lost(null)));
        } catch (FlightRuntimeException e) {
            news.accept(new SchedulerLine.News.Ended(this, lost(e)));
        }
    }

    private static Unavailable lost(@Nullable Throwable cause) {
        return new Unavailable(
                "the connection to the scheduler has ended",
                List.of(),
                "see in the scheduler's log why; connect again when it runs",
                cause);
    }

    /// Where the scheduler is.
    SchedulerAddress place() {
        return port.address();
    }

    /// It has broken.
    void abandon() {
        writer.interrupt();
        flight.getReader().cancel("broken", null);
        release();
    }

    private void release() {
        try {
            boolean ended = !writer.isAlive() || writer.join(PATIENCE);
            ended &= !reader.isAlive() || reader.join(PATIENCE);
            if (!ended) LOG.debug("the connection to {} ends late", place());
            flight.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.debug("closing a connection to {}", place(), e);
        }
        port.retire();
    }

    /// Says what waits, then hangs up.
    @Override
    public void close() {
        waiting.add(NOTHING);
        try {
            if (writer.isAlive() && !writer.join(PATIENCE)) writer.interrupt();
            if (reader.isAlive() && !reader.join(PATIENCE))
                flight.getReader().cancel("closed", null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        release();
    }
}
