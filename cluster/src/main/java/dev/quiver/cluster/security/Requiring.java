package dev.quiver.cluster.security;

import dev.quiver.error.QuiverException;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets those call a service who have a right; they have been let in before ([Admission]).
public final class Requiring implements ServerInterceptor {
    private static final Logger LOG = LoggerFactory.getLogger(Requiring.class);

    private final Right right;

    public Requiring(Right right) {
        this.right = right;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        try {
            Admission.caller().require(right);
        } catch (QuiverException e) {
            String method = call.getMethodDescriptor().getBareMethodName();
            LOG.warn("{} was refused: {}", method, e.what());
            call.close(Status.UNAUTHENTICATED.withDescription(Refusal.text(e)), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        return next.startCall(call, headers);
    }
}
