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
import org.jspecify.annotations.Nullable;

/// The code of a task as it travels: a byte for the kind, then what is packed. Not for users.
public final class TaskCode {
    private static final byte CALL = 0;
    private static final byte WITH_INPUT = 1;
    private static final byte GATHERING = 2;

    private TaskCode() {}

    /// A closure, called with the results that its task reads.
    static Bytes of(Packed closure) {
        byte[] packed = closure.bytes();
        return Bytes.of(ByteBuffer.allocate(1 + packed.length).put(CALL).put(packed).array());
    }

    /// A closure, called with a result that is there already.
    static Bytes withInput(Packed closure, Packed input) {
        byte[] packed = closure.bytes();
        byte[] value = input.bytes();
        return Bytes.of(
                ByteBuffer.allocate(1 + Integer.BYTES + packed.length + value.length)
                        .put(WITH_INPUT)
                        .putInt(packed.length)
                        .put(packed)
                        .put(value)
                        .array());
    }

    /// Makes a list of the results that its task reads.
    static Bytes gathering() {
        return Bytes.of(new byte[] {GATHERING});
    }

    /// What a worker calls. It takes and returns values that are [Packed].
    ///
    /// @param code as it came; empty when the task isn't wanted any more
    /// @param session has the classes of the client's
    public static Closures.Closure closure(Bytes code, SessionCode session) {
        if (code.isEmpty()) return TaskFuture.ENDED;
        byte[] bytes = code.array();
        return switch (bytes[0]) {
            case CALL -> {
                Payload closure = Payload.of(tail(bytes, 1));
                yield inputs -> called(closure, payloads(inputs), session);
            }
            case WITH_INPUT -> {
                int length = ByteBuffer.wrap(bytes).getInt(1);
                int end = 1 + Integer.BYTES + length;
                Payload closure = Payload.of(Arrays.copyOfRange(bytes, 1 + Integer.BYTES, end));
                List<Payload> input = List.of(Payload.of(tail(bytes, end)));
                yield _ -> called(closure, input, session);
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

    private static Packed called(Payload closure, List<Payload> inputs, SessionCode session)
            throws Exception {
        ShippedTask task = session.task(closure, inputs);
        Object value = task.value();
        Object code = value instanceof Object[] both ? both[0] : value;
        Object argument = value instanceof Object[] both ? both[1] : null;
        if (code == null) throw new IllegalStateException("an empty closure");
        Object result =
                task.call(() -> TaskFuture.invoke(code, argument, opened(task, 0, inputs.size())));
        return packed(task.pack(result, "the result of the task"));
    }

    private static List<Object> opened(ShippedTask task, int from, int to) {
        var values = new ArrayList<Object>();
        for (int i = from; i < to; i++) values.add(TaskFuture.held(task.input(i)));
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
