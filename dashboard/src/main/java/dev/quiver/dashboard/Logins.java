package dev.quiver.dashboard;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Browsers that have shown a token, for half a day each. They show a secret instead of it from
/// then on, of which only the hash is kept here. Safe for use by several threads.
final class Logins {
    static final int SECONDS = (int) TimeUnit.HOURS.toSeconds(12);

    private static final int COUNT_MAX = 1000;
    private static final int SECRET_BYTES = 32;

    private final LongSupplier nanos;
    private final SecureRandom random = new SecureRandom();
    private final Deque<Login> logins = new ArrayDeque<>();

    private static final class Login {
        private final byte[] hash;
        private final String who;
        private final long since;

        private Login(byte[] hash, String who, long since) {
            this.hash = hash;
            this.who = who;
            this.since = since;
        }
    }

    /// @param nanos a clock
    Logins(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /// A secret for somebody who may look. Of too many, the oldest goes.
    synchronized String open(String who) {
        var bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        forgetExpired();
        if (logins.size() == COUNT_MAX) logins.removeFirst();
        logins.addLast(new Login(hash(secret), who, nanos.getAsLong()));
        return secret;
    }

    /// Whose secret that is; takes the same time for all that are wrong.
    synchronized Optional<String> owner(String secret) {
        forgetExpired();
        byte[] hash = hash(secret);
        Optional<String> owner = Optional.empty();
        for (Login login : logins)
            if (MessageDigest.isEqual(login.hash, hash)) owner = Optional.of(login.who);
        return owner;
    }

    /// That secret is nobody's any more.
    synchronized void close(String secret) {
        byte[] hash = hash(secret);
        logins.removeIf(login -> MessageDigest.isEqual(login.hash, hash));
    }

    private void forgetExpired() {
        long now = nanos.getAsLong();
        while (!logins.isEmpty()
                && now - logins.getFirst().since >= TimeUnit.SECONDS.toNanos(SECONDS))
            logins.removeFirst();
    }

    private static byte[] hash(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has it", e);
        }
    }
}
