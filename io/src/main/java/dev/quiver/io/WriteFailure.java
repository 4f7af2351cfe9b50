package dev.quiver.io;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.util.List;

/// What people are told when a file system refuses what is written.
public final class WriteFailure {
    private WriteFailure() {}

    /// @param what couldn't be done, as in `can't publish 'out/'`
    /// @return an error of the code IO_FAILED
    public static QuiverException of(String what, IOException cause) {
        return new QuiverException(
                ErrorCode.IO_FAILED,
                "%s: %s".formatted(what, cause),
                List.of(),
                "check the path, its permissions and the space on its disk",
                cause);
    }
}
