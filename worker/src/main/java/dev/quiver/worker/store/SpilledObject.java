package dev.quiver.worker.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The bytes of an object that user code returned, in a file.
record SpilledObject(Path file, int length) {
    /// Writes them to a new file, which isn't left when that fails.
    static SpilledObject write(byte[] bytes, Path file) throws IOException {
        try (var channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) channel.write(buffer);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        return new SpilledObject(file, bytes.length);
    }

    byte[] read() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length == length) return bytes;
        throw new IOException("it has %d bytes of %d".formatted(bytes.length, length));
    }
}
