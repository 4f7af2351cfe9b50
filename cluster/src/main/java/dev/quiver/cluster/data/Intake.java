package dev.quiver.cluster.data;

import dev.quiver.cluster.data.OutputAssembly.Room;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.MemoryRefused;
import dev.quiver.worker.store.CopyStore;
import dev.quiver.worker.store.ObjectBytes;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes in the frames of one stream: makes outputs of their bytes. Memory is counted before
/// anything is written into it. For one thread at a time.
final class Intake implements AutoCloseable {
    /// Whom outputs are for.
    interface Requests {
        /// The slice that was asked for; `Integer.MIN_VALUE` when nobody wants the answer any more.
        int slice(long request);

        /// @param copy taken over
        void arrived(long request, CopyStore.Copy copy);

        void unavailable(long request, String why);

        /// The peer is about to have it.
        void coming(long request);

        /// Another worker has it, or will have it soon.
        void elsewhere(long request, int worker);
    }

    static final int UNWANTED = Integer.MIN_VALUE;

    /// Why an output is unavailable that the peer says it hasn't.
    static final String MISSING = "the worker doesn't hold it";

    private final MemoryAccount account;
    private final KnownTerms terms;
    private final Requests requests;
    private final ArrayDeque<Incoming> incoming = new ArrayDeque<>();
    private @Nullable ReceivedFrame frame;

    Intake(MemoryAccount account, SharedDictionaries dictionaries, Requests requests) {
        this.account = account;
        this.terms = new KnownTerms(dictionaries);
        this.requests = requests;
    }

    /// Bodies that were announced and haven't wholly come.
    private abstract static sealed class Incoming {
        final List<MemorySegment> parts = new ArrayList<>();
        final List<Long> bytes = new ArrayList<>();
        int part;
        long at;
        boolean begun;

        /// Takes the memory.
        abstract void begin();

        /// Gives back what was taken.
        abstract void abandon();

        abstract void finish();

        void into(MemorySegment segment, long count) {
            parts.add(segment);
            bytes.add(count);
        }
    }

    private final class Words extends Incoming {
        private final StreamFormat.WordsTold told;
        private List<Buffer> buffers = List.of();

        Words(StreamFormat.WordsTold told) {
            OutputAssembly.require(
                    told.from() >= 0 && told.to() >= told.from() && told.bytes() >= 0, "words");
            this.told = told;
        }

        @Override
        void begin() {
            long offsets = (told.to() - told.from() + 1) * 4L;
            buffers = account.allocateAll(offsets, told.bytes() + 8L);
            into(buffers.get(0).segment(), offsets);
            into(buffers.get(1).segment(), told.bytes());
        }

        @Override
        void finish() {
            // where memory is refused for the words, they are added again later
            terms.add(told, buffers.get(0).segment(), buffers.get(1).segment());
            abandon();
        }

        @Override
        void abandon() {
            buffers.forEach(Buffer::close);
            buffers = List.of();
        }
    }

    private final class Output extends Incoming {
        private final long request;
        private final OutputAssembly assembly;
        private List<Buffer> buffers = List.of();

        Output(long request, OutputAssembly assembly) {
            this.request = request;
            this.assembly = assembly;
        }

        @Override
        void begin() {
            if (requests.slice(request) == UNWANTED) {
                skip();
                return;
            }
            List<Room> rooms = assembly.rooms();
            buffers =
                    account.allocateAll(
                            rooms.stream().mapToLong(r -> r.bytes() + r.padding()).toArray());
            for (int i = 0; i < rooms.size(); i++)
                into(buffers.get(i).segment(), rooms.get(i).bytes());
        }

        /// Leaves its bytes out.
        void skip() {
            for (Room room : assembly.rooms()) into(MemorySegment.NULL, room.bytes());
        }

        @Override
        void finish() {
            if (buffers.isEmpty() && !assembly.rooms().isEmpty()) return;
            List<Buffer> full = buffers;
            buffers = List.of();
            try {
                requests.arrived(request, assembly.build(full, account));
            } catch (MemoryRefused e) {
                requests.unavailable(request, "no memory: " + e.getMessage());
            }
        }

        @Override
        void abandon() {
            buffers.forEach(Buffer::close);
            buffers = List.of();
        }
    }

    private final class ObjectIn extends Incoming {
        private final long request;
        private final int count;
        private @Nullable ObjectBytes object;

        ObjectIn(long request, int count) {
            OutputAssembly.require(count >= 0, "an object's bytes");
            this.request = request;
            this.count = count;
        }

        @Override
        void begin() {
            // counted before the array is made
            account.reserve(count);
            account.release(count);
            var bytes = new byte[count];
            object = ObjectBytes.counted(bytes, account);
            into(MemorySegment.ofArray(bytes), count);
        }

        @Override
        void finish() {
            ObjectBytes full = object;
            object = null;
            if (full != null) requests.arrived(request, full);
        }

        @Override
        void abandon() {
            if (object != null) object.close();
            object = null;
        }
    }

    /// Bytes of dictionaries that it remembers.
    long dictionaryBytes() {
        return terms.bytes();
    }

    /// Takes a frame in, which is taken over.
    ///
    /// @throws MemoryRefused when there is no room now: [#resume] goes on
    /// @throws RuntimeException when the frame is malformed; the intake is of no use any more
    void accept(ReceivedFrame received) {
        frame = received;
        for (StreamFormat.Notice notice : received.header().notices()) announced(notice);
        resume();
    }

    private void announced(StreamFormat.Notice notice) {
        switch (notice) {
            case StreamFormat.SchemaTold told -> terms.add(told);
            case StreamFormat.WordsTold told -> incoming.add(new Words(told));
            case StreamFormat.Answer answer -> {
                long request = answer.request();
                StreamFormat.Content content = answer.content();
                switch (content) {
                    case StreamFormat.Missing _ -> requests.unavailable(request, MISSING);
                    case StreamFormat.Coming _ -> requests.coming(request);
                    case StreamFormat.Elsewhere(int worker) -> requests.elsewhere(request, worker);
                    case StreamFormat.ObjectOf(int count) ->
                            incoming.add(new ObjectIn(request, count));
                    case StreamFormat.Slices _,
                            StreamFormat.Slice _,
                            StreamFormat.Table _,
                            StreamFormat.Run _ ->
                            incoming.add(
                                    new Output(
                                            request,
                                            new OutputAssembly(
                                                    content, terms, requests.slice(request))));
                }
            }
        }
    }

    /// Goes on where memory was refused.
    ///
    /// @throws MemoryRefused when it still is
    void resume() {
        ReceivedFrame received = frame;
        if (received == null) return;
        while (!incoming.isEmpty()) {
            Incoming next = incoming.getFirst();
            if (!next.begun) {
                next.begin();
                next.begun = true;
            }
            if (!fill(next, received)) break;
            next.finish();
            incoming.removeFirst();
        }
        OutputAssembly.require(received.left() == 0, "no bytes behind what was announced");
        received.close();
        frame = null;
    }

    /// @return whether it is full
    private static boolean fill(Incoming next, ReceivedFrame received) {
        while (next.part < next.parts.size()) {
            long wanted = next.bytes.get(next.part) - next.at;
            if (wanted > 0) {
                if (received.left() == 0) return false;
                MemorySegment to = next.parts.get(next.part);
                next.at +=
                        to.byteSize() == 0
                                ? received.skip(wanted)
                                : received.copy(to, next.at, wanted);
                if (received.left() == 0 && next.at < next.bytes.get(next.part)) return false;
            }
            next.part++;
            next.at = 0;
        }
        return true;
    }

    /// Gives up the output that waits for memory: its bytes are left out.
    void giveUpWaiting(String why) {
        Incoming first = incoming.peekFirst();
        if (first == null) return;
        if (first.begun) throw new IllegalStateException(why);
        switch (first) {
            case Output output -> {
                requests.unavailable(output.request, why);
                output.skip();
            }
            case ObjectIn object -> {
                requests.unavailable(object.request, why);
                object.into(MemorySegment.NULL, object.count);
            }
            case Words _ -> throw new IllegalStateException(why);
        }
        first.begun = true;
    }

    @Override
    public void close() {
        if (frame != null) frame.close();
        frame = null;
        incoming.forEach(Incoming::abandon);
        incoming.clear();
        terms.close();
    }
}
