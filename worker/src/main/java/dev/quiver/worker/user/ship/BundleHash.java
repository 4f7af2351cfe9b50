package dev.quiver.worker.user.ship;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The name of a bundle: the SHA-256 of its bytes, as four big-endian words.
public record BundleHash(long first, long second, long third, long fourth) {
    /// The bytes of a hash.
    public static final int BYTES = 32;

    /// The hash of bytes.
    public static BundleHash of(byte[] bytes) {
        return of(bytes, 0, bytes.length);
    }

    static BundleHash of(byte[] bytes, int from, int count) {
        MessageDigest digest = sha256();
        digest.update(bytes, from, count);
        return read(ByteBuffer.wrap(digest.digest()));
    }

    /// A hash from where the buffer stands.
    public static BundleHash read(ByteBuffer buffer) {
        return new BundleHash(
                buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
    }

    /// Writes the hash where the buffer stands.
    public void write(ByteBuffer buffer) {
        buffer.putLong(first).putLong(second).putLong(third).putLong(fourth);
    }

    /// 64 hexadecimal digits.
    @Override
    public String toString() {
        return "%016x%016x%016x%016x".formatted(first, second, third, fourth);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
