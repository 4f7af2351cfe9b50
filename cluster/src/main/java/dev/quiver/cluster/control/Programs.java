package dev.quiver.cluster.control;

import dev.quiver.operator.Bytes;
import dev.quiver.operator.EncodedProgram;
import dev.quiver.operator.Pipeline;
import dev.quiver.protocol.wire.Foreign;
import dev.quiver.protocol.wire.MalformedMessage;
import dev.quiver.protocol.wire.Wire;
import dev.quiver.worker.user.UserCode;
import java.util.Arrays;

/// Programs as they travel: a byte for the kind, then the program.
///
/// The functions of the user's in a pipeline are packed by his [UserCode], so that only who runs it
/// needs his classes.
public final class Programs {
    private static final byte TASKS = 0;
    private static final byte PIPELINE = 1;

    /// A pipeline whose tasks list its inputs one by one.
    private static final byte LISTING_PIPELINE = 2;

    private final Wire<Pipeline> pipelines;

    public Programs(UserCode userCode) {
        this.pipelines = Wire.of(Pipeline.class, new Packing(userCode));
    }

    private record Packing(UserCode userCode) implements Foreign {
        @Override
        public byte[] write(Object value) {
            return userCode.pack(value, "a function of the query");
        }

        @Override
        public Object read(byte[] bytes) {
            Object value = userCode.unpack(bytes);
            if (value == null) throw new MalformedMessage("a function is missing");
            return value;
        }
    }

    /// User code, which comes task by task.
    public static EncodedProgram tasks() {
        return new EncodedProgram(Bytes.of(new byte[] {TASKS}));
    }

    /// @param listing whether the i-th task that a task lists is the pipeline's input `i`
    public EncodedProgram encode(Pipeline pipeline, boolean listing) {
        byte[] body = pipelines.encode(pipeline);
        var bytes = new byte[1 + body.length];
        bytes[0] = listing ? LISTING_PIPELINE : PIPELINE;
        System.arraycopy(body, 0, bytes, 1, body.length);
        return new EncodedProgram(Bytes.of(bytes));
    }

    private static byte kind(EncodedProgram program) {
        if (program.bytes().isEmpty()) throw new MalformedMessage("an empty program");
        return program.bytes().array()[0];
    }

    public static boolean isTasks(EncodedProgram program) {
        return kind(program) == TASKS;
    }

    public static boolean isListing(EncodedProgram program) {
        return kind(program) == LISTING_PIPELINE;
    }

    /// @throws MalformedMessage when it is none
    public Pipeline decode(EncodedProgram program) {
        if (isTasks(program)) throw new MalformedMessage("user code isn't a pipeline");
        byte[] bytes = program.bytes().array();
        return pipelines.decode(Arrays.copyOfRange(bytes, 1, bytes.length));
    }
}
