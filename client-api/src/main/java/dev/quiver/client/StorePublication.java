package dev.quiver.client;

import dev.quiver.dataframe.Written;
import dev.quiver.dataframe.plan.WriteOptions;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.WriteFailure;
import dev.quiver.io.store.SentFiles;
import dev.quiver.io.store.Stores;
import dev.quiver.operator.WriteTarget;
import dev.quiver.worker.store.FileNote;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A write into a store that can't rename, such as S3. The tasks' files are made on this machine
/// and sent, which nobody sees; then they appear one after the other, and in a directory `_SUCCESS`
/// last, which isn't there meanwhile.
///
/// Files of a directory that replaces another have names that aren't there yet, so that what was
/// there stays as it is until all are published.
final class StorePublication implements Publication {
    private static final Logger LOG = LoggerFactory.getLogger(StorePublication.class);
    private static final String SUCCESS = "_SUCCESS";

    private final WriteOptions options;
    private final Path target;
    private final Path staging;
    private final boolean directory;

    /// The files below the directory before this write.
    private final Set<Path> before = new HashSet<>();

    private final Map<Path, Path> names = new HashMap<>();
    private @Nullable SentFiles sent;
    private boolean published;

    StorePublication(WriteOptions options) {
        this.options = options;
        this.target = Stores.path(options.path());
        this.directory = Publication.isDirectory(options);
        if (target.getNameCount() == 0)
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "'%s' can't be written".formatted(options.path()),
                    List.of(),
                    "name a file or a directory in a bucket, such as s3://BUCKET/NAME/");
        if (!Stores.isWritable(target))
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "'%s' can't be written: web servers are only read".formatted(options.path()),
                    List.of(),
                    "write to a file of this machine, or to s3://BUCKET/KEY");
        boolean there = checkTarget();
        this.staging = Stores.newFolder();
        if (there && options.mode() == WriteOptions.Mode.CREATE)
            throw new QuiverException(
                    ErrorCode.TARGET_EXISTS,
                    "'%s' is there already".formatted(target),
                    before.isEmpty()
                            ? List.of()
                            : List.of("has: %d files".formatted(before.size())),
                    "write somewhere else, or say overwrite()" + (directory ? " or append()" : ""));
    }

    private boolean checkTarget() {
        if (directory) {
            before.addAll(Stores.list(target + "/"));
            return !before.isEmpty();
        }
        if (options.mode() == WriteOptions.Mode.APPEND)
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "append() to the file '%s'".formatted(target),
                    List.of(),
                    "append to a directory of parts: an address that ends in /");
        return Stores.exists(target);
    }

    @Override
    public WriteTarget target() {
        return Publication.target(options, target, staging, directory);
    }

    @Override
    public Path path() {
        return target;
    }

    @Override
    public void prepare() {
        try {
            Files.createDirectories(staging);
        } catch (IOException e) {
            throw WriteFailure.of("can't make files for '%s' in %s".formatted(target, staging), e);
        }
    }

    @Override
    public void send(List<FileNote> manifest) {
        var files = new HashMap<Path, Path>();
        for (FileNote note : manifest) {
            Path named = Stores.path(note.path());
            Path free = free(named);
            names.put(named, free);
            files.put(free, Path.of(note.temporary()));
        }
        if (!files.isEmpty()) sent = Stores.send(files);
    }

    /// A name below the directory that no file has.
    private Path free(Path named) {
        if (!before.contains(named)) return named;
        String name = named.getFileName().toString();
        int dot = name.indexOf('.');
        String unique = UUID.randomUUID().toString().substring(0, 8);
        return free(
                named.resolveSibling(name.substring(0, dot) + "-" + unique + name.substring(dot)));
    }

    @Override
    public Written publish(List<FileNote> manifest) {
        published = true;
        try {
            Path success = target.resolve(SUCCESS);
            if (before.contains(success)) Stores.delete(success);
            if (sent != null) sent.complete();
        } catch (RuntimeException e) {
            try {
                undo();
            } catch (QuiverException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
        long rows = 0;
        long bytes = 0;
        var files = new ArrayList<Path>();
        for (FileNote note : manifest) {
            files.add(names.getOrDefault(Stores.path(note.path()), target));
            rows += note.rows();
            bytes += note.bytes();
        }
        return new Written(rows, bytes, files);
    }

    /// A single file that was replaced can't come back, but is whole: it was published in one
    /// request, as the last of the write.
    @Override
    public void undo() {
        if (!published) return;
        published = false;
        if (!directory && options.mode() == WriteOptions.Mode.OVERWRITE) return;
        for (Path name : names.values()) Stores.delete(name);
        if (before.contains(target.resolve(SUCCESS))) putSuccess();
    }

    @Override
    public void finish() {
        if (!directory) return;
        if (options.mode() == WriteOptions.Mode.OVERWRITE)
            for (Path old : before) Stores.delete(old);
        putSuccess();
    }

    private void putSuccess() {
        Stores.put(target.resolve(SUCCESS), new byte[0]);
    }

    @Override
    public void abandon() {
        SentFiles open = sent;
        sent = null;
        try {
            if (open != null) open.close();
        } catch (QuiverException e) {
            // Where the store is gone, this must not hide why the write failed.
            LOG.warn("{}", e.getMessage());
        }
        try {
            LocalPublication.delete(staging);
        } catch (IOException e) {
            throw WriteFailure.of("can't remove '%s'".formatted(staging), e);
        }
    }
}
