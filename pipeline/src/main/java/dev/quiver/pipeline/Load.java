package dev.quiver.pipeline;

import dev.quiver.operator.Database;

/// Where rows are loaded to.
///
/// ```java
/// pipeline.load(Load.parquet("out/flights/").partitionBy("month").overwrite());
/// ```
///
/// A load becomes visible when all of it is there, and as a whole; until then its target is as it
/// was before.
public sealed interface Load permits FileLoad, MergeLoad, TableLoad {
    /// Parquet files in a directory, which holds nothing else.
    static FileLoad parquet(String directory) {
        return FileLoad.parquet(directory);
    }

    /// CSV files in a directory, which holds nothing else.
    static FileLoad csv(String directory) {
        return FileLoad.csv(directory);
    }

    /// Rows of a directory of Parquet files, of which one with the same keys is replaced:
    /// `Load.merge("out/orders/").on("id").latestBy("updated_at")`.
    static MergeLoad merge(String directory) {
        return MergeLoad.into(directory);
    }

    /// A table of a database: PostgreSQL, DuckDB or SQLite.
    ///
    /// @param url as its JDBC driver takes it
    static TableLoad table(String url, String table) {
        return table(url, "", "", table);
    }

    /// As [#table(String, String)], with a user and a password that no message shows.
    static TableLoad table(String url, String user, String password, String table) {
        return TableLoad.of(new Database(url, user, password), table);
    }
}
