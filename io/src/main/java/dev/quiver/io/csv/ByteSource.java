package dev.quiver.io.csv;

import dev.quiver.error.Cancelled;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.operator.FileRange;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The text of a file as bytes, from some position on: the file itself, or what gzip made it from.
/// For one thread.
public sealed interface ByteSource extends AutoCloseable permits PlainBytes, GzipBytes {
    /// Reads up to `length` bytes of text to `offset` of `into`.
    ///
    /// @return how many, at least one; −1 at the end
    /// @throws QuiverException IO_FAILED, FILE_CORRUPT, FILE_CHANGED, or Cancelled when interrupted
    int read(MemorySegment into, long offset, int length);

    /// Bytes of the file that were read.
    long bytesRead();

    @Override
    void close();

    /// Opens a file; gzip is known by its first two bytes, whatever the name.
    ///
    /// @param range of which a plain file is read from `from`, and a compressed one whole
    static ByteSource open(FileRange range) {
        FileChannel channel = channel(Path.of(range.path()));
        try {
            checkUnchanged(range);
            return isGzip(channel) ? new GzipBytes(range, channel) : new PlainBytes(range, channel);
        } catch (IOException e) {
            throw failed(range.path(), e);
        }
    }

    private static FileChannel channel(Path path) {
        try {
            return FileChannel.open(path, StandardOpenOption.READ);
        } catch (IOException e) {
            throw failed(path.toString(), e);
        }
    }

    /// Whether a file is compressed by gzip.
    static boolean isGzip(Path path) {
        try (FileChannel channel = channel(path)) {
            return isGzip(channel);
        } catch (IOException e) {
            throw failed(path.toString(), e);
        }
    }

    private static boolean isGzip(FileChannel channel) throws IOException {
        var head = ByteBuffer.allocate(2);
        return channel.read(head, 0) == 2 && head.get(0) == 0x1F && head.get(1) == (byte) 0x8B;
    }

    /// The whole of a file, as it is now.
    ///
    /// @throws QuiverException FILE_NOT_FOUND
    static FileRange whole(Path file) {
        Path path = file.toAbsolutePath().normalize();
        try {
            if (Files.isDirectory(path))
                throw new QuiverException(
                        ErrorCode.FILE_NOT_FOUND,
                        "'%s' is a directory, not a file".formatted(path),
                        List.of(),
                        "name its files, for example %s".formatted(path.resolve("*")));
            long size = Files.size(path);
            return new FileRange(path.toString(), 0, size, size, modifiedNanos(path));
        } catch (IOException e) {
            throw failed(path.toString(), e);
        }
    }

    private static long modifiedNanos(Path path) throws IOException {
        FileTime time = Files.getLastModifiedTime(path);
        return time.to(TimeUnit.NANOSECONDS);
    }

    /// Checks that the file is what it was at planning.
    ///
    /// @throws QuiverException FILE_CHANGED
    static void checkUnchanged(FileRange range) {
        Path path = Path.of(range.path());
        try {
            if (Files.size(path) == range.size() && modifiedNanos(path) == range.modifiedNanos())
                return;
        } catch (IOException e) {
            throw failed(range.path(), e);
        }
        throw changed(range);
    }

    static QuiverException changed(FileRange range) {
        return new QuiverException(
                ErrorCode.FILE_CHANGED,
                "'%s' changed while it was read".formatted(range.path()),
                List.of("planned: %d bytes".formatted(range.size())),
                "run the query again when nothing writes to the file");
    }

    static QuiverException failed(String path, IOException cause) {
        if (cause instanceof ClosedByInterruptException)
            return new Cancelled(
                    "reading '%s' was interrupted".formatted(path), List.of(), "", cause);
        if (cause instanceof NoSuchFileException)
            return new QuiverException(
                    ErrorCode.FILE_NOT_FOUND,
                    "no file '%s'".formatted(path),
                    List.of(),
                    Files.exists(Path.of(path), LinkOption.NOFOLLOW_LINKS)
                            ? "it is a link to a file that doesn't exist"
                            : "check the spelling; relative paths start at "
                                    + Path.of("").toAbsolutePath());
        return new QuiverException(
                ErrorCode.IO_FAILED,
                "reading '%s' failed: %s".formatted(path, cause),
                List.of(),
                "check the file's permissions and the disk",
                cause);
    }
}
