package dev.quiver.io.arrow;

import dev.quiver.error.Cancelled;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;

/// What can be wrong with an Arrow file, as errors that name it.
record ArrowTrouble(String path) {
    QuiverException corrupt(String what) {
        return new QuiverException(
                ErrorCode.FILE_CORRUPT,
                what,
                List.of("file: " + path),
                "the file is damaged or was cut off: write or get it again");
    }

    QuiverException corrupt(RuntimeException cause) {
        return new QuiverException(
                ErrorCode.FILE_CORRUPT,
                "its messages contradict each other (%s)".formatted(cause),
                List.of("file: " + path),
                "the file is damaged or was cut off: write or get it again",
                cause);
    }

    QuiverException unsupported(String column, String what) {
        return new QuiverException(
                ErrorCode.UNSUPPORTED,
                what,
                List.of("file: " + path, "column: " + column),
                "write the file again with another type, or without the column");
    }

    QuiverException failed(IOException cause) {
        if (cause instanceof ClosedByInterruptException)
            return new Cancelled(
                    "reading '%s' was interrupted".formatted(path), List.of(), "", cause);
        return new QuiverException(
                ErrorCode.IO_FAILED,
                "reading '%s' failed: %s".formatted(path, cause),
                List.of(),
                "check the file's permissions and the disk",
                cause);
    }
}
