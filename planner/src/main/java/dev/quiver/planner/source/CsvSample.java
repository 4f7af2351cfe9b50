package dev.quiver.planner.source;

import dev.quiver.dataframe.plan.InputFile;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.store.Compression;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// How large a CSV file is and about how many rows it has, seen from its beginning.
final class CsvSample {
    private static final int SAMPLE_BYTES = 64 << 10;
    private static final int RATIO = 4;

    private CsvSample() {}

    /// @throws QuiverException when the file can't be read
    static InputFile of(Path file) {
        try {
            long size = Files.size(file);
            long modified = Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS);
            Compression compression = Compression.of(file);
            byte[] head = head(file, compression);
            long bytes =
                    switch (compression) {
                        case NONE -> size;
                        case GZIP -> uncompressed(file, size);
                        case ZSTD, BZIP2 -> size * RATIO;
                    };
            return new InputFile(
                    file.toString(),
                    size,
                    modified,
                    compression == Compression.NONE,
                    rows(head, bytes));
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.IO_FAILED,
                    "'%s' can't be read: %s".formatted(file, e.getMessage()),
                    List.of(),
                    "check the file and that it may be read",
                    e);
        }
    }

    private static byte[] head(Path file, Compression compression) throws IOException {
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file));
                InputStream in = compression.inside(raw)) {
            return in.readNBytes(SAMPLE_BYTES);
        }
    }

    /// What the end of a gzip file says, which is the size modulo 4 GiB; a guess where that can't
    /// be.
    private static long uncompressed(Path file, long size) throws IOException {
        if (size < 18) return 0;
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            var tail = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            if (in.read(tail, size - Integer.BYTES) < Integer.BYTES) return size * RATIO;
            long said = Integer.toUnsignedLong(tail.getInt(0));
            return said >= size / 2 ? said : size * RATIO;
        }
    }

    private static long rows(byte[] head, long bytes) {
        if (head.length == 0) return 0;
        long lines = 0;
        for (byte b : head) {
            if (b == '\n') lines++;
        }
        if (head.length >= bytes && head[head.length - 1] != '\n') lines++;
        return Math.max(1, Math.round((double) bytes * Math.max(1, lines) / head.length));
    }
}
