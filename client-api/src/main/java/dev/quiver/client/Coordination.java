package dev.quiver.client;

import dev.quiver.columnar.memory.ByteSize;
import dev.quiver.error.Cancelled;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import dev.quiver.operator.Bytes;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.CoordinationAnswer;
import dev.quiver.protocol.CoordinationRequest;
import dev.quiver.protocol.CoordinationRequest.Patience;
import dev.quiver.worker.server.Slot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a session asks of what all sessions share under names, and who waits for the answers.
final class Coordination {
    /// So long a task keeps its slot while it waits: most answers come at once.
    private static final long SLOT_KEPT_NANOS = 5_000_000;

    /// So many answers are taken before the scheduler is told so.
    private static final int TAKEN_MAX = 32;

    /// An answer that a thread waits for.
    static final class Awaited {
        private final CountDownLatch latch = new CountDownLatch(1);
        private volatile @Nullable CoordinationAnswer answer;

        void complete(CoordinationAnswer came) {
            answer = came;
            latch.countDown();
        }

        boolean isDone(long nanos) throws InterruptedException {
            return latch.await(nanos, TimeUnit.NANOSECONDS);
        }

        CoordinationAnswer answer() {
            CoordinationAnswer there = answer;
            if (there == null) throw new IllegalStateException("there is no answer yet");
            return there;
        }
    }

    private final Conversation conversation;
    private final AtomicLong requests = new AtomicLong();
    private final Map<Long, Awaited> waiting = new ConcurrentHashMap<>();
    private final List<Long> taken = new ArrayList<>();

    Coordination(Conversation conversation) {
        this.conversation = conversation;
    }

    /// Asks and waits for the answer.
    ///
    /// @throws QuiverException as it was refused; CANCELLED when the thread is interrupted or the
    ///   task's result isn't wanted any more; UNAVAILABLE when the session ends
    CoordinationAnswer ask(CoordinationRequest what) {
        return ask(what, Long.MAX_VALUE)
                .orElseThrow(() -> new IllegalStateException("not answered: " + what));
    }

    /// Asks for what may have to wait.
    ///
    /// @param patience for how long at most
    /// @return empty when it couldn't be fulfilled in that time; then nothing has happened
    Optional<CoordinationAnswer> ask(
            Duration patience, Function<Patience, CoordinationRequest.Waiting> what) {
        long nanos = nanos(patience);
        return nanos == 0
                ? ask(what.apply(Patience.NONE), Long.MAX_VALUE)
                : ask(what.apply(Patience.ENDLESS), nanos);
    }

    private static long nanos(Duration patience) {
        try {
            return Math.max(0, patience.toNanos());
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE; // 292 years
        }
    }

    private Optional<CoordinationAnswer> ask(CoordinationRequest what, long nanos) {
        return await(begin(what), nanos);
    }

    /// Something that was asked.
    record Asked(CoordinationRequest what, long request, Awaited answer) {}

    /// Asks without waiting: what is asked afterwards, by any thread, comes after it.
    ///
    /// @return for [#await]
    Asked begin(CoordinationRequest what) {
        conversation.checkOpen();
        long request = requests.incrementAndGet();
        var answer = new Awaited();
        waiting.put(request, answer);
        conversation.say(new ClientMessage.Asked(request, what));
        if (conversation.hasEnded()) abandonAll(); // it may not have seen this one
        return new Asked(what, request, answer);
    }

    /// Waits for the answer to something that was asked.
    ///
    /// @throws QuiverException as [#ask]
    CoordinationAnswer await(Asked asked) {
        return await(asked, Long.MAX_VALUE)
                .orElseThrow(() -> new IllegalStateException("not answered: " + asked.what));
    }

    private Optional<CoordinationAnswer> await(Asked asked, long nanos) {
        CoordinationAnswer came;
        try {
            came = await(asked.request, asked.answer, nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            abandon(asked.request);
            throw new Cancelled(
                    "the thread was interrupted while it waited for the %s '%s'"
                            .formatted(asked.what.kind().text(), asked.what.name()),
                    List.of(),
                    "let it through: whoever waits for the task is told",
                    e);
        }
        return taken(asked.request, came);
    }

    /// Waits, without the slot when it takes long.
    private CoordinationAnswer await(long request, Awaited answer, long nanos)
            throws InterruptedException {
        if (answer.isDone(Math.min(nanos, SLOT_KEPT_NANOS))) return answer.answer();
        try (var _ = Slot.yielded()) {
            if (answer.isDone(nanos - SLOT_KEPT_NANOS)) return answer.answer();
            // it says whether it was just in time
            conversation.say(new ClientMessage.RequestWithdrawn(request));
            answer.isDone(Long.MAX_VALUE);
            return answer.answer();
        }
    }

    private void abandon(long request) {
        waiting.remove(request);
        conversation.say(new ClientMessage.RequestAbandoned(request));
    }

    private Optional<CoordinationAnswer> taken(long request, CoordinationAnswer answer) {
        List<Long> all = List.of();
        synchronized (taken) {
            taken.add(request);
            if (taken.size() >= TAKEN_MAX) {
                all = List.copyOf(taken);
                taken.clear();
            }
        }
        if (!all.isEmpty()) conversation.say(new ClientMessage.AnswersTaken(all));
        return switch (answer) {
            case CoordinationAnswer.NotNow _ -> Optional.empty();
            case CoordinationAnswer.Refused(var code, var what, var fix) ->
                    throw code == ErrorCode.UNAVAILABLE
                            ? new Unavailable(what, List.of(), fix)
                            : new QuiverException(code, what, List.of(), fix);
            case CoordinationAnswer.Done _,
                    CoordinationAnswer.Count _,
                    CoordinationAnswer.Value _,
                    CoordinationAnswer.Values _ ->
                    Optional.of(answer);
        };
    }

    /// Asks for something of which nobody needs to hear.
    void tell(CoordinationRequest what) {
        conversation.say(new ClientMessage.Asked(0, what));
    }

    /// An answer has come, perhaps once more, or one that nobody waits for any more.
    void hear(long request, CoordinationAnswer answer) {
        Awaited there = waiting.remove(request);
        if (there != null) there.complete(answer);
    }

    /// No answer comes any more.
    void abandonAll() {
        for (long request : List.copyOf(waiting.keySet())) {
            Awaited there = waiting.remove(request);
            if (there != null) there.complete(ended());
        }
    }

    private static CoordinationAnswer ended() {
        return new CoordinationAnswer.Refused(
                ErrorCode.UNAVAILABLE,
                "the session ended while something was waited for",
                "open another session; if this one wasn't closed, see why it ended");
    }

    /// A number that was asked for.
    long number(CoordinationRequest what) {
        return number(ask(what));
    }

    static long number(CoordinationAnswer answer) {
        if (answer instanceof CoordinationAnswer.Count(long value)) return value;
        throw new IllegalStateException("no number: " + answer);
    }

    /// A value that was asked for.
    Object value(CoordinationAnswer answer) {
        if (answer instanceof CoordinationAnswer.Value(var value)) return opened(value);
        throw new IllegalStateException("no value: " + answer);
    }

    /// @throws QuiverException ARGUMENT_INVALID for a name that can't be one
    static String requireName(CoordinationRequest.Kind kind, String name) {
        if (!name.isEmpty() && name.length() <= CoordinationRequest.NAME_LENGTH_MAX) return name;
        throw invalid(
                "the name of a %s has %d characters".formatted(kind.text(), name.length()),
                "give it 1 to " + CoordinationRequest.NAME_LENGTH_MAX);
    }

    /// @throws QuiverException ARGUMENT_INVALID for null
    static Object requireValue(String name, @Nullable Object value) {
        if (value != null) return value;
        throw invalid("null for '%s'".formatted(name), "publish a value");
    }

    /// @throws QuiverException ARGUMENT_INVALID for a number below 1
    static <N extends Number> N requirePositive(String what, N number) {
        if (number.longValue() >= 1) return number;
        throw invalid("%s is %d".formatted(what, number.longValue()), "give at least 1");
    }

    static QuiverException invalid(String what, String fix) {
        return new QuiverException(ErrorCode.ARGUMENT_INVALID, what, List.of(), fix);
    }

    /// A value as it travels.
    ///
    /// @throws QuiverException NOT_SERIALIZABLE when it can't; ARGUMENT_INVALID when it is null or
    ///   large
    Bytes packed(CoordinationRequest.Kind kind, String name, @Nullable Object value) {
        if (value == null)
            throw invalid(
                    "null for the %s '%s'".formatted(kind.text(), name),
                    "give a value; Optional.empty() may stand for none");
        String role = "a value of the %s '%s'".formatted(kind.text(), name);
        Packing packing = conversation.tasks().packing(UserLoader.here());
        byte[] bytes = packing.pack(value, role);
        if (bytes.length <= CoordinationRequest.VALUE_BYTES_MAX) return Bytes.of(bytes);
        throw new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "%s has %s".formatted(role, ByteSize.text(bytes.length)),
                List.of("most: " + ByteSize.text(CoordinationRequest.VALUE_BYTES_MAX)),
                "give tasks large values by scatter or broadcast, write rows to files or publish"
                        + " frames, and share their names here");
    }

    /// A fresh copy of a value that has come.
    ///
    /// @throws QuiverException NOT_SERIALIZABLE when its class isn't known here
    Object opened(Bytes value) {
        Object opened = conversation.tasks().packing(UserLoader.here()).unpack(value.array());
        if (opened == null) throw new IllegalStateException("a value is missing");
        return opened;
    }
}
