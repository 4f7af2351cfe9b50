package dev.quiver.client;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// The file that tells what a session did.
record ReportFile(Path path) {
    /// Set by `quiver run --report FILE`.
    private static final String PROPERTY = "quiver.report";

    private static final AtomicInteger WRITTEN = new AtomicInteger();

    /// Where each session of this process is to tell of itself when it is closed.
    static Optional<ReportFile> ofProcess() {
        return Optional.ofNullable(System.getProperty(PROPERTY))
                .map(name -> new ReportFile(Path.of(name)));
    }

    /// This one for the first session of the process; `run-2.html` and so on for others.
    ReportFile next() {
        int number = WRITTEN.incrementAndGet();
        if (number == 1) return this;
        String name = String.valueOf(path.getFileName());
        int dot = name.lastIndexOf('.');
        String numbered =
                dot < 1
                        ? name + '-' + number
                        : name.substring(0, dot) + '-' + number + name.substring(dot);
        return new ReportFile(path.resolveSibling(numbered));
    }

    /// Replaces what is there.
    ///
    /// @throws QuiverException IO_FAILED when it can't be written; then what was there stays
    void write(String content) {
        Path whole = path.toAbsolutePath();
        try {
            Path directory = whole.getParent();
            if (directory != null) Files.createDirectories(directory);
            Path unfinished =
                    whole.resolveSibling(
                            ".%s.%d.tmp"
                                    .formatted(whole.getFileName(), ProcessHandle.current().pid()));
            try {
                Files.writeString(unfinished, content);
                Files.move(
                        unfinished,
                        whole,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(unfinished);
            }
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.IO_FAILED,
                    "the report can't be written: " + e.getMessage(),
                    List.of("file: " + whole),
                    "see that its directory can be written and that there is room",
                    e);
        }
    }
}
