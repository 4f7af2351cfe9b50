package dev.quiver.io.store;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The remote files that this process has looked at. What is kept of them goes when the last
/// session that uses them ends.
final class RemoteFiles {
    private final Backoff backoff;
    private final Path temporary;
    private final Map<String, Store> stores = new HashMap<>();
    private final Map<String, RemoteFile> files = new HashMap<>();

    /// One lock for each address, so that a file is opened once.
    private final Map<String, Object> opening = new HashMap<>();

    private final List<RemoteFile> replaced = new ArrayList<>();
    private @Nullable SpoolFolder folder;
    private int users;

    /// @param temporary where the spool folder is made
    RemoteFiles(Backoff backoff, Path temporary) {
        this.backoff = backoff;
        this.temporary = temporary;
    }

    Backoff backoff() {
        return backoff;
    }

    synchronized void begin() {
        users++;
    }

    synchronized void end() {
        users--;
        if (users == 0) clear();
    }

    /// Forgets all files; their parts on this machine go.
    synchronized void clear() {
        files.values().forEach(RemoteFile::close);
        replaced.forEach(RemoteFile::close);
        stores.values().forEach(Store::close);
        files.clear();
        replaced.clear();
        stores.clear();
        opening.clear();
        if (folder != null) folder.close();
        folder = null;
    }

    synchronized void add(Store store) {
        for (String scheme : store.schemes()) stores.put(scheme, store);
    }

    /// The store that an address belongs to.
    synchronized Store store(String url) {
        String scheme = url.substring(0, url.indexOf(':'));
        return stores.computeIfAbsent(scheme, this::newStore);
    }

    private Store newStore(String scheme) {
        if (scheme.startsWith("http")) {
            String other = scheme.equals("http") ? "https" : "http";
            Store known = stores.get(other);
            return known == null ? new HttpStore() : known;
        }
        Optional<Store> found = Store.find(scheme);
        return found.orElseThrow(() ->
                new QuiverException(
                        ErrorCode.UNSUPPORTED,
                        "addresses %s:// need a part of Quiver that isn't there".formatted(scheme),
                        List.of(),
                        "add the artifact dev.quiver:quiver-%s to the class path"
                                .formatted(scheme.startsWith("s3") ? "s3" : scheme)));
    }

    /// A new folder on this machine for what goes to a store, which isn't made yet. It goes with
    /// the last session at the latest.
    Path newFolder() {
        return folder().newFile();
    }

    /// The file as it was when it was looked at last, or is, when it never was.
    RemoteFile file(String url) {
        synchronized (opening(url)) {
            RemoteFile known = known(url);
            return known == null ? look(url) : known;
        }
    }

    private synchronized Object opening(String url) {
        return opening.computeIfAbsent(url, _ -> new Object());
    }

    private synchronized @Nullable RemoteFile known(String url) {
        return files.get(url);
    }

    /// The file as it is now. Readers of an older version read that on, or learn that it is gone.
    RemoteFile look(String url) {
        synchronized (opening(url)) {
            RemoteFile known = known(url);
            RemoteFile now = RemoteFile.open(url, store(url), backoff, known, folder());
            if (now != known) put(url, now);
            return now;
        }
    }

    private synchronized void put(String url, RemoteFile now) {
        RemoteFile before = files.put(url, now);
        if (before != null) replaced.add(before);
    }

    private synchronized SpoolFolder folder() {
        SpoolFolder made = folder;
        if (made == null) made = new SpoolFolder(temporary);
        folder = made;
        return made;
    }
}
