package dev.quiver.pipeline;

import dev.quiver.error.Unavailable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Holds a directory of this machine by the lock of a file in it, which ends with the process.
final class LockFile implements Disk.Hold {
    private static final String LOCK = "LOCK";

    private final FileChannel file;

    private LockFile(FileChannel file) {
        this.file = file;
    }

    static LockFile hold(Path directory, String owner) throws IOException {
        FileChannel file =
                FileChannel.open(
                        directory.resolve(LOCK),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        boolean held = false;
        try {
            lock(file, directory, owner);
            held = true;
            return new LockFile(file);
        } finally {
            if (!held) file.close();
        }
    }

    private static void lock(FileChannel file, Path directory, String owner) throws IOException {
        FileLock lock = null;
        try {
            lock = file.tryLock();
        } catch (OverlappingFileLockException e) {
            throw held(owner, "this process", directory, e);
        }
        if (lock == null) throw held(owner, "another process" + holder(file), directory, null);
        file.truncate(0);
        String pid = "" + ProcessHandle.current().pid();
        file.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
    }

    private static String holder(FileChannel file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(20);
        file.read(bytes, 0);
        String pid = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
        return pid.isEmpty() ? "" : " (%s)".formatted(pid);
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
        file.truncate(0);
        file.close();
    }
}
