package dev.quiver.dataframe;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The secret that a gate hashes values with; see [Gate#hash].
///
/// ```java
/// Gate gate = Gate.rules().hash(HashKey.file(Path.of("secrets/hash.key")), "email");
/// ```
///
/// Who has it can try out whose hash a value is, so keep it apart from the data. The same key gives
/// the same hashes, today and tomorrow and in each column; a new key makes all hashes others. No
/// message, plan or ledger shows it: they show its [#fingerprint].
public final class HashKey {
    private static final int BYTES_MIN = 16;
    private static final int BYTES_MAX = 1 << 16;
    private static final int FINGERPRINT_BYTES = 4;

    private final byte[] key;
    private final Optional<Path> file;

    private HashKey(byte[] key, Optional<Path> file) {
        this.key = key;
        this.file = file;
    }

    /// The bytes of a text, in UTF-8.
    ///
    /// @throws QuiverException with the code `ARGUMENT_INVALID` for fewer than 16 bytes
    public static HashKey of(String secret) {
        if (secret == null || secret.isEmpty())
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "hashes without a key",
                    List.of(),
                    "say what nobody can guess, or keep it in a file: HashKey.file(path); is the"
                            + " variable set that it comes from?");
        byte[] key = secret.getBytes(StandardCharsets.UTF_8);
        checkLength(key, "the key");
        return new HashKey(key, Optional.empty());
    }

    /// The bytes of a file, without line breaks at its end.
    ///
    /// @throws QuiverException when it can't be read, or has fewer than 16 bytes
    public static HashKey file(Path file) {
        try (var in = Files.newInputStream(file)) {
            byte[] read = in.readNBytes(BYTES_MAX);
            int end = read.length;
            while (end > 0 && (read[end - 1] == '\n' || read[end - 1] == '\r')) end--;
            byte[] key = Arrays.copyOf(read, end);
            checkLength(key, "'%s'".formatted(file));
            return new HashKey(key, Optional.of(file));
        } catch (IOException e) {
            boolean isAbsent = e instanceof NoSuchFileException;
            throw new QuiverException(
                    isAbsent ? ErrorCode.FILE_NOT_FOUND : ErrorCode.IO_FAILED,
                    isAbsent
                            ? "there is no '%s' with the key of hashes"
                                    .formatted(file.toAbsolutePath())
                            : "can't read the key of hashes in '%s': %s".formatted(file, e),
                    List.of(),
                    "name the file that has it, or make one: openssl rand -hex 32 > FILE",
                    e);
        }
    }

    private static void checkLength(byte[] key, String place) {
        if (key.length >= BYTES_MIN) return;
        throw new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "%s has %d bytes, and hashes with so short a key can be guessed"
                        .formatted(place, key.length),
                List.of(),
                "use %d bytes or more that nobody can guess: openssl rand -hex 32"
                        .formatted(BYTES_MIN));
    }

    /// The hash that [Gate#hash] makes of a value whose text this is; to look up or erase rows by
    /// what they were.
    public String hash(String text) {
        return new KeyedHash(this).apply(text);
    }

    byte[] bytes() {
        return key.clone();
    }

    /// The file that it was read from.
    Optional<Path> path() {
        return file;
    }

    /// Eight letters by which keys can be told from each other, and that tell nothing else.
    public String fingerprint() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update("quiver hash key".getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest.digest(key), 0, FINGERPRINT_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HashKey that && MessageDigest.isEqual(key, that.key);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(key);
    }

    @Override
    public String toString() {
        return "HashKey[" + fingerprint() + "]";
    }
}
