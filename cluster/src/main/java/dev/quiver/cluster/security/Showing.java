package dev.quiver.cluster.security;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Shows with each call who makes it. For encrypted connections alone.
public final class Showing implements ClientInterceptor {
    private final Consumer<Metadata> headers;

    private Showing(Consumer<Metadata> headers) {
        this.headers = headers;
    }

    /// A client's token.
    ///
    /// @param token empty when there is none
    public static Showing token(String token) {
        return new Showing(headers -> {
            if (!token.isEmpty()) headers.put(Visitor.AUTHORIZATION, Visitor.BEARER + token);
        });
    }

    /// That it is a client in a session.
    ///
    /// @param proof empty while there is none
    public static Showing session(Supplier<Optional<SessionProof>> proof) {
        return new Showing(headers -> proof.get().ifPresent(known -> known.show(headers)));
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
            MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        return new ForwardingClientCall.SimpleForwardingClientCall<>(
                next.newCall(method, options)) {
            @Override
            public void start(Listener<A> listener, Metadata shown) {
                headers.accept(shown);
                super.start(listener, shown);
            }
        };
    }
}
