package dev.quiver.cluster.data;

import dev.quiver.cluster.data.DataCalls.Frame;
import dev.quiver.cluster.data.StreamFormat.Ask;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Offers a client's outputs to one worker, which asks for what it needs: calls it, and calls again
/// when the connection breaks.
final class OutputOffer implements AutoCloseable {
    private static final long AGAIN_MILLIS_MIN = 50;
    private static final long AGAIN_MILLIS_MAX = 5000;

    private final int client;
    private final ServedOutputs outputs;
    private final DataSettings settings;
    private final ManagedChannel channel;
    private final ScheduledExecutorService timer;
    private @Nullable ClientCall<Frame, Ask> call;
    private long pauseMillis = AGAIN_MILLIS_MIN;
    private boolean closed;

    /// @param client its number in the cluster
    /// @param executor serves
    /// @param timer calls again
    OutputOffer(
            FlightEndpoints endpoints,
            InetSocketAddress worker,
            int client,
            ServedOutputs outputs,
            ExecutorService executor,
            ScheduledExecutorService timer) {
        this.client = client;
        this.outputs = outputs;
        this.settings = endpoints.settings();
        this.channel = endpoints.channel(worker).executor(executor).build();
        this.timer = timer;
        connect();
    }

    private synchronized void connect() {
        if (closed) return;
        channel.resetConnectBackoff();
        ClientCall<Frame, Ask> made =
                channel.newCall(
                        DataCalls.OFFER,
                        CallOptions.DEFAULT.withOnReadyThreshold(settings.windowBytes()));
        call = made;
        var headers = new Metadata();
        headers.put(DataCalls.CLIENT, Integer.toString(client));
        made.start(new Listener(made), headers);
        made.request(1);
    }

    private synchronized void again() {
        if (closed) return;
        var _ = timer.schedule(this::connect, pauseMillis, TimeUnit.MILLISECONDS);
        pauseMillis = Math.min(AGAIN_MILLIS_MAX, 2 * pauseMillis);
    }

    private synchronized void answered() {
        pauseMillis = AGAIN_MILLIS_MIN;
    }

    private record Calling(ClientCall<Frame, Ask> call) implements OutputServing.Line {
        @Override
        public boolean isReady() {
            return call.isReady();
        }

        @Override
        public void send(SentFrame frame) {
            call.sendMessage(frame);
        }

        @Override
        public void next() {
            call.request(1);
        }

        @Override
        public void close(Status status) {
            if (status.isOk()) call.halfClose();
            else call.cancel(status.getDescription(), null);
        }
    }

    /// Serves what the worker asks for.
    private final class Listener extends ClientCall.Listener<Ask> {
        private final OutputServing serving;

        Listener(ClientCall<Frame, Ask> call) {
            this.serving = new OutputServing(new Calling(call), outputs, new Relays(), settings);
        }

        @Override
        public void onHeaders(Metadata headers) {
            answered();
        }

        @Override
        public void onMessage(Ask ask) {
            serving.onMessage(ask);
        }

        @Override
        public void onReady() {
            serving.onReady();
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            serving.onCancel();
            again();
        }
    }

    /// Hangs up, and waits until nothing is held on the way any more.
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            if (call != null) call.cancel("closed here", null);
        }
        channel.shutdownNow();
        try {
            if (!channel.awaitTermination(5, TimeUnit.SECONDS))
                throw new IllegalStateException("a connection to a worker doesn't end");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
