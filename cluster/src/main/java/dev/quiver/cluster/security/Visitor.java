package dev.quiver.cluster.security;

import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// Somebody who calls and hasn't been let in yet: what he shows.
public final class Visitor {
    /// A client's token, as other tools show theirs, too.
    static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    static final String BEARER = "Bearer ";

    private final @Nullable X509Certificate certificate;
    private final Metadata headers;
    private final @Nullable SocketAddress address;

    private Visitor(
            @Nullable X509Certificate certificate,
            Metadata headers,
            @Nullable SocketAddress address) {
        this.certificate = certificate;
        this.headers = headers;
        this.address = address;
    }

    static Visitor of(ServerCall<?, ?> call, Metadata headers) {
        return new Visitor(
                certificate(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION)),
                headers,
                call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
    }

    private static @Nullable X509Certificate certificate(@Nullable SSLSession session) {
        if (session == null) return null;
        try {
            // its authority has been looked at when the connection was made
            return session.getPeerCertificates()[0] instanceof X509Certificate shown ? shown : null;
        } catch (SSLPeerUnverifiedException e) {
            return null; // it showed none
        }
    }

    /// Who it is by its certificate; empty when it showed none that says so.
    Optional<Caller> certified() {
        return Optional.ofNullable(certificate).flatMap(Caller::of);
    }

    /// The token that it shows.
    Optional<String> token() {
        String shown = headers.get(AUTHORIZATION);
        return shown == null || !shown.startsWith(BEARER)
                ? Optional.empty()
                : Optional.of(shown.substring(BEARER.length()).strip());
    }

    /// By what it proves that it is a client that has connected to the scheduler.
    Optional<SessionProof> session() {
        return SessionProof.in(headers);
    }

    /// From where it calls.
    @Override
    public String toString() {
        return String.valueOf(address);
    }
}
