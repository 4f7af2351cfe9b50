package dev.quiver.io.csv;

import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.Cancelled;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.store.Compression;
import dev.quiver.io.store.Stores;
import dev.quiver.operator.CsvText;
import dev.quiver.operator.FileRange;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
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

/// The text of a file as bytes, from some position on: the file itself, what is compressed in it,
/// or that in UTF-8. For one thread.
public sealed interface ByteSource extends AutoCloseable
        permits PlainBytes, GzipBytes, UnpackedBytes, DecodedBytes {
    /// Reads up to `length` bytes of text to `offset` of `into`.
    ///
    /// @return how many, at least one; −1 at the end
    /// @throws QuiverException IO_FAILED, FILE_CORRUPT, FILE_CHANGED, or Cancelled when interrupted
    int read(MemorySegment into, long offset, int length);

    /// Whether the text isn't the file's bytes, and so can only be read from its begin.
    boolean isStream();

    /// Bytes of the file that were read.
    long bytesRead();

    @Override
    void close();

    /// Opens a file; how it is compressed is known by its first bytes, whatever the name.
    ///
    /// @param range of which a plain file is read from `from`, and a compressed one whole
    static ByteSource open(FileRange range) {
        FileChannel channel = channel(Stores.path(range.path()));
        try {
            checkUnchanged(range);
            Compression compression = Compression.of(channel);
            return switch (compression) {
                case NONE -> new PlainBytes(range, channel);
                case GZIP -> new GzipBytes(range, channel);
                case ZSTD, BZIP2 -> new UnpackedBytes(range, compression, channel);
            };
        } catch (IOException e) {
            throw failed(range.path(), e);
        }
    }

    /// Opens a file as UTF-8, whatever its encoding is.
    ///
    /// @param account pays for decoding
    static ByteSource open(FileRange range, CsvText text, MemoryAccount account) {
        ByteSource source = open(range);
        if (text.isUtf8()) return source;
        try {
            return new DecodedBytes(source, text.charset(), account);
        } catch (RuntimeException | Error e) {
            source.close();
            throw e;
        }
    }

    private static FileChannel channel(Path path) {
        try {
            return FileChannel.open(path, StandardOpenOption.READ);
        } catch (IOException e) {
            throw failed(path.toString(), e);
        }
    }

    /// Whether a file is compressed as a whole, and so can only be read from its begin.
    static boolean isCompressed(Path path) {
        try {
            return Compression.of(path) != Compression.NONE;
        } catch (IOException e) {
            throw failed(path.toString(), e);
        }
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
        Path path = Stores.path(range.path());
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
                    Files.exists(Stores.path(path), LinkOption.NOFOLLOW_LINKS)
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
