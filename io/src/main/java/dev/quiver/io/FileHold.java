package dev.quiver.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Holds a file of this machine against all others, in this process too, until it is closed or the
/// process ends.
///
/// A process loses its locks on a file as soon as it closes any channel to that file, so one that
/// is held here isn't opened again.
public final class FileHold implements AutoCloseable {
    private static final int CONTENT_BYTES_MAX = 64;
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private FileHold(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /// Somebody else holds the file.
    public static final class Held extends IOException {
        private static final long serialVersionUID = 1;

        private final boolean isHere;
        private final String content;

        private Held(Path file, boolean isHere, String content) {
            super("held by %s process: %s".formatted(isHere ? "this" : "another", file));
            this.isHere = isHere;
            this.content = content;
        }

        /// Whether it is somebody in this process.
        public boolean isHere() {
            return isHere;
        }

        /// What the holder wrote into the file; empty when nothing, and when it is in this process.
        public String content() {
            return content;
        }
    }

    /// Holds a file, which is made when there is none.
    ///
    /// @param content what others find who want to hold it too; at most 64 bytes
    /// @throws Held when somebody else holds it
    public static FileHold take(Path file, String content) throws IOException {
        Path whole = file.toAbsolutePath().normalize();
        Path directory = whole.getParent();
        Path key = directory == null ? whole : whole(directory, whole);
        if (!OURS.add(key)) throw new Held(whole, true, "");
        boolean taken = false;
        try {
            FileChannel channel =
                    FileChannel.open(
                            whole,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            try {
                if (channel.tryLock() == null) throw new Held(whole, false, content(channel));
                channel.truncate(0);
                channel.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)), 0);
                taken = true;
                return new FileHold(key, channel);
            } catch (OverlappingFileLockException e) {
                throw new Held(whole, true, "");
            } finally {
                if (!taken) channel.close();
            }
        } finally {
            if (!taken) OURS.remove(key);
        }
    }

    private static Path whole(Path directory, Path file) throws IOException {
        return directory.toRealPath().resolve(String.valueOf(file.getFileName()));
    }

    private static String content(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(CONTENT_BYTES_MAX);
        channel.read(bytes, 0);
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }

    /// Empties the file and lets it go.
    @Override
    public void close() throws IOException {
        try (channel) {
            channel.truncate(0);
        } finally {
            OURS.remove(file);
        }
    }
}
