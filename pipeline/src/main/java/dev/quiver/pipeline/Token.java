package dev.quiver.pipeline;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A short name for a long text: the same in all runs, so that a run finds what an earlier one
/// left.
final class Token {
    private static final int BYTES = 10;

    private Token() {}

    static String of(String text) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            var first = new byte[BYTES];
            ByteBuffer.wrap(hash).get(first);
            return HexFormat.of().formatHex(first);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
