package dev.quiver.cluster.data;

import dev.quiver.cluster.data.DataCalls.Frame;
import dev.quiver.cluster.data.StreamFormat.Ask;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import dev.quiver.worker.state.WorkerCommand;
import dev.quiver.worker.store.CopyStore;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What clients of this worker's cluster offer it: rows and objects of their processes. A client
/// calls the worker once, and the worker asks for what its tasks need. Thread-safe.
public final class OfferedOutputs {
    /// A client that isn't connected, or whose connection breaks, is waited for so long.
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final PeerStream.Surroundings surroundings;
    private final Map<Integer, PeerStream> streams = new HashMap<>();
    private boolean closed;

    OfferedOutputs(PeerStream.Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    ServerCallHandler<Frame, Ask> handler() {
        return (ServerCall<Frame, Ask> call, Metadata headers) -> {
            int client;
            try {
                client = Integer.parseInt(String.valueOf(headers.get(DataCalls.CLIENT)));
            } catch (NumberFormatException e) {
                call.close(
                        Status.INVALID_ARGUMENT.withDescription("who offers?").withCause(e),
                        new Metadata());
                return new ServerCall.Listener<>() {};
            }
            return new Offer(client, call);
        };
    }

    /// A client's call.
    private final class Offer extends ServerCall.Listener<Frame> implements PeerStream.Line {
        private final ServerCall<Frame, Ask> call;
        private final PeerStream stream;
        private boolean over;

        Offer(int client, ServerCall<Frame, Ask> call) {
            this.call = call;
            this.stream =
                    new PeerStream(
                            this,
                            surroundings,
                            (stream, left, _, why) -> {
                                remove(client, stream);
                                left.forEach(request -> request.receiver().unavailable(why));
                            });
            call.sendHeaders(new Metadata());
            call.request(1);
            add(client, stream);
        }

        @Override
        public synchronized void ask(Ask ask) {
            if (!over) call.sendMessage(ask);
        }

        @Override
        public void next() {
            call.request(1);
        }

        @Override
        public void finish() {
            stop("closed here");
        }

        @Override
        public void stop(String why) {
            end(Status.UNAVAILABLE.withDescription(why), true);
        }

        private void end(Status status, boolean told) {
            synchronized (this) {
                if (over) return;
                over = true;
                if (told) call.close(status, new Metadata());
            }
            stream.onClose(status, new Metadata());
        }

        @Override
        public void onMessage(Frame frame) {
            stream.onMessage(frame);
        }

        @Override
        public void onHalfClose() {
            end(Status.OK.withDescription("the client has hung up"), true);
        }

        @Override
        public void onCancel() {
            end(Status.CANCELLED.withDescription("the client has gone"), false);
        }

        @Override
        public void onComplete() {
            end(Status.OK, false);
        }
    }

    private void add(int client, PeerStream stream) {
        PeerStream old;
        synchronized (this) {
            old = closed ? stream : streams.put(client, stream);
            notifyAll();
        }
        if (old != null) old.stop("another one came");
    }

    private synchronized void remove(int client, PeerStream stream) {
        streams.remove(client, stream);
    }

    /// Takes what a client offers; waits for it. The caller owns it.
    ///
    /// @throws Unavailable when the client says that it hasn't got it any more
    /// @throws QuiverException IO_FAILED when the client can't be heard
    /// @throws InterruptedException when this thread was interrupted: nothing is held
    public CopyStore.Copy take(int client, int stage, int partition, int attempt)
            throws InterruptedException {
        var key = new CopyStore.Key(stage, partition, attempt, WorkerCommand.WHOLE);
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        String why = "it didn't connect to this worker";
        while (true) {
            PeerStream stream = stream(client, deadline);
            if (stream == null) throw unheard(client, why);
            var taking = new Taking();
            if (!stream.ask(
                    List.of(
                            new PeerStream.Request(
                                    key, taking, DataClient.Wish.NO_READER, false)))) {
                remove(client, stream);
                continue;
            }
            try {
                CopyStore.Copy copy = taking.copy.get();
                if (copy != null) return copy;
            } catch (InterruptedException e) {
                stream.cancel(key);
                taking.abandon();
                throw e;
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
            why = taking.why;
            if (why.equals(Intake.MISSING))
                throw new Unavailable(
                        "the client doesn't hold these rows any more: they were released or"
                                + " closed there",
                        List.of(),
                        "keep the frame, table or broadcast open as long as something reads it");
        }
    }

    private static QuiverException unheard(int client, String why) {
        return new QuiverException(
                ErrorCode.IO_FAILED,
                "rows of client %d can't be had: %s".formatted(client, why),
                List.of(),
                "see whether the client reaches the workers' ports");
    }

    /// Hears of one output.
    private static final class Taking implements OutputReceiver {
        private final CompletableFuture<CopyStore.@Nullable Copy> copy = new CompletableFuture<>();
        private volatile String why = "";

        @Override
        public void arrived(CopyStore.Copy arrived) {
            if (!copy.complete(arrived)) arrived.close();
        }

        @Override
        public void unavailable(String reason) {
            why = reason;
            copy.complete(null);
        }

        /// Nobody waits any more.
        void abandon() {
            if (copy.complete(null)) return;
            CopyStore.Copy come = copy.getNow(null);
            if (come != null) come.close();
        }
    }

    /// The client's connection; null when it doesn't come in time.
    private synchronized @Nullable PeerStream stream(int client, long deadline)
            throws InterruptedException {
        while (true) {
            PeerStream stream = streams.get(client);
            if (stream != null) return stream;
            long left = deadline - System.nanoTime();
            if (left <= 0) return null;
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /// Ends connections that owe something and have fallen silent.
    void watch() {
        long now = System.nanoTime();
        List<PeerStream> all;
        synchronized (this) {
            all = List.copyOf(streams.values());
        }
        for (PeerStream stream : all)
            if (stream.isStuck(now)) stream.stop("the client has fallen silent");
    }

    /// Ends all connections.
    void close() {
        List<PeerStream> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(streams.values());
        }
        all.forEach(stream -> stream.stop("closed here"));
    }
}
