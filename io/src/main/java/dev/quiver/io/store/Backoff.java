package dev.quiver.io.store;

import dev.quiver.error.Cancelled;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How often, and after which pauses, a request is tried again that may go well later: each pause
/// about twice the one before, by chance up to half shorter, and never shorter than the store asks.
///
/// @param tries in a row without progress, the first one included
/// @param first the pause before the second try
/// @param most the longest pause; a store that wants a longer one isn't asked again
record Backoff(int tries, Duration first, Duration most) {
    private static final Logger LOG = LoggerFactory.getLogger(Backoff.class);

    static final Backoff STANDARD = new Backoff(6, Duration.ofMillis(200), Duration.ofSeconds(30));

    /// One try.
    interface Attempt<T> {
        T run() throws IOException, InterruptedException;
    }

    /// Counts what has arrived.
    interface Progress {
        long bytes();
    }

    <T> T run(String doing, String url, Attempt<T> attempt) {
        return run(doing, url, () -> 0, attempt);
    }

    /// @param progress a try that makes some counts as the first again
    <T> T run(String doing, String url, Progress progress, Attempt<T> attempt) {
        int tried = 0;
        long reached = progress.bytes();
        while (true) {
            try {
                return attempt.run();
            } catch (InterruptedException | InterruptedIOException | ClosedByInterruptException e) {
                Thread.currentThread().interrupt();
                throw interrupted(doing, url, e);
            } catch (IOException e) {
                if (Thread.currentThread().isInterrupted()) throw interrupted(doing, url, e);
                tried = progress.bytes() > reached ? 1 : tried + 1;
                reached = progress.bytes();
                Duration pause = pause(tried, e, doing, url);
                LOG.info(
                        "{} '{}' failed, try {} of {} in {} ms: {}",
                        doing,
                        url,
                        tried + 1,
                        tries,
                        pause.toMillis(),
                        text(e));
                sleep(pause, doing, url);
            }
        }
    }

    private Duration pause(int tried, IOException failure, String doing, String url) {
        Duration wanted = Duration.ZERO;
        if (failure instanceof StoreFailure known) {
            if (known.kind() != StoreFailure.Kind.LATER) throw told(known, doing, url);
            wanted = known.after();
        }
        if (tried >= tries || wanted.compareTo(most) > 0) throw failed(failure, tried, doing, url);
        long nanos = Math.min(most.toNanos(), first.toNanos() << Math.min(tried - 1, 20));
        long shorter = ThreadLocalRandom.current().nextLong(nanos / 2 + 1);
        return Duration.ofNanos(Math.max(wanted.toNanos(), nanos - shorter));
    }

    private static void sleep(Duration pause, String doing, String url) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(doing, url, e);
        }
    }

    static Cancelled interrupted(String doing, String url, Exception cause) {
        return new Cancelled(
                "%s '%s' was interrupted".formatted(doing, url), List.of(), "run it again", cause);
    }

    private static QuiverException told(StoreFailure failure, String doing, String url) {
        List<String> where = List.of("answer: " + text(failure));
        String fix = failure.fix();
        return switch (failure.kind()) {
            case MISSING ->
                    new QuiverException(
                            ErrorCode.FILE_NOT_FOUND,
                            "no file '%s'".formatted(url),
                            where,
                            fix.isEmpty() ? "check the address" : fix,
                            failure);
            case REFUSED ->
                    new QuiverException(
                            ErrorCode.IO_FAILED,
                            "%s '%s' was refused".formatted(doing, url),
                            where,
                            fix.isEmpty()
                                    ? "check the address and that you may do it: credentials,"
                                            + " signed addresses that ran out, rights"
                                    : fix,
                            failure);
            case CHANGED -> changed(url, text(failure));
            case EXISTS ->
                    new QuiverException(
                            ErrorCode.TARGET_EXISTS,
                            "'%s' is there already".formatted(url),
                            where,
                            "write somewhere else, or say overwrite()",
                            failure);
            case LATER -> throw new IllegalStateException(failure);
        };
    }

    /// A file isn't there that should be.
    static QuiverException gone(Path path) {
        return new QuiverException(
                ErrorCode.FILE_NOT_FOUND,
                "no file '%s'".formatted(path),
                List.of(),
                "find out who deleted it");
    }

    /// A file became another one while it was read.
    static QuiverException changed(String url, String how) {
        return new QuiverException(
                ErrorCode.FILE_CHANGED,
                "'%s' changed while it was read".formatted(url),
                List.of("answer: " + how),
                "run the query again when nothing writes to the file");
    }

    private static QuiverException failed(
            IOException failure, int tried, String doing, String url) {
        return new QuiverException(
                ErrorCode.IO_FAILED,
                "%s '%s' failed: %s".formatted(doing, url, text(failure)),
                List.of("tried: " + (tried == 1 ? "once" : tried + " times")),
                "check the network and the server, then run it again",
                failure);
    }

    private static String text(IOException failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
