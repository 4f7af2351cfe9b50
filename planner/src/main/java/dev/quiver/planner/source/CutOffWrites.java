package dev.quiver.planner.source;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/// Where a write keeps what it makes and what it replaces until it is done: in a hidden directory
/// beside the target, `.NAME.quiver-UUID`.
///
/// A write that replaces a directory renames twice: the old one to `old` in there, the new one to
/// its name. A process killed between the two leaves no target but an `old`, from which the target
/// is brought back.
public final class CutOffWrites {
    private static final String OLD = "old";

    private CutOffWrites() {}

    /// A new staging directory for a target, which isn't made yet.
    public static Path staging(Path target) {
        return target.resolveSibling(prefix(target) + UUID.randomUUID());
    }

    private static String prefix(Path target) {
        return ".%s.quiver-".formatted(target.getFileName());
    }

    /// Where a write sets aside what it replaces.
    public static Path old(Path staging) {
        return staging.resolve(OLD);
    }

    /// What a write that was cut off has set aside; empty when the target is there or none was.
    ///
    /// @param target absolute
    public static Optional<Path> setAside(Path target) throws IOException {
        Path directory = target.getParent();
        if (directory == null
                || target.getFileName() == null
                || !Files.isDirectory(directory)
                || Files.exists(target, LinkOption.NOFOLLOW_LINKS)) return Optional.empty();
        String prefix = prefix(target);
        try (DirectoryStream<Path> stagings =
                Files.newDirectoryStream(
                        directory, path -> path.getFileName().toString().startsWith(prefix))) {
            for (Path staging : stagings)
                if (Files.exists(old(staging), LinkOption.NOFOLLOW_LINKS))
                    return Optional.of(old(staging));
        }
        return Optional.empty();
    }
}
