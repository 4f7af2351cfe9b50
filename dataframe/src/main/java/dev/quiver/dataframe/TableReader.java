package dev.quiver.dataframe;

/// How a database is read; [#table] or [#query] ends it and gives the frame. Only names, types and
/// bounds are read then.
///
/// ```java
/// TableReader db = q.read().jdbc("jdbc:postgresql://localhost/travel");
/// DataFrame flights = db.partitionBy("id", 8).table("flights");
/// DataFrame late = db.query("select * from flights where delay > ?", 60);
/// ```
///
/// Rows stream: however large the table is, a partition takes the memory of a few chunks. Each
/// partition is a query of its own, so rows that others write meanwhile are in some and not in
/// others. PostgreSQL is read by `COPY` in its binary format, but for queries with parameters.
/// Immutable: each call gives another reader.
public interface TableReader {
    /// Reads in `partitions` parts of about equal ranges between the least and the greatest value
    /// of a column, which is a number, date or timestamp. The first part has the nulls too.
    TableReader partitionBy(String column, int partitions);

    /// All rows of a table. `schema.table` names one of another schema; a name with a dot in it is
    /// put in double quotes.
    ///
    /// @throws QuiverException when the database can't be reached, there is no such table, or a
    ///   column's type can't be read
    DataFrame table(String name);

    /// The rows of a query, its `?` bound to the parameters: numbers, texts, booleans, java.time
    /// values, BigDecimal, byte[].
    ///
    /// @throws QuiverException as [#table], or when the database refuses the query
    DataFrame query(String sql, Object... parameters);
}
