package dev.quiver.pipeline;

import dev.quiver.error.Unavailable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Keeps two erasures out of one directory: each would bring back what the other deletes.
final class ErasureLock implements AutoCloseable {
    static final String NAME = ".quiver-erase.lock";

    private static final int TRIES_MAX = 100;
    private static final int SIZE_MAX = 1 << 16;

    /// What this process has: a process loses its lock as soon as it closes any channel to the
    /// file, so it isn't opened again.
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private ErasureLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /// @throws Unavailable when another erasure has it
    static ErasureLock take(Path directory) throws IOException {
        Path file = directory.toRealPath().resolve(NAME);
        if (!OURS.add(file)) throw held(directory, null);
        boolean taken = false;
        try {
            for (int i = 0; i < TRIES_MAX; i++) {
                ErasureLock lock = tried(file);
                taken = lock != null;
                if (lock != null) return lock;
            }
            throw held(directory, null);
        } finally {
            if (!taken) OURS.remove(file);
        }
    }

    /// Who lets go deletes the file, so one may have locked a file that isn't there any more: then
    /// the file of that name has another size than what was written. It isn't opened to see that,
    /// as closing it again would give the lock back.
    private static @Nullable ErasureLock tried(Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean taken = false;
        try {
            if (channel.tryLock() == null) throw held(LocalDisk.parent(file), null);
            int size = 1 + ThreadLocalRandom.current().nextInt(SIZE_MAX);
            channel.truncate(0);
            channel.write(ByteBuffer.allocate(size), 0);
            taken = Files.size(file) == size;
            return taken ? new ErasureLock(file, channel) : null;
        } catch (OverlappingFileLockException e) {
            throw held(LocalDisk.parent(file), e);
        } catch (NoSuchFileException e) {
            return null; // gone since: another try makes it
        } finally {
            if (!taken) channel.close();
        }
    }

    private static Unavailable held(Path directory, @Nullable Throwable cause) {
        return new Unavailable(
                "another erasure is deleting from '%s'".formatted(directory),
                List.of(),
                "wait until it has ended",
                cause);
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            Files.deleteIfExists(file);
        } finally {
            OURS.remove(file);
        }
    }
}
