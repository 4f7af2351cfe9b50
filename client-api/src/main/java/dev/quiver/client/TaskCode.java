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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The code of a task as it travels: a byte for the kind, then what is packed. Not for users.
public final class TaskCode {
    private static final byte CALL = 0;
    private static final byte WITH_INPUTS = 1;
    private static final byte GATHERING = 2;

    /// Stand for the length of a value that the task reads.
    private static final int OPEN = -1;

    private static final int OPEN_SHARED = -2;

    private TaskCode() {}

    /// A closure, called with the results that its task reads.
    static Bytes of(Packed closure) {
        byte[] packed = closure.bytes();
        return Bytes.of(ByteBuffer.allocate(1 + packed.length).put(CALL).put(packed).array());
    }

    /// A closure, called with values of which some are there already.
    ///
    /// @param values [Packed], or [TaskCall.Open] for what the task reads
    static Bytes withInputs(Packed closure, List<Object> values) {
        byte[] packed = closure.bytes();
        int size = 1 + 2 * Integer.BYTES + packed.length;
        for (Object value : values)
            size += Integer.BYTES + (value instanceof Packed there ? there.bytes().length : 0);
        ByteBuffer buffer =
                ByteBuffer.allocate(size).put(WITH_INPUTS).putInt(packed.length).put(packed);
        buffer.putInt(values.size());
        for (Object value : values) {
            switch (value) {
                case Packed there -> buffer.putInt(there.bytes().length).put(there.bytes());
                case TaskCall.Open.OWN -> buffer.putInt(OPEN);
                case TaskCall.Open.SHARED -> buffer.putInt(OPEN_SHARED);
                default -> throw new IllegalStateException("it isn't packed: " + value);
            }
        }
        return Bytes.of(buffer.array());
    }

    /// Makes a list of the results that its task reads.
    static Bytes gathering() {
        return Bytes.of(new byte[] {GATHERING});
    }

    /// What a worker calls. It takes and returns values that are [Packed].
    ///
    /// @param code as it came; empty when the task isn't wanted any more
    /// @param session has the classes of the client's
    /// @param nested a session for what the task submits
    public static Closures.Closure closure(
            Bytes code, SessionCode session, Supplier<Session> nested) {
        if (code.isEmpty()) return TaskFuture.ENDED;
        byte[] bytes = code.array();
        return switch (bytes[0]) {
            case CALL -> {
                Payload closure = Payload.of(tail(bytes, 1));
                yield inputs ->
                        called(closure, inputs.stream().map(Given::own).toList(), session, nested);
            }
            case WITH_INPUTS ->
                    withInputs(ByteBuffer.wrap(bytes, 1, bytes.length - 1), session, nested);
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
            ByteBuffer code, SessionCode session, Supplier<Session> nested) {
        Payload closure = Payload.of(next(code));
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
            Payload closure, List<Given> inputs, SessionCode session, Supplier<Session> nested)
            throws Exception {
        ShippedTask task = session.task(closure, inputs.stream().map(Given::payload).toList());
        Object value = task.value();
        Object code = value instanceof Object[] both ? both[0] : value;
        Object argument = value instanceof Object[] both ? both[1] : null;
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
