package dev.quiver.worker.store;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The bytes of an object that user code returned, in a file.
///
/// @param length of the object
/// @param packed whether they lie there packed by Zstandard
record SpilledObject(Path file, int length, long fileBytes, boolean packed)
        implements SpillDirectory.Written {
    /// Writes them to a new file, which isn't left when that fails.
    static SpilledObject write(byte[] object, Path file, SpillCompression compression)
            throws IOException {
        byte[] bytes = object;
        if (compression == SpillCompression.ZSTD) {
            byte[] packed = Zstd.compress(object, SpillPacking.LEVEL);
            if (packed.length < object.length) bytes = packed;
        }
        try (var channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) channel.write(buffer);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        return new SpilledObject(file, object.length, bytes.length, bytes != object);
    }

    byte[] read() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length != fileBytes)
            throw new IOException("it has %d bytes of %d".formatted(bytes.length, fileBytes));
        if (!packed) return bytes;
        try {
            return Zstd.decompress(bytes, length);
        } catch (ZstdException e) {
            throw new IOException("it isn't as it was packed", e);
        }
    }
}
