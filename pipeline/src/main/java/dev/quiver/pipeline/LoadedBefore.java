package dev.quiver.pipeline;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Frames;
import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/// What a load leaves out: rows whose keys it loaded before.
///
/// @param file of the keys, beside the ledger
/// @param columns of the keys
/// @param keys the columns with their types, for people
record LoadedBefore(String file, List<String> columns, String keys) {
    private static final String LENGTH = "keys' length ";
    private static final String COLUMNS = "keys' columns ";
    private static final String HELD = "loaded/";
    private static final String PREFIX = "seen-";

    LoadedBefore {
        columns = List.copyOf(columns);
    }

    /// The file of a load's keys.
    ///
    /// @param name of the load
    static String file(String name) {
        return PREFIX + name;
    }

    /// What a load leaves out; empty when nothing.
    ///
    /// @param file of its keys, the same in all runs
    static Optional<LoadedBefore> of(Load load, String file, Schema schema) {
        List<String> columns = Increments.seen(load);
        if (columns.isEmpty()) return Optional.empty();
        var keys = new StringJoiner(", ");
        for (String column : columns) {
            Field field = schema.field(schema.indexOf(column, "the rows of load " + load));
            keys.add("%s %s".formatted(column, field.type()));
        }
        return Optional.of(new LoadedBefore(file, columns, keys.toString()));
    }

    /// The file of a set of keys that is held under a name; empty for sets of one run.
    static Optional<String> fileOf(String held) {
        return held.startsWith(HELD)
                ? Optional.of(held.substring(HELD.length()))
                : Optional.empty();
    }

    /// The name of the note that is there when all that was loaded is among the keys.
    static String columnsNote(String file) {
        return COLUMNS + file;
    }

    /// The name of the note that says how much of a log of keys is true.
    static String lengthNote(String file) {
        return LENGTH + file;
    }

    LogicalPlan unseen(DataFrame frame) {
        return Frames.unseen(frame, columns, HELD + file);
    }

    /// @throws QuiverException when earlier runs kept other keys, or none
    void check(Ledger ledger) {
        Optional<String> before = ledger.note(columnsNote(file));
        if (before.isEmpty() && ledger.last().isEmpty()) return;
        if (before.filter(keys::equals).isPresent()) return;
        throw new QuiverException(
                ErrorCode.PLAN_INVALID,
                before.map(was ->
                                "rows are left out by %s, and earlier runs kept %s"
                                        .formatted(keys, was))
                        .orElse(
                                "dropSeen(…) was not said in all earlier runs, so keys are"
                                        + " missing"),
                List.of("keys: " + ledger.directory().resolve(file)),
                before.isPresent()
                        ? "say the same columns again, of the same types; or load all anew: into"
                                + " another target, with another ledger(…)"
                        : "load all anew: into another target, with another ledger(…)");
    }

    /// What is to be remembered when a run has ended.
    ///
    /// @param loaded whether it had units
    Map<String, String> notes(Disk disk, Ledger ledger, boolean loaded) {
        Path log = ledger.directory().resolve(file);
        try {
            long length = loaded ? KeyLog.size(disk, log) : ledger.keysLength(file);
            return Map.of(columnsNote(file), keys, lengthNote(file), Long.toString(length));
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.IO_FAILED,
                    "can't find the keys that were loaded: " + e,
                    List.of(),
                    "check the ledger's directory; when they are lost, load all anew",
                    e);
        }
    }
}
