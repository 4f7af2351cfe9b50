package dev.quiver.pipeline;

import dev.quiver.dataframe.plan.WriteOptions.Mode;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.store.Stores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Gives the files of one target in a store their names, which it does one by one: `_SUCCESS` goes
/// before the first has come and is there again behind the last. Every step of it may be done
/// again, so what a crash interrupted is simply begun anew.
final class StorePublishing {
    private static final String SUCCESS = "_SUCCESS";

    private final Disk disk;
    private final Mode mode;
    private final Path target;
    private final Path staging;
    private final List<StagedFile> files;
    private final String giveUp;

    /// @param staging the folder of the target's temporary files
    /// @param giveUp the command that gives the run up
    StorePublishing(
            Disk disk,
            Mode mode,
            Path target,
            Path staging,
            List<StagedFile> files,
            String giveUp) {
        this.disk = disk;
        this.mode = mode;
        this.target = target;
        this.staging = staging;
        this.files = files;
        this.giveUp = giveUp;
    }

    /// @throws QuiverException when it can't be done, with the code `TARGET_EXISTS` where something
    ///   is in the way that isn't the run's
    void publish() {
        Path success = target.resolve(SUCCESS);
        Set<Path> there = new HashSet<>(Stores.list(target + "/"));
        var others = new TreeSet<Path>(there);
        for (StagedFile file : files) others.remove(target.resolve(file.name()));
        others.remove(success);
        if (files.isEmpty() && (mode != Mode.OVERWRITE || others.isEmpty())) return;
        if (mode == Mode.CREATE && !others.isEmpty())
            throw Publishing.inTheWay(others.first(), target);
        Map<Path, Path> moves = moves(there);
        try {
            if (there.contains(success)) disk.delete(success);
            disk.send(moves);
            if (mode == Mode.OVERWRITE) for (Path other : others) disk.delete(other);
            disk.replace(success, new byte[0]);
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.IO_FAILED,
                    "can't publish '%s': %s".formatted(target, e),
                    List.of(),
                    "check the store",
                    e);
        }
    }

    /// What waits for its name.
    private Map<Path, Path> moves(Set<Path> there) {
        Set<Path> waiting = new HashSet<>(Stores.list(staging + "/"));
        var moves = new HashMap<Path, Path>();
        for (StagedFile file : files) {
            Path temporary = Stores.path(file.temporary());
            Path named = target.resolve(file.name());
            if (waiting.contains(temporary)) moves.put(temporary, named);
            else if (!there.contains(named)) throw gone(temporary, named);
        }
        return moves;
    }

    private QuiverException gone(Path temporary, Path named) {
        return new QuiverException(
                ErrorCode.FILE_NOT_FOUND,
                "'%s' is gone, which was to be '%s'".formatted(temporary, named),
                List.of(),
                "find out who deleted it; give the run up, and all of it is loaded anew: %s --force,"
                                .formatted(giveUp)
                        + " or giveUp() in code");
    }
}
