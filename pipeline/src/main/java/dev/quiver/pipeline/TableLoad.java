package dev.quiver.pipeline;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.FrameReader;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.jdbc.TablePublication;
import dev.quiver.operator.Database;
import dev.quiver.operator.TableMode;
import dev.quiver.schema.Schema;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// A load into a table of a database.
///
/// Each unit's rows go into a table beside the target, `quiver_…`, in one transaction with a row of
/// `quiver_…_units` that says so, so that a unit is never there twice; when all are there, one
/// transaction puts them into the target. Unless told otherwise the table must not be there.
/// Immutable: each call gives another load.
public final class TableLoad implements Load {
    private static final int TOKEN_BYTES = 10;

    private final Database database;
    private final String table;
    private final TableMode mode;
    private final List<String> keys;

    private TableLoad(Database database, String table, TableMode mode, List<String> keys) {
        this.database = database;
        this.table = table;
        this.mode = mode;
        this.keys = keys;
    }

    static TableLoad of(Database database, String table) {
        if (table.isBlank())
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "a load into the table \"\"",
                    List.of(),
                    "name a table");
        return new TableLoad(database, table, TableMode.CREATE, List.of());
    }

    /// Puts a new table in the place of the one that is there, with its rights, keys and indexes.
    public TableLoad overwrite() {
        return new TableLoad(database, table, TableMode.OVERWRITE, List.of());
    }

    /// Adds what is loaded to what is there.
    public TableLoad append() {
        return new TableLoad(database, table, TableMode.APPEND, List.of());
    }

    /// Adds what is loaded, or replaces the columns of rows that have the same keys.
    public TableLoad upsert(String key, String... more) {
        var names = new ArrayList<String>();
        names.add(key);
        names.addAll(List.of(more));
        return new TableLoad(database, table, TableMode.UPSERT, List.copyOf(names));
    }

    List<String> keys() {
        return keys;
    }

    TableMode mode() {
        return mode;
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
                database, name, mode, keys, schema, token(owner + "/" + name), run);
    }

    /// The same for all runs, so that a run finds what an earlier one left.
    private static String token(String text) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            var first = new byte[TOKEN_BYTES];
            ByteBuffer.wrap(hash).get(first);
            return HexFormat.of().formatHex(first);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
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
