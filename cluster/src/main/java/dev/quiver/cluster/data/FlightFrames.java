package dev.quiver.cluster.data;

import dev.quiver.arrow.ArrowChunks;
import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.worker.store.TaskOutput;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flight.BackpressureStrategy;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.NoOpFlightProducer;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;

/// Published frames as Arrow Flight has them: a frame is a flight with the frame's name as its
/// path, a partition one of its endpoints. Text goes out plain.
///
/// A ticket is the name, a line feed and the number of a partition; without the last two it is for
/// all partitions that this process holds.
final class FlightFrames extends NoOpFlightProducer {
    private static final long TAKE_IN_MILLIS_MAX = 60_000;

    private final PublishedFrames frames;
    private final MemoryAccount account;
    private final BufferAllocator allocator;
    private final FlightEndpoints endpoints;

    /// @param account pays for texts that are made plain
    FlightFrames(
            PublishedFrames frames,
            MemoryAccount account,
            BufferAllocator allocator,
            FlightEndpoints endpoints) {
        this.frames = frames;
        this.account = account;
        this.allocator = allocator;
        this.endpoints = endpoints;
    }

    @Override
    public void listFlights(
            CallContext context, Criteria criteria, StreamListener<FlightInfo> listener) {
        frames.frames().forEach(frame -> listener.onNext(flight(frame)));
        listener.onCompleted();
    }

    @Override
    public FlightInfo getFlightInfo(CallContext context, FlightDescriptor descriptor) {
        String name = descriptor.isCommand() ? "" : String.join("/", descriptor.getPath());
        return flight(find(name));
    }

    private PublishedFrames.Frame find(String name) {
        PublishedFrames.Frame frame = frames.frame(name);
        if (frame != null) return frame;
        List<String> names = frames.frames().stream().map(PublishedFrames.Frame::name).toList();
        throw CallStatus.NOT_FOUND
                .withDescription(
                        "nothing is published as '%s'; there is: %s"
                                .formatted(name, String.join(", ", names)))
                .toRuntimeException();
    }

    private FlightInfo flight(PublishedFrames.Frame frame) {
        var partitions = new ArrayList<FlightEndpoint>();
        for (int i = 0; i < frame.partitions().size(); i++)
            partitions.add(
                    new FlightEndpoint(
                            ticket(frame.name() + "\n" + i),
                            endpoints.location(frame.partitions().get(i))));
        return new FlightInfo(
                ArrowChunks.schema(frame.schema()),
                FlightDescriptor.path(frame.name()),
                partitions,
                frame.bytes(),
                frame.rows());
    }

    private static Ticket ticket(String text) {
        return new Ticket(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void getStream(CallContext context, Ticket ticket, ServerStreamListener listener) {
        String text = new String(ticket.getBytes(), StandardCharsets.UTF_8);
        int cut = text.lastIndexOf('\n');
        PublishedFrames.Frame frame = find(cut < 0 ? text : text.substring(0, cut));
        var backpressure = new BackpressureStrategy.CallbackBackpressureStrategy();
        backpressure.register(listener);
        listener.setUseZeroCopy(true);
        try (VectorSchemaRoot root =
                VectorSchemaRoot.create(ArrowChunks.schema(frame.schema()), allocator)) {
            listener.start(root);
            var sending = new Sending(listener, backpressure, root);
            if (cut >= 0) {
                if (!sending.send(frame.name(), number(text.substring(cut + 1))))
                    throw CallStatus.NOT_FOUND
                            .withDescription("this worker doesn't hold the partition (any more)")
                            .toRuntimeException();
            } else {
                for (int i = 0; i < frame.partitions().size(); i++) sending.send(frame.name(), i);
            }
            listener.completed();
        } catch (RuntimeException e) {
            listener.error(e);
        }
    }

    private static int number(String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            throw CallStatus.INVALID_ARGUMENT
                    .withDescription("a ticket ends with the number of a partition: " + digits)
                    .withCause(e)
                    .toRuntimeException();
        }
    }

    private final class Sending {
        private final ServerStreamListener listener;
        private final BackpressureStrategy backpressure;
        private final VectorSchemaRoot root;

        Sending(
                ServerStreamListener listener,
                BackpressureStrategy backpressure,
                VectorSchemaRoot root) {
            this.listener = listener;
            this.backpressure = backpressure;
            this.root = root;
        }

        /// @return false when the partition isn't here
        boolean send(String name, int partition) {
            TaskOutput held = frames.partition(name, partition);
            if (held == null) return false;
            try (held) {
                for (Chunk chunk : held.chunks()) send(chunk);
            }
            return true;
        }

        private void send(Chunk chunk) {
            switch (backpressure.waitForListener(TAKE_IN_MILLIS_MAX)) {
                case READY -> {}
                case TIMEOUT ->
                        throw CallStatus.TIMED_OUT
                                .withDescription("nothing was taken in for a minute")
                                .toRuntimeException();
                case CANCELLED, OTHER ->
                        throw CallStatus.CANCELLED
                                .withDescription("the reader has gone")
                                .toRuntimeException();
            }
            try (ArrowRecordBatch record = ArrowChunks.record(chunk, account, allocator)) {
                new VectorLoader(root).load(record);
            }
            listener.putNext();
        }
    }
}
