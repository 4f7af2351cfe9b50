package dev.quiver.client;

import dev.quiver.error.Cancelled;
import dev.quiver.operator.Bytes;
import dev.quiver.operator.Closures;
import dev.quiver.worker.user.UserCode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
    public static Closures.Closure closure(Bytes code, UserCode userCode) {
        if (code.isEmpty()) return TaskFuture.ENDED;
        byte[] bytes = code.array();
        return switch (bytes[0]) {
            case CALL -> Packed.of(userCode, tail(bytes, 1))::call;
            case WITH_INPUT -> {
                int length = ByteBuffer.wrap(bytes).getInt(1);
                int end = 1 + Integer.BYTES + length;
                Packed closure =
                        Packed.of(userCode, Arrays.copyOfRange(bytes, 1 + Integer.BYTES, end));
                Object input = Packed.of(userCode, tail(bytes, end));
                yield _ -> closure.call(List.of(input));
            }
            case GATHERING -> inputs -> gathered(inputs, userCode);
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

    private static Packed gathered(List<Object> inputs, UserCode userCode) {
        return inputs.isEmpty()
                ? Packed.value(userCode, new ArrayList<>(), "the gathered results")
                : Packed.list(inputs);
    }
}
