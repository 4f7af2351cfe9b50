package dev.quiver.pipeline;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a pipeline has done, on the disk before anything relies on it: the run that didn't end,
/// with its units, and notes. Held by one process at a time.
///
/// When a run has ended the log is written anew without what only that run needed, so it doesn't
/// grow from run to run.
final class Ledger implements AutoCloseable {
    private static final String LOG = "ledger.log";

    private final Path directory;
    private final Disk.Hold hold;
    private final SortedMap<String, String> notes = new TreeMap<>();
    private final SortedMap<String, FileVersion> loaded = new TreeMap<>();
    private @Nullable LedgerLog log;
    private @Nullable Run unfinished;
    private LedgerRecord.@Nullable Finished last;
    private long runs;

    private Ledger(Path directory, Disk.Hold hold) {
        this.directory = directory;
        this.hold = hold;
    }

    /// How far a run has come.
    enum Phase {
        LOADING,
        PUBLISHING,
        PUBLISHED
    }

    /// A run that didn't end.
    static final class Run {
        private final long number;
        private final RunKey key;
        private final SortedMap<Integer, List<StagedFile>> done = new TreeMap<>();
        private Phase phase = Phase.LOADING;

        private Run(long number, RunKey key) {
            this.number = number;
            this.key = key;
        }

        /// From 1.
        long number() {
            return number;
        }

        RunKey key() {
            return key;
        }

        Phase phase() {
            return phase;
        }

        boolean isDone(int unit) {
            return done.containsKey(unit);
        }

        int doneCount() {
            return done.size();
        }

        /// Files by unit, in the order of the units.
        Map<Integer, List<StagedFile>> files() {
            return done;
        }

        /// Of all its loads, as far as they are.
        RowCounts counts() {
            return RowCounts.of(done.values().stream().flatMap(List::stream).toList());
        }
    }

    /// Opens the ledger in a directory, which is made when there is none.
    ///
    /// @param owner whose ledger it is, for people
    /// @throws Unavailable when another process holds it
    static Ledger open(Disk disk, Path directory, String owner) {
        try {
            disk.createDirectories(directory);
            var ledger = new Ledger(directory, disk.hold(directory, owner));
            boolean opened = false;
            try {
                ledger.read(disk);
                opened = true;
                return ledger;
            } finally {
                if (!opened) ledger.close();
            }
        } catch (IOException e) {
            throw failed("open", directory, e);
        }
    }

    private void read(Disk disk) throws IOException {
        LedgerLog.Opened opened = LedgerLog.open(disk, directory.resolve(LOG));
        log = opened.log();
        opened.records().forEach(this::apply);
    }

    private void apply(LedgerRecord record) {
        switch (record) {
            case LedgerRecord.Started(long run, RunKey key) -> {
                unfinished = new Run(run, key);
                runs = run;
            }
            case LedgerRecord.UnitDone(int unit, var files) -> run().done.put(unit, files);
            case LedgerRecord.Publishing() -> run().phase = Phase.PUBLISHING;
            case LedgerRecord.Published() -> run().phase = Phase.PUBLISHED;
            case LedgerRecord.Finished finished -> {
                unfinished = null;
                last = finished;
                runs = finished.run();
            }
            case LedgerRecord.GivenUp(long run) -> {
                unfinished = null;
                runs = run;
            }
            case LedgerRecord.Loaded(var files) ->
                    files.forEach(file -> loaded.put(file.path(), file));
            case LedgerRecord.Note(String name, String value) -> notes.put(name, value);
        }
    }

    private Run run() {
        if (unfinished == null) throw new IllegalStateException("no run in " + directory);
        return unfinished;
    }

    private void append(LedgerRecord record) {
        try {
            log().append(record);
        } catch (IOException e) {
            throw failed("write", directory, e);
        }
        apply(record);
    }

    private LedgerLog log() {
        if (log == null) throw new IllegalStateException("not open: " + directory);
        return log;
    }

    private static QuiverException failed(String verb, Path directory, IOException cause) {
        return new QuiverException(
                ErrorCode.IO_FAILED,
                "can't %s the ledger in '%s': %s".formatted(verb, directory, cause),
                List.of(),
                "check its permissions and the space on its disk, or choose another with ledger(…)",
                cause);
    }

    Path directory() {
        return directory;
    }

    Optional<Run> unfinished() {
        return Optional.ofNullable(unfinished);
    }

    /// The run that ended last.
    Optional<LedgerRecord.Finished> last() {
        return Optional.ofNullable(last);
    }

    /// What was noted under a name.
    Optional<String> note(String name) {
        return Optional.ofNullable(notes.get(name));
    }

    /// How much of a log of keys runs have filled which ended.
    ///
    /// @param file its name
    long keysLength(String file) {
        return note(LoadedBefore.lengthNote(file)).map(Long::parseLong).orElse(0L);
    }

    void note(String name, String value) {
        if (!value.equals(notes.get(name))) append(new LedgerRecord.Note(name, value));
    }

    /// Whether a run loaded the file as it is which ended.
    boolean isLoaded(FileVersion file) {
        return file.equals(loaded.get(file.path()));
    }

    /// The number that the next new run has.
    long nextRun() {
        return runs + 1;
    }

    Run start(RunKey key) {
        append(new LedgerRecord.Started(nextRun(), key));
        return run();
    }

    void unitDone(int unit, List<StagedFile> files) {
        append(new LedgerRecord.UnitDone(unit, files));
    }

    void publishing() {
        append(new LedgerRecord.Publishing());
    }

    void published() {
        append(new LedgerRecord.Published());
    }

    /// Ends the run, and says with it, in one, what it loaded and where its marks are.
    ///
    /// @param more notes
    /// @param gone names of notes that aren't true any more
    void finish(List<FileVersion> files, Map<String, String> more, Set<String> gone) {
        files.forEach(file -> loaded.put(file.path(), file));
        notes.keySet().removeAll(gone);
        notes.putAll(more);
        finish();
    }

    /// Ends the run.
    void finish() {
        Run run = run();
        RowCounts rows = run.counts();
        end(
                new LedgerRecord.Finished(
                        run.number(), run.doneCount(), rows.loaded(), rows.quarantined()));
    }

    /// Gives the run up.
    void giveUp() {
        end(new LedgerRecord.GivenUp(run().number()));
    }

    private void end(LedgerRecord ending) {
        var kept = new ArrayList<LedgerRecord>();
        notes.forEach((name, value) -> kept.add(new LedgerRecord.Note(name, value)));
        if (!loaded.isEmpty()) kept.add(new LedgerRecord.Loaded(List.copyOf(loaded.values())));
        if (ending instanceof LedgerRecord.GivenUp && last != null) kept.add(last);
        kept.add(ending);
        try {
            log().rewrite(kept);
        } catch (IOException e) {
            throw failed("write", directory, e);
        }
        apply(ending);
    }

    @Override
    public void close() {
        try {
            hold.close();
        } catch (IOException e) {
            throw failed("close", directory, e);
        }
    }
}
