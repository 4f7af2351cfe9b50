package dev.quiver.planner.source;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.nio.file.Path;
import java.util.List;

/// The files that a path, directory or pattern means at the moment, as readers find them.
public final class FilesThere {
    private FilesThere() {}

    /// Absolute paths, none when nothing is there yet.
    ///
    /// @param text as a reader takes it; it may be in a store
    /// @throws QuiverException when it isn't a pattern, or can't be listed
    public static List<Path> of(String text) {
        try {
            return new FileListing("", List.of(""), Path.of(""), true).list(List.of(text));
        } catch (QuiverException e) {
            if (e.code() == ErrorCode.FILE_NOT_FOUND) return List.of();
            throw e;
        }
    }
}
