package dev.quiver.pipeline;

import dev.quiver.dataframe.plan.WriteOptions.Mode;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.WriteFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Gives the files of one target their names. Every step of it may be done again, so what a crash
/// interrupted is simply begun anew.
///
/// A new or replaced target is put together beside its place and moved there as a whole; files that
/// are added are moved one by one.
final class Publishing {
    private final Disk disk;
    private final Mode mode;
    private final Path target;
    private final Path staging;
    private final Path made;
    private final Path old;
    private final List<StagedFile> files;
    private final Optional<There> there;

    /// The files of a target that is replaced, by their names below it: nothing else goes with
    /// them.
    ///
    /// @param staying those that the new target has too
    /// @param replaced those whose rows are in other files of it
    record There(List<String> staying, Set<String> replaced) {
        There {
            staying = List.copyOf(staying);
            replaced = Set.copyOf(replaced);
        }
    }

    /// @param staging the directory of the target's temporary files
    /// @param there of a target that isn't replaced as a whole
    Publishing(
            Disk disk,
            Mode mode,
            Path target,
            Path staging,
            List<StagedFile> files,
            Optional<There> there) {
        this.disk = disk;
        this.mode = mode;
        this.target = target;
        this.staging = staging;
        String name = String.valueOf(target.getFileName());
        this.made = staging.resolve("new-" + name);
        this.old = staging.resolve("old-" + name);
        this.files = files;
        this.there = there;
    }

    /// @throws QuiverException when it can't be done, with the code `TARGET_EXISTS` where something
    ///   is in the way that isn't the run's
    void publish() {
        try {
            List<StagedFile> waiting =
                    files.stream().filter(file -> exists(Path.of(file.temporary()))).toList();
            if (mode == Mode.APPEND) append(waiting);
            else replace(waiting);
        } catch (IOException e) {
            throw WriteFailure.of("can't publish '%s'".formatted(target), e);
        }
    }

    private static boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    private void append(List<StagedFile> waiting) throws IOException {
        for (StagedFile file : waiting) {
            if (exists(target.resolve(file.name()))) throw inTheWay(target.resolve(file.name()));
            disk.move(Path.of(file.temporary()), target.resolve(file.name()));
        }
        if (!files.isEmpty()) forceDirectories(target);
    }

    private void replace(List<StagedFile> waiting) throws IOException {
        // No file waits and nothing was put together: it is in its place already.
        if (waiting.isEmpty() && !exists(made)) {
            if (files.isEmpty()) setAside();
            return;
        }
        for (StagedFile file : waiting)
            disk.move(Path.of(file.temporary()), made.resolve(file.name()));
        // Once the target was set aside, all that stays is in its new place.
        if (there.isPresent() && exists(target)) keep(there.get());
        forceDirectories(made);
        setAside();
        disk.move(made, target);
        disk.forceDirectory(LocalDisk.parent(target));
        disk.forceDirectory(staging);
    }

    private void keep(There found) throws IOException {
        Set<String> staying = new HashSet<>(found.staying());
        for (Path file : LocalDisk.files(target)) {
            String name = target.relativize(file).toString();
            if (!staying.contains(name) && !found.replaced().contains(name)) throw inTheWay(file);
        }
        for (String name : found.staying())
            if (!exists(made.resolve(name))) disk.link(target.resolve(name), made.resolve(name));
    }

    private void setAside() throws IOException {
        if (!exists(target)) return;
        if (mode == Mode.CREATE || exists(old)) throw inTheWay(target);
        disk.move(target, old);
    }

    private void forceDirectories(Path top) throws IOException {
        Set<Path> directories = new LinkedHashSet<>();
        var names = new ArrayList<String>();
        there.ifPresent(found -> names.addAll(found.staying()));
        for (StagedFile file : files) names.add(file.name());
        for (String name : names) {
            Path directory = LocalDisk.parent(top.resolve(name));
            while (directories.add(directory) && !directory.equals(top))
                directory = LocalDisk.parent(directory);
        }
        for (Path directory : directories) disk.forceDirectory(directory);
        disk.forceDirectory(LocalDisk.parent(top));
    }

    private QuiverException inTheWay(Path path) {
        return inTheWay(path, target);
    }

    static QuiverException inTheWay(Path path, Path target) {
        return new QuiverException(
                ErrorCode.TARGET_EXISTS,
                "'%s' came to be while the run went on".formatted(path),
                List.of("target: " + target),
                "move it away and run the pipeline again; what is loaded waits for its name");
    }

    /// Deletes what no unit that is done speaks of.
    static void sweep(Disk disk, Path staging, List<StagedFile> kept) {
        Set<String> names = new LinkedHashSet<>();
        kept.forEach(file -> names.add(file.temporary()));
        try {
            for (Path path : disk.list(staging, ""))
                if (!names.contains(path.toString())) disk.delete(path);
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.IO_FAILED,
                    "can't clear '%s': %s".formatted(staging, e),
                    List.of(),
                    "check its permissions",
                    e);
        }
    }
}
