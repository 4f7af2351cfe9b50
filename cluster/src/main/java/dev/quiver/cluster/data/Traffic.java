package dev.quiver.cluster.data;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerStreamTracer;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import java.util.concurrent.atomic.LongAdder;

/// Counts what this process sends to others and receives from them in streams of outputs, before
/// encryption. Thread-safe.
public final class Traffic {
    private final LongAdder sent = new LongAdder();
    private final LongAdder received = new LongAdder();

    /// Since it began.
    public long sentBytes() {
        return sent.sum();
    }

    /// Since it began.
    public long receivedBytes() {
        return received.sum();
    }

    void count(NettyServerBuilder server) {
        server.addStreamTracerFactory(
                new ServerStreamTracer.Factory() {
                    @Override
                    public ServerStreamTracer newServerStreamTracer(
                            String method, Metadata headers) {
                        return new Served();
                    }
                });
    }

    void count(NettyChannelBuilder channel) {
        channel.intercept(new Calling());
    }

    private final class Served extends ServerStreamTracer {
        @Override
        public void outboundWireSize(long bytes) {
            sent.add(bytes);
        }

        @Override
        public void inboundWireSize(long bytes) {
            received.add(bytes);
        }
    }

    private final class Called extends ClientStreamTracer {
        @Override
        public void outboundWireSize(long bytes) {
            sent.add(bytes);
        }

        @Override
        public void inboundWireSize(long bytes) {
            received.add(bytes);
        }
    }

    private final class Calling implements ClientInterceptor {
        private final ClientStreamTracer.Factory tracers =
                new ClientStreamTracer.Factory() {
                    @Override
                    public ClientStreamTracer newClientStreamTracer(
                            ClientStreamTracer.StreamInfo info, Metadata headers) {
                        return new Called();
                    }
                };

        @Override
        public <A, B> ClientCall<A, B> interceptCall(
                MethodDescriptor<A, B> method, CallOptions options, Channel next) {
            return next.newCall(method, options.withStreamTracerFactory(tracers));
        }
    }
}
