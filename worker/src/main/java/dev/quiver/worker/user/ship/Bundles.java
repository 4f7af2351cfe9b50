package dev.quiver.worker.user.ship;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The bundles that a session can hand out: bytes, and parts of files that are read when somebody
/// asks. Thread-safe.
public final class Bundles implements BundleSource {
    /// The most bytes that a bundle has; files of the class path travel in parts of so many.
    public static final int BYTES_MAX = 4 << 20;

    private sealed interface Content {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Bytes(byte[] bytes) implements Content {}

    private record FilePart(Path file, long offset, int count) implements Content {}

    private final Map<BundleHash, Content> contents = new ConcurrentHashMap<>();

    boolean holds(BundleHash hash) {
        return contents.containsKey(hash);
    }

    /// Adds bytes, which nobody changes from now on.
    BundleHash add(byte[] bytes) {
        BundleHash hash = BundleHash.of(bytes);
        add(hash, bytes);
        return hash;
    }

    void add(BundleHash hash, byte[] bytes) {
        if (bytes.length > BYTES_MAX)
            throw new QuiverException(
                    ErrorCode.NOT_SERIALIZABLE,
                    "a class or list of %d bytes can't travel: %d is the most"
                            .formatted(bytes.length, BYTES_MAX),
                    List.of(),
                    "put large tables into a resource file, and directories with very many files"
                            + " into a jar");
        contents.putIfAbsent(hash, new Bytes(bytes));
    }

    void addParts(Path file, StoredFile stored) {
        long offset = 0;
        for (BundleHash part : stored.parts()) {
            int count = Math.toIntExact(Math.min(BYTES_MAX, stored.bytes() - offset));
            contents.putIfAbsent(part, new FilePart(file, offset, count));
            offset += count;
        }
    }

    @Override
    public byte[] bytes(BundleHash hash) throws IOException {
        Content content = contents.get(hash);
        if (content == null) throw new FileNotFoundException("no bundle %s".formatted(hash));
        return switch (content) {
            case Bytes(var bytes) -> bytes;
            case FilePart(var file, var offset, var count) -> read(hash, file, offset, count);
        };
    }

    private static byte[] read(BundleHash hash, Path file, long offset, int count)
            throws IOException {
        var buffer = ByteBuffer.allocate(count);
        try (FileChannel channel = FileChannel.open(file)) {
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, offset + buffer.position()) < 0) break;
            }
        }
        if (!buffer.hasRemaining() && BundleHash.of(buffer.array()).equals(hash))
            return buffer.array();
        throw new QuiverException(
                ErrorCode.FILE_CHANGED,
                "a file of the class path changed after the session first sent it",
                List.of("file: " + file),
                "start the program again, so that it loads what is there now");
    }
}
