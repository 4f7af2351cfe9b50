package dev.quiver.cluster.log;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// A scheduler's work directory, which nobody else uses meanwhile.
final class LogDirectory implements AutoCloseable {
    private static final String LOCK_NAME = "lock";

    private final Path path;
    private final FileChannel lockFile;

    private LogDirectory(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /// @throws QuiverException UNAVAILABLE when another process uses it, IO_FAILED
    static LogDirectory open(Path path) {
        try {
            Files.createDirectories(path);
            FileChannel lockFile =
                    FileChannel.open(
                            path.resolve(LOCK_NAME),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (!isLocked(lockFile)) {
                lockFile.close();
                throw new Unavailable(
                        "another scheduler uses the directory " + path,
                        List.of(),
                        "stop it first, or give each a directory of its own with --dir");
            }
            return new LogDirectory(path, lockFile);
        } catch (IOException e) {
            throw unusable(path, e);
        }
    }

    private static boolean isLocked(FileChannel lockFile) throws IOException {
        try {
            FileLock lock = lockFile.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException _) {
            return false; // this process has it
        }
    }

    static QuiverException unusable(Path path, IOException cause) {
        return new QuiverException(
                ErrorCode.IO_FAILED,
                "the directory %s can't be used: %s".formatted(path, cause),
                List.of(),
                "see that it can be made and written, or name another one with --dir",
                cause);
    }

    Path file(String name) {
        return path.resolve(name);
    }

    /// A new file, in the place of what was there.
    FileChannel fresh(String name) throws IOException {
        return FileChannel.open(
                file(name),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
    }

    /// Removes the files whose names begin so.
    void removeAll(String beginning) throws IOException {
        try (var files = Files.newDirectoryStream(path, beginning + "*")) {
            for (Path file : files) Files.delete(file);
        }
    }

    /// A file takes the name of another one, for good.
    void settle(String fresh, String name) throws IOException {
        Files.move(file(fresh), file(name), StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel folder = FileChannel.open(path, StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            throw new UncheckedIOException("leaving " + path, e);
        }
    }
}
