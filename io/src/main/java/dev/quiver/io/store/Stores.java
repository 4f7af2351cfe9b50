package dev.quiver.io.store;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// The way to files, wherever they are: `data/x.csv`, `https://host/x.csv`, `s3://bucket/x.csv`.
///
/// A remote file is a path like any other: [java.nio.file.Files] says its size and time of change,
/// and [FileChannel#open] reads it. Its bytes come when they are first read, requests that may go
/// well later are tried again, and a file that changes meanwhile is an error (FILE_CHANGED).
public final class Stores {
    private static final Pattern REMOTE = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+://.+");
    private static final RemoteFileSystem SYSTEM =
            new RemoteFileSystem(
                    new RemoteFiles(
                            Backoff.STANDARD, Path.of(System.getProperty("java.io.tmpdir"))));

    private Stores() {}

    /// Whether a text is the address of something remote.
    public static boolean isRemote(String text) {
        return REMOTE.matcher(text).matches();
    }

    public static boolean isRemote(Path path) {
        return path instanceof RemotePath;
    }

    /// The file that a text names.
    ///
    /// @throws java.nio.file.InvalidPathException when it can't be one
    public static Path path(String text) {
        if (!isRemote(text)) return Path.of(text);
        int scheme = text.indexOf(':');
        String url = text.substring(0, scheme).toLowerCase(Locale.ROOT) + text.substring(scheme);
        return url.startsWith("file://") ? Path.of(url.substring(7)) : SYSTEM.getPath(url);
    }

    /// Looks at a remote file again, which may have changed since it was read last.
    ///
    /// @throws QuiverException FILE_NOT_FOUND; IO_FAILED, also when it may not be read
    public static void look(Path path) {
        if (path instanceof RemotePath remote) remote.system().files().look(path.toString());
    }

    /// The files whose addresses begin so, sorted.
    ///
    /// @throws QuiverException (IO_FAILED) also when the store doesn't list
    public static List<Path> list(String prefix) {
        RemoteFiles files = SYSTEM.files();
        return files
                .backoff()
                .run("listing", prefix, () -> files.store(prefix).list(prefix))
                .stream()
                .map(Stores::path)
                .toList();
    }

    /// Tells a channel that bytes `[from, to)` will be read in order, so that those of a remote
    /// file come by few requests.
    public static void expect(FileChannel channel, long from, long to) {
        if (channel instanceof RemoteChannel remote) remote.expect(from, to);
    }

    /// A use of remote files: what is kept of them on this machine goes with the last one.
    public static Use use() {
        SYSTEM.files().begin();
        return new Use();
    }

    /// Closed when no more remote files are read.
    public static final class Use implements AutoCloseable {
        private boolean closed;

        private Use() {}

        @Override
        public synchronized void close() {
            if (closed) return;
            closed = true;
            SYSTEM.files().end();
        }
    }
}
