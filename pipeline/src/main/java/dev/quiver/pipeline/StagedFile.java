package dev.quiver.pipeline;

/// A complete file of a unit that doesn't have its name yet.
///
/// @param target the directory that it belongs to, absolute; of rows that were dropped the keys
/// @param name below the target
/// @param temporary absolute; empty when there is no file, since there are no rows
/// @param checked the rows that the gate saw which turned the rows away
record StagedFile(
        String target,
        String name,
        String temporary,
        long rows,
        long bytes,
        Kind kind,
        long checked) {
    /// Which rows it has; the ledger holds the codes.
    enum Kind {
        ROWS(0),
        /// Those that a gate turned away.
        BAD(1),
        /// There is no file: these had keys that were loaded before.
        DROPPED(2),
        /// Those that wait for a merge.
        INCOMING(3),
        /// Those of a target's folders that a merge changed; not counted.
        MERGED(4),
        /// A file of a target that a merge leaves as it is; not counted.
        STAYS(5),
        /// There is no file: so many were added by a merge.
        INSERTED(6),
        /// There is no file: so many took the place of others.
        UPDATED(7),
        /// There is no file: so many came and changed nothing.
        UNCHANGED(8),
        /// A file of a target whose rows a merge has put in others; not counted.
        REPLACED(9);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        /// Whether the rows are loaded by now.
        boolean isLoaded() {
            return this == ROWS || this == INSERTED || this == UPDATED;
        }
    }

    boolean isFile() {
        return !temporary.isEmpty();
    }
}
