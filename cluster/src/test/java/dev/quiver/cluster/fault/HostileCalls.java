package dev.quiver.cluster.fault;

import dev.quiver.cluster.control.Language;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.node.RawBytes;
import dev.quiver.operator.Bytes;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Calls of a port of Flight that are well-formed up to what they say.
final class HostileCalls implements AutoCloseable {
    private static final List<String> METHODS =
            List.of(
                    "arrow.flight.protocol.FlightService/DoAction",
                    "arrow.flight.protocol.FlightService/DoExchange",
                    "arrow.flight.protocol.FlightService/DoGet",
                    "arrow.flight.protocol.FlightService/DoPut",
                    "arrow.flight.protocol.FlightService/GetFlightInfo",
                    "arrow.flight.protocol.FlightService/Handshake",
                    "dev.quiver.Outputs/Fetch",
                    "dev.quiver.Outputs/Offer",
                    "dev.quiver.Nothing/Nothing");

    private static final byte[] ASK = "quiver.ask".getBytes(StandardCharsets.US_ASCII);

    /// More than any port of a worker takes in at once.
    private static final int LARGE_BYTES = 65 << 20;

    private static final long PATIENCE_SECONDS = 30;

    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new RawBytes();

    private final Random random;
    private final HostileFrames frames;
    private final ManagedChannel channel;

    HostileCalls(Random random, int port) {
        this.random = random;
        this.frames = new HostileFrames(random);
        this.channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    /// Calls, and waits for the answer's end.
    Status next() throws Exception {
        String method = METHODS.get(random.nextInt(METHODS.size()));
        byte[] message =
                switch (random.nextInt(3)) {
                    case 0 -> frames.noise(512);
                    case 1 -> action(changed(question()));
                    default -> action(frames.noise(64));
                };
        return call(method, message);
    }

    /// Says more at once than a worker takes in.
    Status large() throws Exception {
        return call("dev.quiver.Outputs/Fetch", new byte[LARGE_BYTES]);
    }

    private Status call(String method, byte[] message) throws Exception {
        var descriptor =
                MethodDescriptor.<byte[], byte[]>newBuilder()
                        .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                        .setFullMethodName(method)
                        .setRequestMarshaller(BYTES)
                        .setResponseMarshaller(BYTES)
                        .build();
        var end = new CompletableFuture<Status>();
        ClientCall<byte[], byte[]> call = channel.newCall(descriptor, CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(byte[] answer) {
                        call.request(1);
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        end.complete(status);
                    }
                },
                new Metadata());
        call.request(1);
        call.sendMessage(message);
        call.halfClose();
        try {
            return end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            String bytes = HexFormat.of().formatHex(message);
            throw new AssertionError("%s of %s isn't answered".formatted(method, bytes), e);
        }
    }

    /// As Flight writes an action that asks a scheduler.
    private static byte[] action(byte[] body) {
        var out = new ByteArrayOutputStream();
        out.write(0x0A);
        out.write(ASK.length);
        out.writeBytes(ASK);
        out.write(0x12);
        if (body.length > 127) out.write(body.length & 127 | 128);
        out.write(body.length > 127 ? body.length >> 7 : body.length);
        out.writeBytes(body);
        return out.toByteArray();
    }

    private byte[] question() {
        return Language.QUESTIONS.encode(
                new Question.Upload(
                        random.nextInt(3), Bytes.of(frames.noise(32)), Bytes.of(frames.noise(64))));
    }

    private byte[] changed(byte[] bytes) {
        // the first byte is the kind of question: another one could ask for something real
        for (int i = random.nextInt(4); i > 0; i--)
            bytes[1 + random.nextInt(bytes.length - 1)] = (byte) random.nextInt();
        return bytes;
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
