package dev.quiver.cluster.control;

import dev.quiver.operator.Bytes;
import dev.quiver.operator.EncodedProgram;
import dev.quiver.operator.Pipeline;
import dev.quiver.protocol.wire.Foreign;
import dev.quiver.protocol.wire.MalformedMessage;
import dev.quiver.protocol.wire.Wire;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Programs as they travel: a byte for the kind, the number of the client whose code it may have in
/// four, then the program.
public final class Programs {
    private static final byte TASKS = 0;
    private static final byte PIPELINE = 1;

    /// A pipeline whose tasks list its inputs one by one.
    private static final byte LISTING_PIPELINE = 2;

    /// Partitions and objects that the client has.
    private static final byte OFFERED = 3;

    private static final int HEADER_BYTES = 1 + Integer.BYTES;

    private final Wire<Pipeline> pipelines;

    /// @param functions packs the user's functions, or opens them
    public Programs(Foreign functions) {
        this.pipelines = Wire.of(Pipeline.class, functions);
    }

    /// User code, which comes task by task.
    public static EncodedProgram tasks(int client) {
        return program(TASKS, client, new byte[0]);
    }

    /// Takes what a client offers as the outputs of the stage's tasks.
    public static EncodedProgram offered(int client) {
        return program(OFFERED, client, new byte[0]);
    }

    /// @param listing whether the i-th task that a task lists is the pipeline's input `i`
    public EncodedProgram encode(int client, Pipeline pipeline, boolean listing) {
        byte kind = listing ? LISTING_PIPELINE : PIPELINE;
        return program(kind, client, pipelines.encode(pipeline));
    }

    private static EncodedProgram program(byte kind, int client, byte[] body) {
        return new EncodedProgram(
                Bytes.of(
                        ByteBuffer.allocate(HEADER_BYTES + body.length)
                                .put(kind)
                                .putInt(client)
                                .put(body)
                                .array()));
    }

    private static byte[] checked(EncodedProgram program) {
        byte[] bytes = program.bytes().array();
        if (bytes.length < HEADER_BYTES || bytes[0] < TASKS || bytes[0] > OFFERED)
            throw new MalformedMessage("no program: " + program.bytes());
        return bytes;
    }

    public static boolean isTasks(EncodedProgram program) {
        return checked(program)[0] == TASKS;
    }

    public static boolean isOffered(EncodedProgram program) {
        return checked(program)[0] == OFFERED;
    }

    public static boolean isListing(EncodedProgram program) {
        return checked(program)[0] == LISTING_PIPELINE;
    }

    /// The number of the client that made it.
    public static int client(EncodedProgram program) {
        return ByteBuffer.wrap(checked(program)).getInt(1);
    }

    /// @throws MalformedMessage when it is none
    public Pipeline decode(EncodedProgram program) {
        if (isTasks(program) || isOffered(program))
            throw new MalformedMessage("it isn't a pipeline: " + program.bytes());
        byte[] bytes = checked(program);
        return pipelines.decode(Arrays.copyOfRange(bytes, HEADER_BYTES, bytes.length));
    }
}
