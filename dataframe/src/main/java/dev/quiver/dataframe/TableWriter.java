package dev.quiver.dataframe;

/// How a frame is written into a database; [#table] ends it and runs the query.
///
/// ```java
/// delays.write().jdbc("jdbc:postgresql://localhost/travel").upsert("id").table("delays");
/// ```
///
/// PostgreSQL, DuckDB and SQLite are written. The rows go into a table beside the target first;
/// when all are there, one transaction makes them appear. A write that fails leaves the target as
/// it was. Without [#append], [#overwrite] or [#upsert] the table must not be there. Immutable:
/// each call gives another writer.
public interface TableWriter {
    /// Adds the rows to the table, by the names of the columns; it is made when it isn't there.
    TableWriter append();

    /// Puts a new table in the place of the one that is there, with its rights, keys and indexes.
    TableWriter overwrite();

    /// Adds the rows to the table, or replaces the columns of those that have the same keys. The
    /// table has a primary key or a unique constraint of just these columns; when it isn't there it
    /// is made with that primary key.
    TableWriter upsert(String key, String... more);

    /// Writes into a table, which is named as for [TableReader#table].
    ///
    /// @return how many rows were written; no files
    /// @throws QuiverException when the table is there and is not to be changed, when a type has no
    ///   counterpart in the database, or when the database refuses or is gone
    Written table(String name);
}
