package dev.quiver.io.jdbc;

import dev.quiver.operator.Database;
import java.util.Locale;

/// The databases that are known by name.
public enum Dialect {
    POSTGRESQL("org.postgresql:postgresql"),
    DUCKDB("org.duckdb:duckdb_jdbc"),
    SQLITE("org.xerial:sqlite-jdbc"),
    /// Any other one, which can be read.
    OTHER("the JDBC driver of the database");

    private final String artifact;

    Dialect(String artifact) {
        this.artifact = artifact;
    }

    public static Dialect of(Database database) {
        String kind = database.kind().toUpperCase(Locale.ROOT);
        for (Dialect dialect : values()) if (dialect.name().equals(kind)) return dialect;
        return OTHER;
    }

    /// What to add to the class path.
    String artifact() {
        return artifact;
    }

    /// Whether several transactions may write at once.
    boolean writesAtOnce() {
        return this != SQLITE;
    }
}
