package dev.quiver.cluster.data;

import dev.quiver.cluster.data.DataCalls.Frame;
import dev.quiver.cluster.data.StreamFormat.Ask;
import dev.quiver.cluster.data.StreamFormat.Notice;
import dev.quiver.cluster.data.StreamFormat.Wanted;
import dev.quiver.error.QuiverException;
import dev.quiver.worker.store.CopyStore;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers the asks of one peer, as fast as it takes them in. gRPC calls it by one thread at a
/// time.
final class OutputServing extends ServerCall.Listener<Ask> {
    private static final Logger LOG = LoggerFactory.getLogger(OutputServing.class);
    private static final int NOTICES_MAX = 1000;

    /// The way to the peer.
    interface Line {
        /// Whether the peer takes in more now; else [OutputServing#onReady] says when.
        boolean isReady();

        void send(SentFrame frame);

        /// Lets the peer ask again.
        void next();

        void close(Status status);
    }

    private record Answering(ServerCall<Ask, Frame> call) implements Line {
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
            call.close(status, new Metadata());
        }
    }

    private final Line line;
    private final ServedOutputs outputs;
    private final Relays relays;
    private final DataSettings settings;
    private final OutputLayout layout = new OutputLayout();
    private final ArrayDeque<Wanted> waiting = new ArrayDeque<>();
    private final Set<Long> cancelled = new HashSet<>();
    private final ArrayDeque<MemorySegment> body = new ArrayDeque<>();

    /// The output that `body` is of.
    private CopyStore.@Nullable Copy current;

    private boolean complete;
    private boolean closed;

    OutputServing(Line line, ServedOutputs outputs, Relays relays, DataSettings settings) {
        this.line = line;
        this.outputs = outputs;
        this.relays = relays;
        this.settings = settings;
    }

    static ServerCallHandler<Ask, Frame> handler(ServedOutputs outputs, DataSettings settings) {
        var relays = new Relays();
        return (ServerCall<Ask, Frame> call, Metadata _) -> {
            var serving = new OutputServing(new Answering(call), outputs, relays, settings);
            call.setOnReadyThreshold(settings.windowBytes());
            call.sendHeaders(new Metadata());
            call.request(1);
            return serving;
        };
    }

    @Override
    public void onMessage(Ask ask) {
        if (closed) return;
        cancelled.addAll(ask.cancelled());
        waiting.addAll(ask.wanted());
        send();
        line.next();
    }

    @Override
    public void onReady() {
        send();
    }

    @Override
    public void onHalfClose() {
        complete = true;
        send();
    }

    @Override
    public void onCancel() {
        end();
    }

    @Override
    public void onComplete() {
        end();
    }

    private void end() {
        closed = true;
        waiting.clear();
        body.clear();
        CopyStore.Copy left = current;
        current = null;
        if (left != null) left.close();
    }

    private void send() {
        try {
            while (!closed && line.isReady() && (current != null || !waiting.isEmpty())) {
                SentFrame frame = nextFrame();
                if (frame == null) continue;
                try {
                    line.send(frame);
                } finally {
                    frame.discard();
                }
            }
            if (closed || !complete || current != null || !waiting.isEmpty()) return;
            closed = true;
            line.close(Status.OK);
        } catch (RuntimeException | Error e) {
            LOG.warn("a peer's stream of outputs ends", e);
            end();
            line.close(Status.INTERNAL.withDescription(String.valueOf(e)));
        }
    }

    /// Some of what is wanted; null when that was cancelled.
    private @Nullable SentFrame nextFrame() {
        var notices = new ArrayList<Notice>();
        var parts = new ArrayList<MemorySegment>();
        var owners = new ArrayList<CopyStore.Copy>();
        boolean made = false;
        try {
            long left = settings.frameBytes();
            while (left > 0 && notices.size() < NOTICES_MAX) {
                if (current == null && !begin(notices)) break;
                CopyStore.Copy output = current;
                if (output == null) continue;
                if (!body.isEmpty()) owners.add(output.retain());
                left = takeBody(parts, left);
                if (!body.isEmpty()) break;
                current = null;
                output.close();
            }
            if (notices.isEmpty() && parts.isEmpty()) return null;
            byte[] header = StreamFormat.HEADER.encode(new StreamFormat.Header(notices));
            made = true;
            return new SentFrame(header, parts, owners);
        } finally {
            if (!made) owners.forEach(CopyStore.Copy::close);
        }
    }

    /// Begins the next answer; without a body it has ended, too.
    ///
    /// @return false when nothing is wanted
    private boolean begin(List<Notice> notices) {
        Wanted wanted = waiting.poll();
        if (wanted == null) return false;
        if (cancelled.remove(wanted.request())) return true;
        // before it is looked for: a copy that comes meanwhile isn't missed
        boolean coming =
                outputs.isComing(
                        wanted.stage(), wanted.partition(), wanted.attempt(), wanted.slice());
        CopyStore.Copy output = find(wanted);
        if (output == null) {
            StreamFormat.Content none =
                    coming ? new StreamFormat.Coming() : new StreamFormat.Missing();
            notices.add(new StreamFormat.Answer(wanted.request(), none));
            return true;
        }
        OptionalInt relay = relay(wanted, output);
        if (relay.isPresent()) {
            output.close();
            var elsewhere = new StreamFormat.Elsewhere(relay.getAsInt());
            notices.add(new StreamFormat.Answer(wanted.request(), elsewhere));
            return true;
        }
        current = output;
        OutputLayout.Announced announced = layout.announce(wanted, output);
        notices.addAll(announced.notices());
        body.addAll(announced.body());
        return true;
    }

    private OptionalInt relay(Wanted wanted, CopyStore.Copy output) {
        if (wanted.reader() < 0 || output.bytes() < Relays.BYTES_MIN) return OptionalInt.empty();
        return relays.relay(
                new CopyStore.Key(
                        wanted.stage(), wanted.partition(), wanted.attempt(), wanted.slice()),
                wanted.reader());
    }

    private CopyStore.@Nullable Copy find(Wanted wanted) {
        try {
            return outputs.find(
                    wanted.stage(), wanted.partition(), wanted.attempt(), wanted.slice());
        } catch (QuiverException e) {
            LOG.warn("an output can't be read back; it is made again", e);
            return null;
        }
    }

    private long takeBody(List<MemorySegment> parts, long room) {
        long left = room;
        while (left > 0 && !body.isEmpty()) {
            MemorySegment part = body.remove();
            if (part.byteSize() > left) {
                body.addFirst(part.asSlice(left));
                part = part.asSlice(0, left);
            }
            parts.add(part);
            left -= part.byteSize();
        }
        return left;
    }
}
