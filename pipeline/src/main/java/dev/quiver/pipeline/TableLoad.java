package dev.quiver.pipeline;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.FrameReader;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.jdbc.TablePublication;
import dev.quiver.operator.Database;
import dev.quiver.operator.TableMode;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.List;

/// A load into a table of a database.
///
/// Each unit's rows go into a table beside the target, `quiver_…`, in one transaction with a row of
/// `quiver_…_units` that says so, so that a unit is never there twice; when all are there, one
/// transaction puts them into the target. Unless told otherwise the table must not be there.
/// Immutable: each call gives another load.
public final class TableLoad implements Load {
    private final Database database;
    private final String table;
    private final TableMode mode;
    private final List<String> keys;
    private final List<String> seen;

    private TableLoad(
            Database database, String table, TableMode mode, List<String> keys, List<String> seen) {
        this.database = database;
        this.table = table;
        this.mode = mode;
        this.keys = keys;
        this.seen = seen;
    }

    static TableLoad of(Database database, String table) {
        if (table.isBlank())
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "a load into the table \"\"",
                    List.of(),
                    "name a table");
        return new TableLoad(database, table, TableMode.CREATE, List.of(), List.of());
    }

    /// Puts a new table in the place of the one that is there, with its rights, keys and indexes.
    public TableLoad overwrite() {
        return new TableLoad(database, table, TableMode.OVERWRITE, List.of(), seen);
    }

    /// Adds what is loaded to what is there.
    public TableLoad append() {
        return new TableLoad(database, table, TableMode.APPEND, List.of(), seen);
    }

    /// Adds what is loaded, or replaces the columns of rows that have the same keys.
    public TableLoad upsert(String key, String... more) {
        var names = new ArrayList<String>();
        names.add(key);
        names.addAll(List.of(more));
        return new TableLoad(database, table, TableMode.UPSERT, List.copyOf(names), seen);
    }

    /// Leaves out rows that were loaded before, as [FileLoad#dropSeen].
    public TableLoad dropSeen(String first, String... more) {
        var names = new ArrayList<String>();
        names.add(first);
        names.addAll(List.of(more));
        return new TableLoad(database, table, mode, keys, List.copyOf(names));
    }

    List<String> seen() {
        return seen;
    }

    List<String> keys() {
        return keys;
    }

    TableMode mode() {
        return mode;
    }

    String table(Parameters parameters) {
        return parameters.in(table);
    }

    /// The table and its database, as one text without secrets.
    String place(Parameters parameters) {
        return "%s of %s".formatted(parameters.in(table), database);
    }

    /// @param owner whose tables these are: the pipeline and the load's number in it
    /// @param run of the pipeline, never used again
    TablePublication publication(Parameters parameters, Schema schema, String owner, String run) {
        String name = parameters.in(table);
        return new TablePublication(
                database, name, mode, keys, schema, Token.of(owner + "/" + name), run);
    }

    boolean isThere(Parameters parameters) {
        return TablePublication.isThere(database, parameters.in(table));
    }

    /// The rows of the table.
    DataFrame read(FrameReader read, Parameters parameters) {
        return read.jdbc(database.url(), database.user(), database.password())
                .table(parameters.in(table));
    }

    /// What people call it, such as `table flights`.
    @Override
    public String toString() {
        return "table " + table;
    }

    /// Everything about it, as a line.
    String text(Parameters parameters) {
        return "%s table %s by %s".formatted(mode, place(parameters), keys);
    }
}
