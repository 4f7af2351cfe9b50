package dev.quiver.pipeline;

import dev.quiver.error.Unavailable;
import dev.quiver.io.FileHold;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Holds a directory of this machine by the lock of a file in it, which ends with the process.
record LockFile(FileHold file) implements Disk.Hold {
    private static final String LOCK = "LOCK";

    static LockFile hold(Path directory, String owner) throws IOException {
        try {
            String pid = "" + ProcessHandle.current().pid();
            return new LockFile(FileHold.take(directory.resolve(LOCK), pid));
        } catch (FileHold.Held e) {
            String name = e.content().isEmpty() ? "" : " (%s)".formatted(e.content());
            throw held(owner, e.isHere() ? "this process" : "another process" + name, directory, e);
        }
    }

    /// @param holder who holds the directory, for people
    static Unavailable held(
            String owner, String holder, Path directory, @Nullable Throwable cause) {
        return new Unavailable(
                "%s is running in %s".formatted(owner, holder),
                List.of("ledger: " + directory),
                "wait until that run has ended; to run another beside it, give it another name and"
                        + " other targets",
                cause);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
