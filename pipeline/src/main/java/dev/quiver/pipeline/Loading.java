package dev.quiver.pipeline;

import dev.quiver.client.UnitLoads;
import dev.quiver.dataframe.Row;
import dev.quiver.dataframe.plan.WriteOptions.Mode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.WriteFailure;
import dev.quiver.io.store.Stores;
import dev.quiver.operator.GateLimits;
import dev.quiver.worker.store.FileNote;
import dev.quiver.worker.store.TurnedAway;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/// Loads the units of one load that aren't done: their files are brought to the disk, then the
/// ledger is told.
final class Loading implements AutoCloseable {
    /// How the names of files begin with keys that only the run needs.
    static final String KEYS_PREFIX = "keys-";

    private final Prepared.LoadPlan load;
    private final Ledger ledger;
    private final Ledger.Run run;
    private final String runId;
    private final UnitLoads units;
    private final Retries retries;
    private final Disk disk;
    private final Path directory;
    private final RunTelling telling;
    private final long keysMax;
    private final Map<String, LoadedKeys> keys = new LinkedHashMap<>();
    private final Map<Integer, Integer> tried = new HashMap<>();
    private int current = -1;

    /// @param directory of the ledger
    Loading(
            Prepared.LoadPlan load,
            Ledger ledger,
            Ledger.Run run,
            String runId,
            UnitLoads units,
            Retries retries,
            Surroundings surroundings,
            Path directory,
            RunTelling telling) {
        this.load = load;
        this.ledger = ledger;
        this.run = run;
        this.runId = runId;
        this.units = units;
        this.retries = retries;
        this.disk = surroundings.disk();
        this.keysMax = surroundings.keysMax();
        this.directory = directory;
        this.telling = telling;
    }

    /// Loads all that isn't done.
    void load() {
        int offset = 0;
        for (UnitLoads.Streamed source : load.sources()) {
            load(source, offset);
            offset += source.units().size();
        }
    }

    /// @param offset the number of the source's first unit in the load
    private void load(UnitLoads.Streamed source, int offset) {
        for (String name : source.keys())
            retries.run(
                    Retries.Place.of(load.name()),
                    () -> {
                        keys(name);
                        return true;
                    });
        while (true) {
            List<Integer> open =
                    IntStream.range(0, source.units().size())
                            .filter(unit -> !run.isDone(load.first() + offset + unit))
                            .boxed()
                            .toList();
            if (open.isEmpty()) return;
            current = -1;
            try {
                keys.values().forEach(LoadedKeys::begin);
                units.run(
                        source,
                        open,
                        offset,
                        UnitLoads.counted(
                                (unit, rows) -> done(offset + unit, rows), telling::read));
            } catch (UnitLoads.UnitFailed e) {
                failed(e.unit() < 0 ? -1 : offset + e.unit(), e.failure());
            } catch (QuiverException e) {
                failed(current, e);
            }
        }
    }

    private void failed(int unit, QuiverException failure) {
        String name = unit < 0 ? "" : "unit %d of %d".formatted(unit + 1, load.units());
        String part = unit < 0 ? "" : load.unitNames().get(unit);
        String progress =
                "%d of %d units are done and stay"
                        .formatted(run.doneCount(), run.key().units().size());
        var place = new Retries.Place(load.name(), name, part, progress);
        retries.again(place, failure, tried.merge(unit, 1, Integer::sum));
    }

    /// Opens a set of keys, unless an earlier source did.
    private void keys(String name) {
        if (keys.containsKey(name)) return;
        long length = LoadedBefore.fileOf(name).map(ledger::keysLength).orElse(0L);
        LoadedKeys opened =
                LoadedKeys.open(
                        new LoadedKeys.Place(disk, directory.resolve(keysFile(name)), keysMax),
                        units.memory(name),
                        length,
                        (number, unit) ->
                                number == run.number() && run.isDone(load.first() + unit));
        keys.put(name, opened);
        units.holdKeys(name, opened);
    }

    /// The file of a set of keys, beside the ledger.
    private static String keysFile(String name) {
        return LoadedBefore.fileOf(name)
                .orElseGet(() ->
                        KEYS_PREFIX + name.substring(name.indexOf('/') + 1).replace('/', '-'));
    }

    @Override
    public void close() {
        keys.forEach((name, opened) -> {
            units.releaseKeys(name);
            opened.close();
        });
        keys.clear();
    }

    /// @param unit within the load
    private void done(int unit, List<Row> manifest) {
        current = unit;
        retries.entering(load.name(), unit + 1);
        var files = new ArrayList<StagedFile>();
        var turnedAway = new ArrayList<TurnedAway>();
        try {
            Map<Path, Path> sent = new LinkedHashMap<>();
            for (Row row : manifest) {
                if (!row.getString("kind").equals(FileNote.TURNED_AWAY)) add(row, files, sent);
                else if (load.targets()
                        .contains(LocalDisk.parent(Stores.path(row.getString("path")))))
                    turnedAway.add(TurnedAway.of(row.getString("temporary")));
            }
            if (!sent.isEmpty()) disk.send(sent);
            Set<Path> directories = new LinkedHashSet<>();
            for (StagedFile file : files)
                if (file.isFile()) directories.add(LocalDisk.parent(Stores.path(file.temporary())));
            for (Path staging : directories) disk.forceDirectory(staging);
        } catch (IOException e) {
            throw WriteFailure.of("can't bring the unit's files to the disk", e);
        }
        keys.values().forEach(opened -> opened.write(run.number(), unit));
        ledger.unitDone(load.first() + unit, files);
        keys.values().forEach(LoadedKeys::done);
        keys.values().forEach(LoadedKeys::confirm);
        turnedAway.forEach(telling::turnedAway);
        for (Bins.Bin bin : load.bins())
            if (bin.keeps()) limit(new GateLimits(bin.limits().rowsMax(), 1), bin.target());
        current = -1;
        telling.unitDone(run);
    }

    /// Stops the run when the gates have turned away too many rows.
    void checkLimits() {
        for (Bins.Bin bin : load.bins()) if (bin.keeps()) limit(bin.limits(), bin.target());
    }

    private void limit(GateLimits limits, Path target) {
        long bad = 0;
        long checked = 0;
        for (List<StagedFile> files : run.files().values()) {
            for (StagedFile file : files) {
                if (file.kind() != StagedFile.Kind.BAD || !file.target().equals(target.toString()))
                    continue;
                bad += file.rows();
                checked += file.checked();
            }
        }
        limits.check(bad, checked);
    }

    /// @param sent gets the files that go to a store, and where to
    private void add(Row row, List<StagedFile> files, Map<Path, Path> sent) throws IOException {
        if (row.getString("kind").equals(FileNote.DROPPED)) {
            files.add(dropped(row));
            return;
        }
        boolean bad = row.getString("kind").equals(FileNote.QUARANTINE);
        if (!bad && load.destination() instanceof Destination.InTable) {
            files.add(inTable(row));
            return;
        }
        Path path = Stores.path(row.getString("path"));
        Path target = bad ? LocalDisk.parent(path) : load.targets().getFirst();
        String temporary = row.getString("temporary");
        boolean isKept = !bad || load.targets().contains(target);
        if (!isKept) {
            if (!temporary.isEmpty()) disk.delete(Path.of(temporary));
            return;
        }
        if (!bad && isLeftOut(row)) {
            if (!temporary.isEmpty()) disk.delete(Path.of(temporary));
            return;
        }
        if (!temporary.isEmpty() && Stores.isRemote(target)) {
            Path made = Path.of(temporary);
            Path staged =
                    Prepared.LoadPlan.staging(target, runId)
                            .resolve(String.valueOf(made.getFileName()));
            sent.put(made, staged);
            temporary = staged.toString();
        } else if (!temporary.isEmpty()) {
            disk.force(Path.of(temporary));
        }
        if (!bad && load.merge().isPresent()) {
            files.add(incoming(row));
            return;
        }
        files.add(
                new StagedFile(
                        target.toString(),
                        name(target, target.relativize(path)),
                        temporary,
                        row.getLong("rows"),
                        row.getLong("bytes"),
                        bad ? StagedFile.Kind.BAD : StagedFile.Kind.ROWS,
                        row.getLong("checked")));
    }

    /// Whether a part is of rows that were all seen before.
    private boolean isLeftOut(Row row) {
        boolean adds = load.destination().mode() == Mode.APPEND;
        return adds && load.seen().isPresent() && row.getLong("rows") == 0;
    }

    /// What the database holds already.
    private static StagedFile inTable(Row row) {
        String table = row.getString("path");
        return new StagedFile(
                table, "", "", row.getLong("rows"), row.getLong("bytes"), StagedFile.Kind.ROWS, 0);
    }

    /// A file that belongs nowhere: a merge reads it.
    private static StagedFile incoming(Row row) {
        return new StagedFile(
                "",
                "",
                row.getString("temporary"),
                row.getLong("rows"),
                row.getLong("bytes"),
                StagedFile.Kind.INCOMING,
                0);
    }

    private static StagedFile dropped(Row row) {
        return new StagedFile(
                row.getString("path"),
                "",
                "",
                row.getLong("rows"),
                0,
                StagedFile.Kind.DROPPED,
                row.getLong("checked"));
    }

    /// The file's name below the target. Files that are added to others carry the run's name too;
    /// so do those in stores, where the files that they replace go after they have come.
    private String name(Path target, Path relative) {
        boolean alone = load.destination().mode() != Mode.APPEND && !Stores.isRemote(target);
        if (alone) return relative.toString();
        return relative.resolveSibling(runId + "-" + relative.getFileName()).toString();
    }
}
