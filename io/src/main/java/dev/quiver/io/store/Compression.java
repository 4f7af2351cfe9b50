package dev.quiver.io.store;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/// How a whole file is compressed. Its first bytes tell, not its name.
public enum Compression {
    NONE(""),
    GZIP(".gz"),
    ZSTD(".zst"),
    BZIP2(".bz2");

    private static final int BLOCK_BYTES = 64 << 10;
    private static final int MAGIC_BYTES = 4;

    private final String suffix;

    Compression(String suffix) {
        this.suffix = suffix;
    }

    /// What its file names end with.
    public String suffix() {
        return suffix;
    }

    /// The one that text files are written with.
    ///
    /// @param format what is written, for people
    /// @param codec `none`, `gzip` or `zstd`
    public static Compression written(String format, String codec) {
        return switch (codec) {
            case "none" -> NONE;
            case "gzip" -> GZIP;
            case "zstd" -> ZSTD;
            default ->
                    throw new QuiverException(
                            ErrorCode.ARGUMENT_INVALID,
                            "%s is not written with codec '%s'".formatted(format, codec),
                            List.of("has: none, gzip, zstd"),
                            "choose one of them");
        };
    }

    public static Compression of(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return of(channel);
        }
    }

    public static Compression of(FileChannel channel) throws IOException {
        var head = ByteBuffer.allocate(MAGIC_BYTES);
        while (head.hasRemaining()) if (channel.read(head, head.position()) < 0) break;
        int count = head.position();
        int magic = head.getInt(0);
        if (count >= 2 && magic >>> 16 == 0x1F8B) return GZIP;
        if (count >= 3 && magic >>> 8 == 0x425A68) return BZIP2;
        boolean skippable = (magic & 0xF0FF_FFFF) == 0x502A_4D18;
        return count == MAGIC_BYTES && (magic == 0x28B5_2FFD || skippable) ? ZSTD : NONE;
    }

    /// What is inside: all members or frames, one after the other.
    ///
    /// @param raw taken over
    public InputStream inside(InputStream raw) throws IOException {
        return switch (this) {
            case NONE -> raw;
            case GZIP -> new GZIPInputStream(raw, BLOCK_BYTES);
            case ZSTD -> new ZstdInputStreamNoFinalizer(raw);
            case BZIP2 -> new BZip2CompressorInputStream(raw, true);
        };
    }

    /// Compresses what is written; BZIP2 isn't written.
    public OutputStream around(OutputStream raw) throws IOException {
        return switch (this) {
            case NONE -> raw;
            case GZIP ->
                    new GZIPOutputStream(new BufferedOutputStream(raw, BLOCK_BYTES), BLOCK_BYTES);
            case ZSTD -> new ZstdOutputStreamNoFinalizer(raw).setChecksum(true);
            case BZIP2 -> throw new UnsupportedOperationException("bzip2 isn't written");
        };
    }
}
