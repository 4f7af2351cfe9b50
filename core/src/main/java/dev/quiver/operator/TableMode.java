package dev.quiver.operator;

/// What happens to a table that is there when rows are written into it.
public enum TableMode {
    /// It is an error.
    CREATE,
    /// It is replaced.
    OVERWRITE,
    /// Rows are added.
    APPEND,
    /// Rows are added, or replace those with the same keys.
    UPSERT
}
