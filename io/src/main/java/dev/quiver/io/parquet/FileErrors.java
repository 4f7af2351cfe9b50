package dev.quiver.io.parquet;

import dev.quiver.error.Cancelled;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;

/// The errors of one Parquet file.
///
/// @param path what people call the file
record FileErrors(String path) {
    private static final String WRITE_AGAIN =
            "write or download the file again; `quiver schema FILE` shows what can be read of it";

    /// The file isn't what its format promises.
    QuiverException corrupt(String what) {
        return new QuiverException(
                ErrorCode.FILE_CORRUPT, what, List.of("file: " + path), WRITE_AGAIN);
    }

    QuiverException corrupt(String column, String what) {
        return new QuiverException(
                ErrorCode.FILE_CORRUPT,
                what,
                List.of("file: " + path, "column: " + column),
                WRITE_AGAIN);
    }

    QuiverException corrupt(String column, String what, Throwable cause) {
        return new QuiverException(
                ErrorCode.FILE_CORRUPT,
                what,
                List.of("file: " + path, "column: " + column),
                WRITE_AGAIN,
                cause);
    }

    /// A feature of the format that isn't there.
    QuiverException unsupported(String column, String what) {
        return new QuiverException(
                ErrorCode.UNSUPPORTED,
                what,
                List.of("file: " + path, "column: " + column),
                "select the other columns, or write the file again without it");
    }

    QuiverException failed(String doing, IOException cause) {
        if (cause instanceof ClosedByInterruptException)
            return new Cancelled(
                    doing + " was interrupted", List.of("file: " + path), "run it again", cause);
        return new QuiverException(
                ErrorCode.IO_FAILED,
                "%s failed: %s".formatted(doing, cause.getMessage()),
                List.of("file: " + path),
                "check the disk and the rights on the file",
                cause);
    }

    QuiverException changed() {
        return new QuiverException(
                ErrorCode.FILE_CHANGED,
                "the file changed after the query was planned",
                List.of("file: " + path),
                "run the query again, and write new files beside old ones while queries run");
    }

    QuiverException missing() {
        return new QuiverException(
                ErrorCode.FILE_NOT_FOUND,
                "no such file",
                List.of("file: " + path),
                "check the path; relative paths begin at the working directory");
    }
}
