package dev.quiver.pipeline;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Keys in 15 bytes each: those of up to 14 bytes as they are, of longer ones the first 112 bits of
/// their SHA-256. Two different keys of a billion have the same digest with a chance of 1e-16.
final class KeyDigest {
    static final int BYTES = 15;
    private static final int SHORT_BYTES = 14;
    private static final byte LONG_KEY = -1;

    private final MessageDigest sha = sha();

    private static MessageDigest sha() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// Puts the digest of a key into the first bytes of `digest`.
    void of(MemorySegment key, long offset, int length, byte[] digest) {
        if (length <= SHORT_BYTES) {
            for (int i = length; i < SHORT_BYTES; i++) digest[i] = 0;
            MemorySegment.copy(key, ValueLayout.JAVA_BYTE, offset, digest, 0, length);
            // Never 0, so that a digest is never all zero.
            digest[SHORT_BYTES] = (byte) (length + 1);
            return;
        }
        sha.update(key.asSlice(offset, length).asByteBuffer());
        System.arraycopy(sha.digest(), 0, digest, 0, SHORT_BYTES);
        digest[SHORT_BYTES] = LONG_KEY;
    }
}
