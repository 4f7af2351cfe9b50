package dev.quiver.io.store;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.FileHold;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// This process's folder for parts of remote files, which goes when it is closed. A lock tells that
/// the process lives: folders of killed ones go when the next folder is made.
final class SpoolFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SpoolFolder.class);
    private static final String PREFIX = "quiver-spool-";
    private static final String LOCK = "lock";

    private final Path folder;
    private final FileHold lock;
    private final AtomicLong files = new AtomicLong();

    /// @param parent where temporary files of this machine live
    SpoolFolder(Path parent) {
        try {
            Files.createDirectories(parent);
            sweep(parent);
            this.folder = Files.createTempDirectory(parent, PREFIX);
            this.lock = FileHold.take(folder.resolve(LOCK), "");
            LOG.debug("remote files are kept in {}", folder);
        } catch (IOException e) {
            throw failed(parent, e);
        }
    }

    Path newFile() {
        return folder.resolve("file-" + files.incrementAndGet());
    }

    private static void sweep(Path parent) throws IOException {
        List<Path> left;
        try (Stream<Path> all = Files.list(parent)) {
            left = all.filter(f -> f.getFileName().toString().startsWith(PREFIX)).toList();
        }
        for (Path folder : left) {
            // A folder without its lock was begun this moment, or is none of ours.
            Path lock = folder.resolve(LOCK);
            if (!Files.isWritable(lock)) continue;
            try (FileHold _ = FileHold.take(lock, "")) {
                delete(folder);
            } catch (FileHold.Held used) {
                LOG.debug("{} is in use", folder);
            } catch (IOException e) {
                LOG.debug("{} is left: {}", folder, e.toString());
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList())
                Files.deleteIfExists(file);
        }
    }

    private static QuiverException failed(Path folder, IOException cause) {
        return new QuiverException(
                ErrorCode.IO_FAILED,
                "no place to keep parts of remote files: %s".formatted(cause),
                List.of("in: " + folder),
                "choose another folder for temporary files with -Djava.io.tmpdir=…",
                cause);
    }

    @Override
    public void close() {
        try {
            delete(folder);
            lock.close();
        } catch (IOException e) {
            throw failed(folder, e);
        }
    }
}
