package dev.quiver.cluster.security;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Files that only their owner may read, since they hold secrets.
final class OwnerFile {
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    private static final Set<PosixFilePermission> OTHERS =
            EnumSet.of(
                    PosixFilePermission.GROUP_READ,
                    PosixFilePermission.GROUP_WRITE,
                    PosixFilePermission.OTHERS_READ,
                    PosixFilePermission.OTHERS_WRITE);

    private OwnerFile() {}

    /// The text of a file that nobody else may read or change.
    ///
    /// @param role what the file is, such as `the private key`
    /// @throws QuiverException CONFIG_INVALID when it isn't there, or others may read or change it
    static String read(Path file, String role) {
        try {
            if (POSIX) {
                Set<PosixFilePermission> given =
                        EnumSet.copyOf(Files.getPosixFilePermissions(file));
                given.retainAll(OTHERS);
                if (!given.isEmpty())
                    throw new QuiverException(
                            ErrorCode.CONFIG_INVALID,
                            "others than its owner may read or change %s".formatted(role),
                            List.of("file: " + file.toAbsolutePath()),
                            "chmod 600 " + file);
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw unreadable(file, role, e);
        }
    }

    static QuiverException unreadable(Path file, String role, Exception cause) {
        return new QuiverException(
                ErrorCode.CONFIG_INVALID,
                "can't read " + role,
                List.of("file: " + file.toAbsolutePath(), "cause: " + cause),
                "see that it is there and that this user may read it",
                cause);
    }

    /// Writes a file that nobody else may read, at once: a reader sees all of it or none.
    static void write(Path file, String text) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(beside);
        try (var out =
                Files.newByteChannel(
                        beside,
                        EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        owners("rw-------"))) {
            var bytes = java.nio.ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) out.write(bytes);
        }
        Files.move(
                beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /// Makes a directory that nobody else may enter, unless it is there.
    static void directory(Path directory) throws IOException {
        if (Files.isDirectory(directory)) return;
        Path parent = directory.toAbsolutePath().getParent();
        if (parent != null) Files.createDirectories(parent);
        Files.createDirectory(directory, owners("rwx------"));
    }

    private static FileAttribute<?>[] owners(String permissions) {
        if (!POSIX) return new FileAttribute<?>[0];
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        };
    }
}
