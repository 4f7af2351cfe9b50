package dev.quiver.io.store;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/// The way to files, wherever they are: `data/x.csv`, `https://host/x.csv`, `s3://bucket/x.csv`.
///
/// A remote file is a path like any other: [java.nio.file.Files] says its size and time of change,
/// and [FileChannel#open] reads it. Its bytes come when they are first read, requests that may go
/// well later are tried again, and a file that changes meanwhile is an error (FILE_CHANGED).
public final class Stores {
    private static final Pattern REMOTE = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+://.*");
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

    /// Looks at remote files again, which may have changed since they were read last.
    ///
    /// @throws QuiverException FILE_NOT_FOUND; IO_FAILED, also when it may not be read
    public static void look(Collection<Path> paths) {
        Requests.each("reading", paths, Stores::look);
    }

    private static void look(Path path) {
        if (path instanceof RemotePath remote) remote.system().files().look(path.toString());
    }

    /// The files whose addresses begin so, sorted.
    ///
    /// @throws QuiverException (IO_FAILED) also when the store doesn't list
    public static List<Path> list(String prefix) {
        return run("listing", prefix, store -> store.list(prefix)).stream()
                .map(Stores::path)
                .toList();
    }

    /// Whether there is a remote file.
    public static boolean exists(Path path) {
        String url = path.toString();
        return run("looking for", url, store -> store.exists(url));
    }

    /// Whether the store of a remote path takes files.
    public static boolean isWritable(Path path) {
        return SYSTEM.files().store(path.toString()).isWritable();
    }

    /// A new folder on this machine for what is to be sent, which isn't made yet.
    public static Path newFolder() {
        return SYSTEM.files().newFolder();
    }

    /// Sends files of this machine, none of which anybody sees before [SentFiles#complete].
    ///
    /// @param files of one store, by the path that each is to have
    /// @throws QuiverException IO_FAILED
    public static SentFiles send(Map<Path, Path> files) {
        var byUrl = new TreeMap<String, Path>();
        files.forEach((path, file) -> byUrl.put(path.toString(), file));
        RemoteFiles remote = SYSTEM.files();
        return SentFiles.send(remote.store(byUrl.firstKey()), remote.backoff(), byUrl);
    }

    /// Removes a remote file; one that isn't there is no error.
    public static void delete(Path path) {
        String url = path.toString();
        run(
                "deleting",
                url,
                store -> {
                    store.delete(url);
                    return true;
                });
    }

    /// Removes remote files, several at a time.
    public static void delete(Collection<Path> paths) {
        Requests.each("deleting", paths, Stores::delete);
    }

    /// Makes remote files that are the same as others of their store, several at a time.
    ///
    /// @param files the new file of each
    public static void copy(Map<Path, Path> files) {
        Requests.each(
                "copying", files.keySet(), from -> copy(from, files.getOrDefault(from, from)));
    }

    private static void copy(Path from, Path to) {
        String url = from.toString();
        run(
                "copying",
                url,
                store -> {
                    store.copy(url, to.toString());
                    return true;
                });
    }

    /// What is in a remote file now, which must be small; empty when there is none.
    public static Optional<byte[]> content(Path path) {
        String url = path.toString();
        return run("reading", url, store -> content(store, url));
    }

    private static Optional<byte[]> content(Store store, String url)
            throws IOException, InterruptedException {
        try (Reply reply = store.read(url, 0, Integer.MAX_VALUE, "")) {
            byte[] bytes = reply.body().readAllBytes();
            if (reply.size() >= 0 && bytes.length != reply.size())
                throw new EOFException(
                        "%d of %d bytes arrived".formatted(bytes.length, reply.size()));
            return Optional.of(bytes);
        } catch (StoreFailure e) {
            if (e.kind() == StoreFailure.Kind.MISSING) return Optional.empty();
            throw e;
        }
    }

    /// What is in small remote files, asked for several at a time.
    ///
    /// @throws QuiverException FILE_NOT_FOUND also when one isn't there
    public static Map<Path, byte[]> contents(Collection<Path> paths) {
        var contents = new ConcurrentHashMap<Path, byte[]>();
        Requests.each(
                "reading",
                paths,
                path -> contents.put(path, content(path).orElseThrow(() -> Backoff.gone(path))));
        return contents;
    }

    /// Puts a small remote file unless there is one of this name.
    ///
    /// @return whether it was put; after an answer that got lost it may be there nevertheless
    public static boolean putNew(Path path, byte[] content) {
        String url = path.toString();
        try {
            run(
                    "writing",
                    url,
                    store -> {
                        store.put(url, content, true);
                        return true;
                    });
            return true;
        } catch (QuiverException e) {
            if (e.code() == ErrorCode.TARGET_EXISTS) return false;
            throw e;
        }
    }

    /// Puts a small remote file.
    public static void put(Path path, byte[] content) {
        String url = path.toString();
        run(
                "writing",
                url,
                store -> {
                    store.put(url, content, false);
                    return true;
                });
    }

    /// A request to a store.
    private interface Request<T> {
        T send(Store store) throws IOException, InterruptedException;
    }

    private static <T> T run(String doing, String url, Request<T> request) {
        RemoteFiles files = SYSTEM.files();
        Store store = files.store(url);
        return files.backoff().run(doing, url, () -> request.send(store));
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
