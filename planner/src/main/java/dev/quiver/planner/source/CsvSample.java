package dev.quiver.planner.source;

import dev.quiver.dataframe.plan.InputFile;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;

/// How large a CSV file is and about how many rows it has, seen from its beginning.
final class CsvSample {
    private static final int SAMPLE_BYTES = 64 << 10;
    private static final int GZIP_RATIO = 4;

    private CsvSample() {}

    /// @throws QuiverException when the file can't be read
    static InputFile of(Path file) {
        try {
            long size = Files.size(file);
            long modified = Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS);
            boolean gzip = isGzip(file);
            byte[] head = head(file, gzip);
            long bytes = gzip ? uncompressed(file, size) : size;
            return new InputFile(file.toString(), size, modified, !gzip, rows(head, bytes));
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.IO_FAILED,
                    "'%s' can't be read: %s".formatted(file, e.getMessage()),
                    List.of(),
                    "check the file and that it may be read",
                    e);
        }
    }

    private static boolean isGzip(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.read() == 0x1F && in.read() == 0x8B;
        }
    }

    private static byte[] head(Path file, boolean gzip) throws IOException {
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file));
                InputStream in = gzip ? new GZIPInputStream(raw) : raw) {
            return in.readNBytes(SAMPLE_BYTES);
        }
    }

    /// What the end of a gzip file says, which is the size modulo 4 GiB; a guess where that can't
    /// be.
    private static long uncompressed(Path file, long size) throws IOException {
        if (size < 18) return 0;
        try (var in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(size - Integer.BYTES);
            long said = Integer.toUnsignedLong(Integer.reverseBytes(in.readInt()));
            return said >= size / 2 ? said : size * GZIP_RATIO;
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
