package dev.quiver.cluster.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// A directory for what a process needs while it runs; it goes with all that is in it.
public record ScratchDirectory(Path path) implements AutoCloseable {
    /// Makes one among the system's temporary files.
    ///
    /// @param name what its own begins with
    public static ScratchDirectory make(String name) {
        try {
            return new ScratchDirectory(Files.createTempDirectory(name));
        } catch (IOException e) {
            throw new UncheckedIOException("making a temporary directory", e);
        }
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList())
                Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("deleting " + path, e);
        }
    }
}
