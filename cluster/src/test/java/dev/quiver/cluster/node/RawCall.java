package dev.quiver.cluster.node;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A call that has been begun, of which the test says each byte.
final class RawCall {
    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new RawBytes();

    private final CompletableFuture<Status> end = new CompletableFuture<>();
    private final ClientCall<byte[], byte[]> call;

    RawCall(ManagedChannel channel, String method) {
        call =
                channel.newCall(
                        MethodDescriptor.<byte[], byte[]>newBuilder()
                                .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                                .setFullMethodName(method)
                                .setRequestMarshaller(BYTES)
                                .setResponseMarshaller(BYTES)
                                .build(),
                        CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        end.complete(status);
                    }
                },
                new Metadata());
        call.request(1);
    }

    RawCall say(byte[] message) {
        call.sendMessage(message);
        return this;
    }

    RawCall hangUp() {
        call.halfClose();
        return this;
    }

    Status end(long patienceSeconds) throws Exception {
        return end.get(patienceSeconds, TimeUnit.SECONDS);
    }
}
