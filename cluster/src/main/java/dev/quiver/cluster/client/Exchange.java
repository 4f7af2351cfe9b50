package dev.quiver.cluster.client;

import dev.quiver.cluster.control.Language;
import dev.quiver.cluster.control.Notices;
import dev.quiver.cluster.control.Wishes;
import dev.quiver.cluster.node.SchedulerClientPort;
import dev.quiver.error.Unavailable;
import java.nio.charset.StandardCharsets;
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

/// A client's exchange with its scheduler: one thread writes, another reads.
final class Exchange implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final long READY_PAUSE_NANOS = 50_000;

    /// Ends the writing.
    private static final Wishes NOTHING = new Wishes(List.of());

    private final SchedulerClientPort port;
    private final FlightClient.ExchangeReaderWriter flight;
    private final Consumer<Notices> heard;
    private final Consumer<Throwable> ended;
    private final LinkedBlockingQueue<Wishes> waiting = new LinkedBlockingQueue<>();
    private final Thread writer;
    private final Thread reader;

    /// @param heard is called with what is told, by one thread
    /// @param ended is called when nothing will be told any more
    Exchange(
            SchedulerClientPort port,
            int client,
            Consumer<Notices> heard,
            Consumer<Throwable> ended) {
        this.port = port;
        this.heard = heard;
        this.ended = ended;
        byte[] number = Integer.toString(client).getBytes(StandardCharsets.US_ASCII);
        this.flight = port.flight().doExchange(FlightDescriptor.command(number));
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
                byte[] bytes = Language.WISHES.encode(next);
                while (!flight.getWriter().isReady()) LockSupport.parkNanos(READY_PAUSE_NANOS);
                ArrowBuf buffer = port.allocator().buffer(bytes.length);
                buffer.writeBytes(bytes);
                flight.getWriter().putMetadata(buffer);
            }
            flight.getWriter().completed();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (FlightRuntimeException e) {
            ended.accept(lost(e));
        }
    }

    private void read() {
        try {
            FlightStream stream = flight.getReader();
            while (stream.next()) {
                ArrowBuf buffer = stream.getLatestMetadata();
                if (buffer == null) continue;
                var bytes = new byte[(int) buffer.readableBytes()];
                buffer.getBytes(0, bytes);
                heard.accept(Language.NOTICES.decode(bytes));
            }
            ended.accept(lost(null));
        } catch (FlightRuntimeException e) {
            ended.accept(lost(e));
        }
    }

    private static Unavailable lost(@org.jspecify.annotations.Nullable Throwable cause) {
        return new Unavailable(
                "the connection to the scheduler has ended",
                List.of(),
                "see in the scheduler's log why; connect again when it runs",
                cause);
    }

    /// Says what waits, then hangs up.
    @Override
    public void close() {
        waiting.add(NOTHING);
        try {
            if (!writer.join(PATIENCE)) writer.interrupt();
            if (!reader.join(PATIENCE)) flight.getReader().cancel("closed", null);
            var _ = reader.join(PATIENCE);
            flight.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException("closing the connection to the scheduler", e);
        }
    }
}
