package dev.quiver.pipeline;

import java.util.List;

/// What a ledger holds. Nothing in it depends on the time, the process or the order in which units
/// happened to end once a run has finished.
sealed interface LedgerRecord {
    /// A run has begun.
    ///
    /// @param run its number, from 1
    record Started(long run, RunKey key) implements LedgerRecord {}

    /// A unit's files are complete and on the disk.
    ///
    /// @param unit counts through all loads of the run
    record UnitDone(int unit, List<StagedFile> files) implements LedgerRecord {
        public UnitDone {
            files = List.copyOf(files);
        }
    }

    /// All units are done, their files get their names now.
    record Publishing() implements LedgerRecord {}

    /// All files have their names.
    record Published() implements LedgerRecord {}

    /// The run has ended; what comes next is another one.
    record Finished(long run, int units, long rows, long bad) implements LedgerRecord {}

    /// The run was given up.
    record GivenUp(long run) implements LedgerRecord {}

    /// Files that runs loaded which ended, in the version that was loaded last.
    record Loaded(List<FileVersion> files) implements LedgerRecord {
        public Loaded {
            files = List.copyOf(files);
        }
    }

    /// Something to remember, under a name; a later one of that name replaces it. Outlives the run.
    record Note(String name, String value) implements LedgerRecord {}
}
