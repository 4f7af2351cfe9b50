package dev.quiver.io.jdbc;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import dev.quiver.operator.Database;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/// What drivers throw, as errors for people, without secrets.
final class SqlFailure {
    private SqlFailure() {}

    /// @param doing such as `reading flights`
    static QuiverException of(Database database, String doing, SQLException cause) {
        String message = database.masked(String.valueOf(cause.getMessage())).strip();
        String what = "%s failed: %s".formatted(doing, firstLine(message));
        List<String> where = List.of("database: " + database);
        // The driver's own exception may print the password.
        Throwable shown = new SQLException(message, cause.getSQLState(), cause.getErrorCode());
        shown.setStackTrace(cause.getStackTrace());
        if (isGone(cause))
            return new Unavailable(
                    what, where, "see that the database runs and can be reached", shown);
        if (mayPass(cause))
            return new QuiverException(
                    ErrorCode.IO_FAILED,
                    what,
                    where,
                    "run it again: others used the same rows",
                    shown);
        return new QuiverException(
                ErrorCode.DATABASE_FAILED, what, where, fix(state(cause)), shown);
    }

    /// What helps by the class of an error, as the SQL standard and PostgreSQL have them; the
    /// drivers of DuckDB and SQLite don't say it.
    private static String fix(String state) {
        if (state.startsWith("28"))
            return "check the user and the password: jdbc(url, user, password)";
        if (state.startsWith("3D")) return "check the database's name in the URL";
        if (state.equals("42P01") || state.startsWith("3F"))
            return "check the table's name; its schema goes before it: table(\"schema.name\")";
        if (state.equals("42501")) return "connect as a user who has the right, or ask for it";
        if (state.equals("42P10"))
            return "upsert(…) by columns that are the table's primary key or a unique constraint";
        if (state.startsWith("22") || state.startsWith("23"))
            return "mend or filter the values that don't fit, or change the table";
        return "see what the database says; check names, rights and values";
    }

    private static String firstLine(String message) {
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }

    private static String state(SQLException cause) {
        String state = cause.getSQLState();
        return state == null ? "" : state;
    }

    /// Whether the connection is lost, can't be made, or the database is going down or coming up.
    static boolean isGone(SQLException cause) {
        String state = state(cause);
        if (isBeingClosed(cause)) return true;
        // PostgreSQL: a connection that broke before it was closed has no state.
        if (cause.getCause() instanceof IOException) return true;
        return state.startsWith("08") || state.startsWith("57P") || state.startsWith("53");
    }

    /// Whether the last connection of this process to a DuckDB file is just being closed, which
    /// takes as long as the disk needs for what was written.
    static boolean isBeingClosed(SQLException cause) {
        return String.valueOf(cause.getMessage()).contains("Unique file handle conflict");
    }

    /// Whether the same may succeed another time.
    static boolean mayPass(SQLException cause) {
        String message = String.valueOf(cause.getMessage());
        return state(cause).startsWith("40")
                || message.contains("SQLITE_BUSY")
                || message.contains("Transaction conflict")
                || message.contains("Conflict on");
    }
}
