package dev.quiver.cluster.security;

import dev.quiver.operator.Bytes;
import io.grpc.Metadata;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;

/// By what a client shows workers that it is connected to their scheduler. It follows from the
/// session's token, which doesn't follow from it: workers never learn that.
///
/// @param client its number in the cluster
/// @param proof a hash of its session's token
public record SessionProof(int client, String proof) {
    private static final Metadata.Key<String> CLIENT =
            Metadata.Key.of("quiver-client", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> PROOF =
            Metadata.Key.of("quiver-proof", Metadata.ASCII_STRING_MARSHALLER);
    private static final byte[] PURPOSE = "quiver session".getBytes(StandardCharsets.UTF_8);

    /// Of a client in a session.
    ///
    /// @param token that the scheduler gave it
    public static SessionProof of(int client, Bytes token) {
        try {
            var hash = MessageDigest.getInstance("SHA-256");
            hash.update(PURPOSE);
            return new SessionProof(
                    client, Base64.getEncoder().encodeToString(hash.digest(token.array())));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has it", e);
        }
    }

    /// Whether it is what that client would show; takes the same time for all that are wrong.
    public boolean isOf(Bytes token) {
        return MessageDigest.isEqual(
                proof.getBytes(StandardCharsets.UTF_8),
                of(client, token).proof.getBytes(StandardCharsets.UTF_8));
    }

    static Optional<SessionProof> in(Metadata headers) {
        String number = headers.get(CLIENT);
        String shown = headers.get(PROOF);
        if (number == null || shown == null) return Optional.empty();
        try {
            return Optional.of(new SessionProof(Integer.parseInt(number), shown));
        } catch (NumberFormatException e) {
            return Optional.empty(); // nobody's
        }
    }

    void show(Metadata headers) {
        headers.discardAll(CLIENT);
        headers.put(CLIENT, Integer.toString(client));
        headers.put(PROOF, proof);
    }
}
