package dev.quiver.client;

import dev.quiver.error.Cancelled;
import dev.quiver.operator.Bytes;
import dev.quiver.operator.Closures;
import dev.quiver.worker.user.ship.Payload;
import dev.quiver.worker.user.ship.SessionCode;
import dev.quiver.worker.user.ship.ShippedTask;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// The code of a task as it travels: a byte for the kind, then what is packed. Not for users.
public final class TaskCode {
    private static final byte CALL = 0;
    private static final byte WITH_INPUTS = 1;
    private static final byte GATHERING = 2;
    private static final byte APPLYING = 3;
    private static final byte APPLYING_WITH_INPUTS = 4;
    private static final byte REPEATED = 5;
    private static final int NOT_SHARED = -1;

    /// Stand for the length of a value that the task reads.
    private static final int OPEN = -1;

    private static final int OPEN_SHARED = -2;

    private TaskCode() {}

    /// A closure, called with the results that its task reads.
    ///
    /// @param code [Packed], [SharedFunction.Applied] or [SharedFunction.Repeated]
    static Bytes of(Object code, ToIntFunction<Packed> shared) {
        if (code instanceof SharedFunction.Repeated(var function))
            return Bytes.of(
                    ByteBuffer.allocate(1 + Integer.BYTES)
                            .put(REPEATED)
                            .putInt(shared.applyAsInt(function))
                            .array());
        byte[] packed = called(code);
        if (!(code instanceof SharedFunction.Applied(var function, _)))
            return Bytes.of(ByteBuffer.allocate(1 + packed.length).put(CALL).put(packed).array());
        return Bytes.of(
                ByteBuffer.allocate(1 + Integer.BYTES + packed.length)
                        .put(APPLYING)
                        .putInt(shared.applyAsInt(function))
                        .put(packed)
                        .array());
    }

    private static byte[] called(Object code) {
        return switch (code) {
            case Packed packed -> packed.bytes();
            case SharedFunction.Applied(_, var argument) -> argument.bytes();
            default -> throw new IllegalStateException("it isn't packed: " + code);
        };
    }

    /// A closure, called with values of which some are there already.
    ///
    /// @param code [Packed] or [SharedFunction.Applied]
    /// @param values [Packed], or [TaskCall.Open] for what the task reads
    static Bytes withInputs(Object code, List<Object> values, ToIntFunction<Packed> shared) {
        byte[] packed = called(code);
        int size = 1 + 3 * Integer.BYTES + packed.length;
        for (Object value : values)
            size += Integer.BYTES + (value instanceof Packed there ? there.bytes().length : 0);
        ByteBuffer buffer = ByteBuffer.allocate(size);
        if (code instanceof SharedFunction.Applied(var function, _))
            buffer.put(APPLYING_WITH_INPUTS).putInt(shared.applyAsInt(function));
        else buffer.put(WITH_INPUTS);
        buffer.putInt(packed.length).put(packed).putInt(values.size());
        for (Object value : values) {
            switch (value) {
                case Packed there -> buffer.putInt(there.bytes().length).put(there.bytes());
                case TaskCall.Open.OWN -> buffer.putInt(OPEN);
                case TaskCall.Open.SHARED -> buffer.putInt(OPEN_SHARED);
                default -> throw new IllegalStateException("it isn't packed: " + value);
            }
        }
        return Bytes.of(Arrays.copyOf(buffer.array(), buffer.position()));
    }

    /// Makes a list of the results that its task reads.
    static Bytes gathering() {
        return Bytes.of(new byte[] {GATHERING});
    }

    /// The number of the function that the task shares with others; empty when it shares none.
    ///
    /// @param code as it travels
    public static OptionalInt shared(Bytes code) {
        int number = sharedOrNot(code);
        return number == NOT_SHARED ? OptionalInt.empty() : OptionalInt.of(number);
    }

    private static int sharedOrNot(Bytes code) {
        if (code.size() < 1 + Integer.BYTES) return NOT_SHARED;
        byte kind = code.array()[0];
        boolean shares = kind == APPLYING || kind == APPLYING_WITH_INPUTS || kind == REPEATED;
        return shares ? ByteBuffer.wrap(code.array()).getInt(1) : NOT_SHARED;
    }

    /// What a worker calls. It takes and returns values that are [Packed].
    ///
    /// @param code as it came; empty when the task isn't wanted any more
    /// @param shared the function of a number; empty when the stage isn't wanted any more
    /// @param session has the classes of the client's
    /// @param nested a session for what the task submits
    public static Closures.Closure closure(
            Bytes code, IntFunction<Bytes> shared, SessionCode session, Supplier<Session> nested) {
        if (code.isEmpty()) return TaskFuture.ENDED;
        byte[] bytes = code.array();
        int number = sharedOrNot(code);
        Bytes function = number == NOT_SHARED ? Bytes.NONE : shared.apply(number);
        if (number != NOT_SHARED && function.isEmpty()) return TaskFuture.ENDED;
        return switch (bytes[0]) {
            case CALL -> called(Called.of(tail(bytes, 1)), session, nested);
            case REPEATED -> called(Called.of(function.array()), session, nested);
            case APPLYING ->
                    called(Called.of(function, tail(bytes, 1 + Integer.BYTES)), session, nested);
            case WITH_INPUTS -> {
                ByteBuffer rest = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
                yield withInputs(Called.of(next(rest)), rest, session, nested);
            }
            case APPLYING_WITH_INPUTS -> {
                int from = 1 + Integer.BYTES;
                ByteBuffer rest = ByteBuffer.wrap(bytes, from, bytes.length - from);
                yield withInputs(Called.of(function, next(rest)), rest, session, nested);
            }
            case GATHERING -> inputs -> gathered(payloads(inputs), session);
            default ->
                    throw new Cancelled(
                            "a task of kind %d came".formatted(bytes[0]),
                            List.of(),
                            "run the same version of Quiver on both sides");
        };
    }

    private static byte[] tail(byte[] bytes, int from) {
        return Arrays.copyOfRange(bytes, from, bytes.length);
    }

    private static List<Payload> payloads(List<Object> inputs) {
        return inputs.stream().map(input -> Payload.of(((Packed) input).bytes())).toList();
    }

    /// What a task calls.
    ///
    /// @param argument of a function that others call, too; the argument of one that they don't is
    ///   in the closure
    private record Called(Payload closure, Optional<Payload> argument) {
        static Called of(byte[] closure) {
            return new Called(Payload.of(closure), Optional.empty());
        }

        static Called of(Bytes function, byte[] argument) {
            return new Called(Payload.of(function.array()), Optional.of(Payload.of(argument)));
        }
    }

    private static Closures.Closure called(
            Called closure, SessionCode session, Supplier<Session> nested) {
        return inputs -> called(closure, inputs.stream().map(Given::own).toList(), session, nested);
    }

    /// A value that a closure is called with.
    ///
    /// @param isShared whether all tasks of this process may be given the same object
    private record Given(Packed value, boolean isShared) {
        static Given own(Object read) {
            return new Given((Packed) read, false);
        }

        Payload payload() {
            return Payload.of(value.bytes());
        }
    }

    private static Closures.Closure withInputs(
            Called closure, ByteBuffer code, SessionCode session, Supplier<Session> nested) {
        int count = code.getInt();
        var values = new ArrayList<Object>();
        for (int i = 0; i < count; i++) {
            int kind = code.getInt(code.position());
            if (kind >= 0) {
                values.add(arrived(next(code)));
                continue;
            }
            code.getInt();
            values.add(kind == OPEN_SHARED ? TaskCall.Open.SHARED : TaskCall.Open.OWN);
        }
        return inputs -> {
            var given = new ArrayList<Given>();
            List<Object> all = TaskCall.filled(values, inputs);
            for (int i = 0; i < all.size(); i++)
                given.add(new Given((Packed) all.get(i), values.get(i) == TaskCall.Open.SHARED));
            return called(closure, given, session, nested);
        };
    }

    private static byte[] next(ByteBuffer code) {
        var bytes = new byte[code.getInt()];
        code.get(bytes);
        return bytes;
    }

    private static Packed called(
            Called called, List<Given> inputs, SessionCode session, Supplier<Session> nested)
            throws Exception {
        ShippedTask task =
                session.task(called.closure, inputs.stream().map(Given::payload).toList());
        Object value = task.value();
        Object code = value instanceof Object[] both ? both[0] : value;
        Object argument =
                value instanceof Object[] both
                        ? both[1]
                        : called.argument.isEmpty() ? null : task.open(called.argument.get());
        if (code == null) throw new IllegalStateException("an empty closure");
        var running = new RunningTask(task, nested);
        Object result = running.call(() -> TaskFuture.invoke(code, argument, opened(task, inputs)));
        return packed(task.pack(result, "the result of the task"));
    }

    private static List<Object> opened(ShippedTask task, List<Given> inputs) {
        var values = new ArrayList<Object>();
        for (int i = 0; i < inputs.size(); i++) {
            int index = i;
            Given input = inputs.get(i);
            values.add(
                    TaskFuture.held(
                            input.isShared
                                    ? input.value.shared(task.loader(), () -> task.input(index))
                                    : task.input(index)));
        }
        return values;
    }

    private static Packed gathered(List<Payload> inputs, SessionCode session) {
        if (inputs.isEmpty())
            throw new IllegalStateException("a task gathers the results of no tasks");
        // The first stands for the code: it knows where the classes are.
        ShippedTask task = session.task(inputs.getFirst(), inputs);
        var values = new ArrayList<@Nullable Object>();
        for (int i = 0; i < inputs.size(); i++) values.add(task.input(i));
        return packed(task.pack(values, "the gathered results"));
    }

    private static Packed packed(Payload payload) {
        return Packed.of(NOT_HERE, payload.bytes());
    }

    /// Results are opened where the client is.
    private static final Packing NOT_HERE =
            new Packing() {
                @Override
                public byte[] pack(@Nullable Object value, String role) {
                    throw new IllegalStateException("packed on a worker: " + role);
                }

                @Override
                public @Nullable Object unpack(byte[] bytes) {
                    throw new IllegalStateException("unpacked on a worker");
                }
            };

    /// A value that came from somewhere else; whether it makes sense shows where it is used.
    public static Packed arrived(byte[] bytes) {
        return Packed.of(NOT_HERE, bytes);
    }
}
