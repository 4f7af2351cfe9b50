package dev.quiver.cluster.data;

import io.grpc.KnownLength;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// The calls by which one process takes outputs of another: a stream of [StreamFormat.Ask]s there
/// and of frames back, beside Arrow Flight's own calls on the same port.
final class DataCalls {
    static final String SERVICE = "dev.quiver.Outputs";

    private static final int ASK_BYTES_MAX = 16 << 20;

    private static final MethodDescriptor.Marshaller<StreamFormat.Ask> ASKS =
            new MethodDescriptor.Marshaller<>() {
                @Override
                public InputStream stream(StreamFormat.Ask ask) {
                    return new ByteArrayInputStream(StreamFormat.ASK.encode(ask));
                }

                @Override
                public StreamFormat.Ask parse(InputStream stream) {
                    try {
                        if (stream instanceof KnownLength && stream.available() > ASK_BYTES_MAX)
                            throw new IOException("an ask of more than 16 MiB");
                        return StreamFormat.ASK.decode(stream.readAllBytes());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            };

    private static final MethodDescriptor.Marshaller<Frame> FRAMES =
            new MethodDescriptor.Marshaller<>() {
                @Override
                public InputStream stream(Frame frame) {
                    if (frame instanceof SentFrame sent) return sent.open();
                    throw new IllegalStateException("a frame that was received");
                }

                @Override
                public Frame parse(InputStream stream) {
                    return ReceivedFrame.of(stream);
                }
            };

    static final MethodDescriptor<StreamFormat.Ask, Frame> FETCH =
            MethodDescriptor.<StreamFormat.Ask, Frame>newBuilder()
                    .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                    .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "Fetch"))
                    .setRequestMarshaller(ASKS)
                    .setResponseMarshaller(FRAMES)
                    .build();

    /// As [#FETCH], where the one that has the outputs is the one that calls: a worker can't reach
    /// a client.
    static final MethodDescriptor<Frame, StreamFormat.Ask> OFFER =
            MethodDescriptor.<Frame, StreamFormat.Ask>newBuilder()
                    .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                    .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "Offer"))
                    .setRequestMarshaller(FRAMES)
                    .setResponseMarshaller(ASKS)
                    .build();

    /// Who offers.
    static final Metadata.Key<String> CLIENT =
            Metadata.Key.of("quiver-client", Metadata.ASCII_STRING_MARSHALLER);

    private DataCalls() {}

    /// A header and some bytes of bodies.
    sealed interface Frame permits SentFrame, ReceivedFrame {}
}
