package dev.quiver.cluster.security;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks a doorkeeper about each call, before anything of it is read.
public final class Admission implements ServerInterceptor {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);
    private static final Context.Key<Caller> CALLER = Context.key("quiver-caller");

    private final Doorkeeper doorkeeper;

    public Admission(Doorkeeper doorkeeper) {
        this.doorkeeper = doorkeeper;
    }

    /// Who makes the call that this thread serves.
    public static Caller caller() {
        Caller caller = CALLER.get();
        if (caller == null) throw new IllegalStateException("nobody was asked who calls");
        return caller;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Visitor visitor = Visitor.of(call, headers);
        Caller caller;
        try {
            caller = doorkeeper.admit(visitor);
        } catch (QuiverException e) {
            String method = call.getMethodDescriptor().getBareMethodName();
            LOG.warn("{} of {} was refused: {}", method, visitor, e.what());
            Status status =
                    e.code() == ErrorCode.ACCESS_DENIED
                            ? Status.UNAUTHENTICATED
                            : Status.UNAVAILABLE;
            call.close(status.withDescription(Refusal.text(e)), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        return Contexts.interceptCall(
                Context.current().withValue(CALLER, caller), call, headers, next);
    }
}
