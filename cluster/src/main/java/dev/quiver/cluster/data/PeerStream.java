package dev.quiver.cluster.data;

import dev.quiver.cluster.data.DataCalls.Frame;
import dev.quiver.cluster.data.StreamFormat.Ask;
import dev.quiver.cluster.data.StreamFormat.Wanted;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.MemoryRefused;
import dev.quiver.worker.store.CopyStore;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One stream of outputs from a peer: asks go out as they come, answers come back in their order.
/// Ends once, with everything answered. Thread-safe.
final class PeerStream extends ClientCall.Listener<Frame> implements Intake.Requests {
    private static final Logger LOG = LoggerFactory.getLogger(PeerStream.class);
    private static final long MEMORY_RETRY_MILLIS = 20;

    /// Words are told again when they are wanted after so long.
    private static final long UNUSED_NANOS = 1_000_000_000L;

    /// Who is told of the end of what was asked.
    interface Ended {
        /// @param left what wasn't answered, in the order in which it was asked
        /// @param worked whether the peer had sent anything
        void ended(PeerStream stream, List<Request> left, boolean worked, String why);
    }

    /// What was asked.
    ///
    /// @param reader as [StreamFormat.Wanted#reader()]
    /// @param again whether it was asked on a stream before, which broke
    record Request(CopyStore.Key key, OutputReceiver receiver, int reader, boolean again) {}

    /// What every stream of a process uses.
    record Surroundings(
            MemoryAccount account,
            SharedDictionaries dictionaries,
            Executor executor,
            ScheduledExecutorService timer,
            DataSettings settings) {}

    /// The way to the peer; its methods may be called by several threads.
    interface Line {
        void ask(Ask ask);

        /// Lets the peer send another frame.
        void next();

        /// Nothing more will be asked.
        void finish();

        void stop(String why);
    }

    private final Line line;
    private final Surroundings surroundings;
    private final Ended ended;

    /// Guards the requests; never held while a receiver is called.
    private final Object lock = new Object();

    private final Map<Long, Request> requests = new LinkedHashMap<>();
    private final Map<CopyStore.Key, Long> numbers = new HashMap<>();
    private long nextNumber;
    private boolean over;
    private volatile boolean worked;
    private volatile long heardNanos = System.nanoTime();
    private volatile boolean waitsForMemory;
    private volatile long dictionaryBytes;

    /// Guarded by this.
    private final Intake intake;

    private boolean intakeClosed;
    private long refusedNanos;

    /// @param line is used from the first ask on
    PeerStream(Line line, Surroundings surroundings, Ended ended) {
        this.line = line;
        this.surroundings = surroundings;
        this.ended = ended;
        this.intake = new Intake(surroundings.account(), surroundings.dictionaries(), this);
    }

    static PeerStream open(ManagedChannel channel, Surroundings surroundings, Ended ended) {
        ClientCall<Ask, Frame> call = channel.newCall(DataCalls.FETCH, CallOptions.DEFAULT);
        var stream = new PeerStream(new Called(call), surroundings, ended);
        call.start(stream, new Metadata());
        call.request(1);
        return stream;
    }

    private record Called(ClientCall<Ask, Frame> call) implements Line {
        @Override
        public void ask(Ask ask) {
            call.sendMessage(ask);
        }

        @Override
        public void next() {
            call.request(1);
        }

        @Override
        public void finish() {
            call.halfClose();
        }

        @Override
        public void stop(String why) {
            call.cancel(why, null);
        }
    }

    /// Asks for outputs.
    ///
    /// @return false when the stream is over: nothing was asked
    boolean ask(List<Request> wanted) {
        synchronized (lock) {
            if (over) return false;
            if (requests.isEmpty()) heardNanos = System.nanoTime();
            var list = new ArrayList<Wanted>(wanted.size());
            for (Request request : wanted) {
                long number = nextNumber++;
                CopyStore.Key key = request.key();
                requests.put(number, request);
                numbers.put(key, number);
                list.add(
                        new Wanted(
                                number,
                                key.stage(),
                                key.partition(),
                                key.attempt(),
                                key.slice(),
                                request.reader()));
            }
            line.ask(new Ask(list, List.of()));
            return true;
        }
    }

    /// Takes a request back; its receiver hears nothing more.
    ///
    /// @return false when it wasn't asked here, or was answered
    boolean cancel(CopyStore.Key key) {
        synchronized (lock) {
            Long number = numbers.remove(key);
            if (number == null) return false;
            requests.remove(number);
            if (!over) line.ask(new Ask(List.of(), List.of(number)));
            return true;
        }
    }

    /// Asks for nothing more: the stream ends when everything is answered.
    void finish() {
        synchronized (lock) {
            if (!over) line.finish();
        }
    }

    /// Ends it now.
    void stop(String why) {
        line.stop(why);
    }

    boolean isIdle() {
        synchronized (lock) {
            return requests.isEmpty();
        }
    }

    /// Bytes of dictionaries that it remembers.
    long dictionaryBytes() {
        return dictionaryBytes;
    }

    /// Whether it remembers dictionaries although nothing has been asked for a while.
    boolean isUnused(long nowNanos) {
        return dictionaryBytes > 0 && isIdle() && nowNanos - heardNanos > UNUSED_NANOS;
    }

    /// Whether the peer owes something and has been silent for longer than it may.
    boolean isStuck(long nowNanos) {
        return !waitsForMemory
                && !isIdle()
                && nowNanos - heardNanos > surroundings.settings().silenceMax().toNanos();
    }

    @Override
    public void onMessage(Frame frame) {
        worked = true;
        heardNanos = System.nanoTime();
        if (!(frame instanceof ReceivedFrame received))
            throw new IllegalStateException("a frame to be sent");
        synchronized (this) {
            if (intakeClosed) {
                received.close();
                return;
            }
            refusedNanos = System.nanoTime();
            takeIn(() -> intake.accept(received));
        }
    }

    private synchronized void goOn() {
        if (intakeClosed) return;
        takeIn(() -> {
            long waited = System.nanoTime() - refusedNanos;
            if (waited > surroundings.settings().memoryPatience().toNanos()) {
                intake.giveUpWaiting("there is no memory for it here");
                refusedNanos = System.nanoTime();
            }
            intake.resume();
        });
    }

    private void takeIn(Runnable taking) {
        try {
            taking.run();
            dictionaryBytes = intake.dictionaryBytes();
            waitsForMemory = false;
            line.next();
        } catch (MemoryRefused e) {
            waitsForMemory = true;
            heardNanos = System.nanoTime();
            var _ =
                    surroundings
                            .timer()
                            .schedule(
                                    () -> surroundings.executor().execute(this::goOn),
                                    MEMORY_RETRY_MILLIS,
                                    TimeUnit.MILLISECONDS);
        } catch (RuntimeException | Error e) {
            LOG.warn("a peer's stream of outputs can't be read", e);
            stop(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        List<Request> left;
        synchronized (lock) {
            over = true;
            left = List.copyOf(requests.values());
            requests.clear();
            numbers.clear();
        }
        synchronized (this) {
            intakeClosed = true;
            intake.close();
        }
        String why = status.getDescription();
        ended.ended(this, left, worked, why == null ? status.getCode().toString() : why);
    }

    private @Nullable Request answered(long number) {
        synchronized (lock) {
            Request request = requests.remove(number);
            if (request != null) numbers.remove(request.key(), number);
            return request;
        }
    }

    @Override
    public int slice(long number) {
        synchronized (lock) {
            Request request = requests.get(number);
            return request == null ? Intake.UNWANTED : request.key().slice();
        }
    }

    @Override
    public void arrived(long number, CopyStore.Copy copy) {
        Request request = answered(number);
        if (request == null) copy.close();
        else request.receiver().arrived(copy);
    }

    @Override
    public void unavailable(long number, String why) {
        Request request = answered(number);
        if (request != null) request.receiver().unavailable(why);
    }

    @Override
    public void coming(long number) {
        Request request = answered(number);
        if (request != null) request.receiver().coming();
    }

    @Override
    public void elsewhere(long number, int worker) {
        Request request = answered(number);
        if (request != null) request.receiver().elsewhere(worker);
    }
}
