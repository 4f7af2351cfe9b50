package dev.quiver.operator;

/// The tables that tasks write to before a write is published: each partition's rows go into
/// `staging` in one transaction with a row of `units`, so that no partition is there twice.
///
/// @param title what people call the table that the rows are for
/// @param staging as SQL
/// @param units as SQL; its columns are `run`, `unit` and `row_count`
/// @param run of which the rows of `units` are
/// @param inParts whether several tasks may write at once
public record TableTarget(
        Database database, String title, String staging, String units, String run, boolean inParts)
        implements Target {}
