package dev.quiver.cluster.data;

import dev.quiver.arrow.ArrowChunks;
import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.QuiverException;
import dev.quiver.worker.store.TaskOutput;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import org.apache.arrow.flight.BackpressureStrategy;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.NoOpFlightProducer;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;

/// Gives published frames to whoever speaks Arrow Flight ([FlightListing] says what is asked for by
/// which ticket). Text goes out plain.
final class FlightFrames extends NoOpFlightProducer {
    private static final long TAKE_IN_MILLIS_MAX = 60_000;
    private static final int ALL = -1;

    private final PublishedFrames frames;
    private final MemoryAccount account;
    private final BufferAllocator allocator;
    private final Executor executor;
    private final FlightListing listing;

    /// @param account pays for texts that are made plain
    /// @param executor has a thread for each stream
    FlightFrames(
            PublishedFrames frames,
            MemoryAccount account,
            BufferAllocator allocator,
            FlightEndpoints endpoints,
            Executor executor) {
        this.frames = frames;
        this.account = account;
        this.allocator = allocator;
        this.executor = executor;
        this.listing = new FlightListing(frames, endpoints);
    }

    @Override
    public void listFlights(
            CallContext context, Criteria criteria, StreamListener<FlightInfo> listener) {
        listing.all().forEach(listener::onNext);
        listener.onCompleted();
    }

    @Override
    public FlightInfo getFlightInfo(CallContext context, FlightDescriptor descriptor) {
        return listing.of(descriptor);
    }

    /// Returns at once: in the thread of the call it is said when more is taken in.
    @Override
    public void getStream(CallContext context, Ticket ticket, ServerStreamListener listener) {
        var backpressure = new BackpressureStrategy.CallbackBackpressureStrategy();
        backpressure.register(listener);
        listener.setUseZeroCopy(true);
        String text = new String(ticket.getBytes(), StandardCharsets.UTF_8);
        executor.execute(() -> send(text, listener, backpressure));
    }

    private void send(
            String text, ServerStreamListener listener, BackpressureStrategy backpressure) {
        int cut = text.lastIndexOf('\n');
        try {
            PublishedFrames.Frame frame = listing.find(cut < 0 ? text : text.substring(0, cut));
            send(frame, cut < 0 ? ALL : number(text.substring(cut + 1)), listener, backpressure);
            listener.completed();
        } catch (QuiverException e) {
            listener.error(
                    CallStatus.INTERNAL
                            .withDescription(e.getMessage())
                            .withCause(e)
                            .toRuntimeException());
        } catch (RuntimeException e) {
            listener.error(e);
        }
    }

    /// @param partition or [#ALL] that are here
    private void send(
            PublishedFrames.Frame frame,
            int partition,
            ServerStreamListener listener,
            BackpressureStrategy backpressure) {
        try (VectorSchemaRoot root =
                VectorSchemaRoot.create(ArrowChunks.schema(frame.schema()), allocator)) {
            listener.start(root);
            var sending = new Sending(listener, backpressure, root);
            if (partition == ALL) {
                for (int i = 0; i < frame.partitions().size(); i++) sending.send(frame, i);
            } else if (!sending.send(frame, partition)) {
                throw CallStatus.NOT_FOUND
                        .withDescription(
                                "this process doesn't hold the partition (any more); ask for the"
                                        + " flight's endpoints, and for each at its location")
                        .toRuntimeException();
            }
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
        boolean send(PublishedFrames.Frame frame, int partition) {
            TaskOutput held = frames.partition(frame, partition);
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
