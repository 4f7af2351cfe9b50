package dev.quiver.pipeline.serve;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import dev.quiver.io.FileHold;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Holds a directory for one server, until it closes it or its process ends.
record ServerLock(FileHold file) implements AutoCloseable {
    /// @throws Unavailable when another server holds it
    static ServerLock hold(Path directory) {
        try {
            Files.createDirectories(directory);
            String pid = "" + ProcessHandle.current().pid();
            return new ServerLock(FileHold.take(directory.resolve("LOCK"), pid));
        } catch (FileHold.Held e) {
            throw new Unavailable(
                    "another server uses '%s'%s".formatted(directory, holder(e)),
                    List.of(),
                    "stop it first; to serve other pipelines beside it, start in another directory"
                            + " or say state(…)",
                    e);
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.IO_FAILED,
                    "can't use '%s': %s".formatted(directory, e),
                    List.of(),
                    "check its permissions, or say another directory with state(…)",
                    e);
        }
    }

    private static String holder(FileHold.Held held) {
        if (held.isHere()) return ", in this process";
        return held.content().isEmpty() ? "" : ": process " + held.content();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
