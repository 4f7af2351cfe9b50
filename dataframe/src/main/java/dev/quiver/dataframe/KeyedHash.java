package dev.quiver.dataframe;

import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// HMAC-SHA-256 of texts, its first 128 bits as 32 letters. Source: RFC 2104 and RFC 4868.
final class KeyedHash implements Fn<String, String> {
    @Serial private static final long serialVersionUID = 1;

    private static final String ALGORITHM = "HmacSHA256";
    private static final int BYTES = 16;

    private final byte[] key;
    private final String fingerprint;
    private transient volatile @Nullable Mac begun;

    KeyedHash(HashKey key) {
        this.key = key.bytes();
        this.fingerprint = key.fingerprint();
    }

    @Override
    public String apply(String text) {
        try {
            // Several threads may come here at once: each hashes with a copy of its own.
            Mac mac = (Mac) begun().clone();
            byte[] hash = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, BYTES);
        } catch (GeneralSecurityException | CloneNotSupportedException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    private Mac begun() throws GeneralSecurityException {
        Mac known = begun;
        if (known != null) return known;
        Mac made = Mac.getInstance(ALGORITHM);
        made.init(new SecretKeySpec(key, ALGORITHM));
        begun = made;
        return made;
    }

    /// What plans show of it.
    @Override
    public String toString() {
        return "hash with key " + fingerprint;
    }
}
