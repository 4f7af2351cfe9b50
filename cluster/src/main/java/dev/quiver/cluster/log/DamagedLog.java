package dev.quiver.cluster.log;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.nio.file.Path;
import java.util.List;

/// The file of a log can't be read.
final class DamagedLog extends QuiverException {
    private static final long serialVersionUID = 1;

    /// @param from where it can't be read
    /// @param to from where on it can again
    DamagedLog(Path file, long from, long to) {
        this(
                file,
                "the log of jobs in %s is damaged from byte %d to byte %d"
                        .formatted(file, from, to));
    }

    DamagedLog(Path file, String what) {
        super(
                ErrorCode.FILE_CORRUPT,
                what,
                List.of("file: " + file),
                "bring the directory back from a copy, or give up its jobs: start with another"
                        + " --dir");
    }
}
