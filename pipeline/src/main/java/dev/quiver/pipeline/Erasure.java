package dev.quiver.pipeline;

import dev.quiver.client.Session;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.store.Stores;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Deletes the rows of some keys from files that were written, as somebody asks whose data it is.
///
/// ```java
/// Erased erased =
///         Erasure.from("out/customers/")
///                 .keys("customer", 17, 42)
///                 .quarantine("out/bad/")
///                 .audit("out/audit.jsonl")
///                 .run(q);
/// ```
///
/// The directory holds Parquet or CSV files, as [FileLoad] and `write()` make them, in folders or
/// not; the text of a CSV file is what keys are compared with, and its columns have names. Files
/// that have none of the keys stay as they are. Any other is written anew beside its place without
/// these rows and takes it by one renaming, so who reads finds the old file or the new one, and a
/// process that is killed leaves each file whole; run again, it deletes the rest. Where a folder's
/// name is the key, its files go. Immutable: each call gives another erasure.
public final class Erasure {
    private final Path target;
    private final String column;
    private final List<Object> keys;
    private final List<Path> quarantines;
    private final Optional<Path> audit;
    private final Surroundings surroundings;

    private Erasure(
            Path target,
            String column,
            List<Object> keys,
            List<Path> quarantines,
            Optional<Path> audit,
            Surroundings surroundings) {
        this.target = target;
        this.column = column;
        this.keys = List.copyOf(keys);
        this.quarantines = List.copyOf(quarantines);
        this.audit = audit;
        this.surroundings = surroundings;
    }

    /// An erasure that deletes nothing yet.
    ///
    /// @param path of a directory with Parquet or CSV files in it, or of one such file
    /// @throws QuiverException UNSUPPORTED for what isn't on this machine's file systems
    public static Erasure from(String path) {
        return new Erasure(
                local(path), "", List.of(), List.of(), Optional.empty(), Surroundings.real());
    }

    private static Path local(String text) {
        Path path = Stores.path(text);
        if (!Stores.isRemote(path)) return path.toAbsolutePath().normalize();
        throw new QuiverException(
                ErrorCode.UNSUPPORTED,
                "'%s' isn't on this machine, so keys can't be deleted from it".formatted(text),
                List.of(),
                "load rows without these keys in its place: filter them out in a pipeline whose"
                        + " load says overwrite()");
    }

    /// The same erasure in other surroundings, for tests.
    Erasure in(Surroundings others) {
        return new Erasure(target, column, keys, quarantines, audit, others);
    }

    /// Says which rows go: those with one of these values in the column.
    ///
    /// @param column of the files, or one that their folders hold
    public Erasure keys(String column, Object... values) {
        return keys(column, Arrays.asList(values));
    }

    /// Says which rows go: those with one of these values in the column. Texts mean numbers and
    /// dates where the column holds such.
    public Erasure keys(String column, Collection<?> values) {
        boolean hasNull = values.stream().anyMatch(v -> v == null);
        if (hasNull || values.isEmpty() || column.isEmpty())
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "an erasure of %s in column '%s'"
                            .formatted(hasNull ? "null" : values.size() + " keys", column),
                    List.of(),
                    "name a column and at least one value, and no null: keys(\"customer\", 17)");
        return new Erasure(
                target, column, new ArrayList<Object>(values), quarantines, audit, surroundings);
    }

    /// Removes the text of rows in a gate's quarantine, too, in which one of the keys stands as a
    /// word of its own; rather of one row too many than too few. The row stays, with its source,
    /// number and rule.
    public Erasure quarantine(String directory) {
        var more = new ArrayList<>(quarantines);
        more.add(local(directory));
        return new Erasure(target, column, keys, more, audit, surroundings);
    }

    /// Adds a line to an audit log before anything is deleted, and one behind it; neither shows a
    /// key, not even in the names of folders. See [Pipeline#audit].
    public Erasure audit(String file) {
        Path log = Stores.path(file).toAbsolutePath();
        return new Erasure(target, column, keys, quarantines, Optional.of(log), surroundings);
    }

    /// Deletes the rows.
    ///
    /// @throws QuiverException before anything is deleted: when the column is nowhere, a file can't
    ///   be written anew, or another run has rows for the directory that aren't visible yet; after
    ///   it, when a run began meanwhile that may have brought keys
    public Erased run(Session session) {
        return execution(session).run();
    }

    /// Counts what [#run] would delete.
    public Erased dryRun(Session session) {
        return execution(session).count();
    }

    private ErasureExecution execution(Session session) {
        if (keys.isEmpty())
            throw new QuiverException(
                    ErrorCode.PLAN_INVALID,
                    "an erasure without keys",
                    List.of("in: " + target),
                    "say which rows go: keys(\"customer\", 17, 42)");
        var log = audit.map(file -> new AuditLog(surroundings.disk(), file, surroundings.user()));
        return new ErasureExecution(
                target, new ErasedKeys(column, keys), quarantines, log, session, surroundings);
    }

    @Override
    public String toString() {
        return "Erasure[%d keys of %s from %s]".formatted(keys.size(), column, target);
    }
}
