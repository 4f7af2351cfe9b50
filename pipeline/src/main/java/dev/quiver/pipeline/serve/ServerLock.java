package dev.quiver.pipeline.serve;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// Holds a directory for one server, until it closes it or its process ends.
record ServerLock(FileChannel file) implements AutoCloseable {
    /// @throws Unavailable when another server holds it
    static ServerLock hold(Path directory) {
        try {
            Files.createDirectories(directory);
            FileChannel file =
                    FileChannel.open(
                            directory.resolve("LOCK"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            boolean held = false;
            try {
                held = file.tryLock() != null;
            } catch (OverlappingFileLockException _) {
                held = false; // by a server of this process
            } finally {
                if (!held) file.close();
            }
            if (held) return new ServerLock(file);
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.IO_FAILED,
                    "can't use '%s': %s".formatted(directory, e),
                    List.of(),
                    "check its permissions, or say another directory with state(…)",
                    e);
        }
        throw new Unavailable(
                "another server uses '%s'".formatted(directory),
                List.of(),
                "stop it first; to serve other pipelines beside it, start in another directory or"
                        + " say state(…)");
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
