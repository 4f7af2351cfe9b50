package dev.quiver.client;

import dev.quiver.dataframe.Written;
import dev.quiver.dataframe.plan.WriteOptions;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.WriteFailure;
import dev.quiver.operator.WriteTarget;
import dev.quiver.planner.source.CutOffWrites;
import dev.quiver.worker.store.FileNote;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A write: its tasks make files in a staging directory beside the target; when all are there they
/// get their names by renaming, else they go and the target stays as it was.
///
/// A file replaces a file by one renaming. A directory takes two, see [CutOffWrites]; a process
/// killed between them leaves what was there beside the target, and the next write to it brings it
/// back first.
final class LocalPublication implements Publication {
    private static final Logger LOG = LoggerFactory.getLogger(LocalPublication.class);

    private final WriteOptions options;
    private final Path target;
    private final Path staging;
    private final boolean directory;
    private List<Path> published = List.of();

    /// @throws QuiverException with the code `TARGET_EXISTS` when there is something that is not to
    ///   be replaced
    LocalPublication(WriteOptions options) {
        this.options = options;
        this.target = Path.of(options.path()).toAbsolutePath().normalize();
        this.directory = Publication.isDirectory(options);
        Path name = target.getFileName();
        if (name == null)
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "'%s' can't be written".formatted(options.path()),
                    List.of(),
                    "name a file or a directory below it");
        this.staging = CutOffWrites.staging(target);
        bringBack();
        checkTarget();
    }

    /// Undoes the half of a replacement that a killed process has left, so that what was there
    /// isn't lost whatever becomes of this write.
    private void bringBack() {
        try {
            Optional<Path> old = CutOffWrites.setAside(target);
            if (old.isEmpty()) return;
            Files.move(old.get(), target, StandardCopyOption.ATOMIC_MOVE);
            delete(parent(old.get()));
            LOG.warn("a write to {} was cut off; what was there before is back", target);
        } catch (IOException e) {
            throw WriteFailure.of(
                    "can't bring back what a write to '%s' had replaced".formatted(target), e);
        }
    }

    private void checkTarget() {
        boolean there = Files.exists(target, LinkOption.NOFOLLOW_LINKS);
        switch (options.mode()) {
            case CREATE -> {
                if (there)
                    throw new QuiverException(
                            ErrorCode.TARGET_EXISTS,
                            "'%s' is there already".formatted(target),
                            List.of(),
                            "write somewhere else, or say overwrite()"
                                    + (directory ? " or append()" : ""));
            }
            case APPEND -> {
                if (!directory || (there && !Files.isDirectory(target)))
                    throw new QuiverException(
                            ErrorCode.ARGUMENT_INVALID,
                            "append() to the file '%s'".formatted(target),
                            List.of(),
                            "append to a directory of parts: a path that ends in /");
            }
            case OVERWRITE -> {}
        }
    }

    @Override
    public WriteTarget target() {
        return Publication.target(options, target, staging, directory);
    }

    @Override
    public void prepare() {
        try {
            Files.createDirectories(staging);
        } catch (IOException e) {
            throw WriteFailure.of("can't write beside '%s'".formatted(target), e);
        }
    }

    @Override
    public Path path() {
        return target;
    }

    /// Gives the files of a manifest their names. What was there before is kept until [#abandon],
    /// so that [#undo] can bring it back.
    @Override
    public Written publish(List<FileNote> manifest) {
        try {
            Written written = directory ? publishParts(manifest) : publishFile(manifest);
            published = written.files();
            return written;
        } catch (IOException e) {
            throw WriteFailure.of("can't publish '%s'".formatted(target), e);
        }
    }

    private Written publishFile(List<FileNote> manifest) throws IOException {
        FileNote file = manifest.getFirst();
        Path temporary = Path.of(file.temporary());
        Path old = setAside(Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS));
        moveOrRestore(temporary, old);
        return new Written(file.rows(), file.bytes(), List.of(target));
    }

    private Written publishParts(List<FileNote> manifest) throws IOException {
        Path made = staging.resolve("new");
        Files.createDirectories(made);
        boolean append = options.mode() == WriteOptions.Mode.APPEND && Files.exists(target);
        long rows = 0;
        long bytes = 0;
        var files = new ArrayList<Path>();
        for (FileNote note : manifest) {
            Path named = Path.of(note.path());
            Path file = append ? free(named) : named;
            Path destination = append ? file : made.resolve(target.relativize(file));
            Files.createDirectories(parent(destination));
            Files.move(Path.of(note.temporary()), destination, StandardCopyOption.ATOMIC_MOVE);
            files.add(file);
            rows += note.rows();
            bytes += note.bytes();
        }
        if (!append) moveOrRestore(made, setAside(true));
        return new Written(rows, bytes, files);
    }

    /// A name that no part has yet.
    private static Path free(Path named) {
        if (!Files.exists(named)) return named;
        String name = named.getFileName().toString();
        int dot = name.indexOf('.');
        String unique = UUID.randomUUID().toString().substring(0, 8);
        return free(
                named.resolveSibling(name.substring(0, dot) + "-" + unique + name.substring(dot)));
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        return parent == null ? path : parent;
    }

    /// Moves what is at the target into the staging directory.
    private Path setAside(boolean needed) throws IOException {
        Path old = CutOffWrites.old(staging);
        if (needed && Files.exists(target, LinkOption.NOFOLLOW_LINKS))
            Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
        return old;
    }

    private void moveOrRestore(Path made, Path old) throws IOException {
        try {
            Files.move(made, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (Files.exists(old)) Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
            throw e;
        }
    }

    @Override
    public void undo() {
        if (published.isEmpty()) return;
        try {
            for (Path file : published) Files.deleteIfExists(file);
            Path old = CutOffWrites.old(staging);
            if (Files.exists(old, LinkOption.NOFOLLOW_LINKS)) {
                delete(target);
                Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
            } else if (options.mode() != WriteOptions.Mode.APPEND) {
                delete(target);
            }
        } catch (IOException e) {
            throw WriteFailure.of("can't take back '%s'".formatted(target), e);
        }
    }

    @Override
    public void abandon() {
        try {
            delete(staging);
        } catch (IOException e) {
            throw WriteFailure.of("can't remove '%s'".formatted(staging), e);
        }
    }

    static void delete(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) return;
        try (Stream<Path> all = Files.walk(path)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList())
                Files.deleteIfExists(one);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
