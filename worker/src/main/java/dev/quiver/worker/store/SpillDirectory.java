package dev.quiver.worker.store;

import dev.quiver.columnar.memory.ByteSize;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where a process puts outputs that there is no memory for. The directory is its own: what an
/// earlier process left there goes. Thread-safe.
public final class SpillDirectory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SpillDirectory.class);
    private static final String SUFFIX = ".spill";

    private final Path directory;
    private final long bytesMax;
    private final AtomicLong names = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private volatile Optional<String> trouble = Optional.empty();

    /// @param bytesMax that the files may have together
    /// @throws QuiverException IO_FAILED when it can't be made or written to
    public SpillDirectory(Path directory, long bytesMax) {
        this.directory = directory;
        this.bytesMax = bytesMax;
        try {
            Files.createDirectories(directory);
            removeAll();
            Path probe = directory.resolve("probe" + SUFFIX);
            Files.write(probe, new byte[1]);
            Files.delete(probe);
        } catch (IOException e) {
            throw failed("can't spill into", directory, e);
        }
    }

    private void removeAll() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            for (Path file : files) Files.deleteIfExists(file);
        }
    }

    static QuiverException failed(String what, Path path, IOException e) {
        return new QuiverException(
                ErrorCode.IO_FAILED,
                "%s '%s': %s".formatted(what, path, e),
                List.of(),
                "give a spill directory with free room that this process may write to; or more"
                        + " memory",
                e);
    }

    /// Writes an output, which stays the caller's; empty when that can't be: [#trouble] says why.
    Optional<SpilledOutput> write(TaskOutput output) {
        long wanted = output.bytes();
        if (bytes.addAndGet(wanted) > bytesMax) {
            bytes.addAndGet(-wanted);
            trouble = Optional.of("'%s' has its %s".formatted(directory, ByteSize.text(bytesMax)));
            return Optional.empty();
        }
        try {
            Path file = directory.resolve(names.incrementAndGet() + SUFFIX);
            var written = SpilledOutput.write(output, file);
            trouble = Optional.empty();
            return Optional.of(written);
        } catch (ClosedByInterruptException e) {
            // the task whose thread this is was cancelled: another one will do it
            bytes.addAndGet(-wanted);
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (IOException e) {
            bytes.addAndGet(-wanted);
            if (trouble.isEmpty()) LOG.warn("can't spill into '{}'", directory, e);
            trouble = Optional.of("'%s': %s".formatted(directory, e));
            return Optional.empty();
        }
    }

    /// Removes a file that was written.
    void remove(SpilledOutput output) {
        bytes.addAndGet(-output.bytes());
        output.close();
    }

    /// Why the last output couldn't be written; empty when it could.
    public Optional<String> trouble() {
        return trouble;
    }

    /// Bytes of outputs that are in files.
    public long bytes() {
        return bytes.get();
    }

    /// Removes what is left, and the directory if it is empty then.
    @Override
    public void close() {
        try {
            if (!Files.exists(directory)) return;
            removeAll();
            try (DirectoryStream<Path> left = Files.newDirectoryStream(directory)) {
                if (left.iterator().hasNext()) return;
            }
            Files.delete(directory);
        } catch (IOException e) {
            throw failed("can't remove", directory, e);
        }
    }
}
