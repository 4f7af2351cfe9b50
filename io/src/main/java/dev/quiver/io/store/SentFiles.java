package dev.quiver.io.store;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/// Files whose bytes a store has, and that nobody sees before [#complete]. Closing it before that
/// takes them back.
public final class SentFiles implements AutoCloseable {
    private static final String WRITING = "writing";
    private static final int PARTS_AT_ONCE = 4;

    private final Upload upload;
    private final Backoff backoff;
    private final String first;

    private SentFiles(Upload upload, Backoff backoff, String first) {
        this.upload = upload;
        this.backoff = backoff;
        this.first = first;
    }

    /// @param files at least one, by address
    static SentFiles send(Store store, Backoff backoff, SortedMap<String, Path> files) {
        String first = files.firstKey();
        Upload upload = backoff.run(WRITING, first, () -> store.upload(files));
        var sent = new SentFiles(upload, backoff, first);
        try {
            sent.sendAll();
            return sent;
        } catch (RuntimeException | Error e) {
            try {
                sent.close();
            } catch (QuiverException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
    }

    private void sendAll() {
        List<Runnable> parts = new ArrayList<>();
        for (int i = 0; i < upload.parts(); i++) {
            int part = i;
            parts.add(() -> send(part));
        }
        Requests.all(WRITING, first, PARTS_AT_ONCE, parts);
    }

    private void send(int part) {
        backoff.run(
                WRITING,
                upload.url(part),
                () -> {
                    upload.send(part);
                    return part;
                });
    }

    /// Gives the files their names, one after the other, in the order of their paths.
    ///
    /// @throws QuiverException IO_FAILED; some may have theirs then
    public void complete() {
        backoff.run(
                WRITING,
                first,
                () -> {
                    upload.complete();
                    return true;
                });
    }

    @Override
    public void close() {
        try {
            upload.close();
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.IO_FAILED,
                    "what was sent for '%s' can't be taken back: %s".formatted(first, e),
                    List.of("nobody sees it, but the store may keep it"),
                    "let the bucket remove uploads that nobody completed (a lifecycle rule)",
                    e);
        }
    }
}
