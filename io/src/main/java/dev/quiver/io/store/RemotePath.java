package dev.quiver.io.store;

import java.net.URI;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;

/// The address of a remote file, or of a folder of such files. Always absolute; names alone are
/// plain relative paths.
///
/// @param root scheme and host or bucket, with a slash at the end
/// @param names the parts behind it
record RemotePath(RemoteFileSystem system, String root, List<String> names) implements Path {
    RemotePath {
        names = List.copyOf(names);
    }

    static RemotePath of(RemoteFileSystem system, String url) {
        int host = url.indexOf("://") + 3;
        int slash = url.indexOf('/', host);
        if (slash < 0) return new RemotePath(system, url + "/", List.of());
        return new RemotePath(system, url.substring(0, slash + 1), List.of())
                .resolve(url.substring(slash + 1));
    }

    private RemotePath with(List<String> changed) {
        return new RemotePath(system, root, changed);
    }

    @Override
    public RemoteFileSystem getFileSystem() {
        return system;
    }

    @Override
    public boolean isAbsolute() {
        return true;
    }

    @Override
    public RemotePath getRoot() {
        return with(List.of());
    }

    @Override
    public Path getFileName() {
        return Path.of(names.isEmpty() ? "" : names.getLast());
    }

    @Override
    public @org.jspecify.annotations.Nullable RemotePath getParent() {
        return names.isEmpty() ? null : with(names.subList(0, names.size() - 1));
    }

    @Override
    public int getNameCount() {
        return names.size();
    }

    @Override
    public Path getName(int index) {
        return Path.of(names.get(index));
    }

    @Override
    public Path subpath(int from, int to) {
        return Path.of(String.join("/", names.subList(from, to)));
    }

    @Override
    public boolean startsWith(Path other) {
        return other instanceof RemotePath remote
                && remote.root.equals(root)
                && remote.names.size() <= names.size()
                && names.subList(0, remote.names.size()).equals(remote.names);
    }

    @Override
    public boolean endsWith(Path other) {
        return equals(other)
                || (!other.isAbsolute()
                        && other.getNameCount() <= names.size()
                        && subpath(names.size() - other.getNameCount(), names.size())
                                .equals(other));
    }

    @Override
    public RemotePath normalize() {
        return this;
    }

    @Override
    public Path resolve(Path other) {
        return other.isAbsolute() ? other : resolve(other.toString());
    }

    @Override
    public RemotePath resolve(String other) {
        if (other.isEmpty()) return this;
        var all = new java.util.ArrayList<>(names);
        for (String name : other.split("/", -1)) all.add(name);
        if (all.getLast().isEmpty()) all.removeLast();
        return with(all);
    }

    @Override
    public RemotePath resolveSibling(String other) {
        RemotePath parent = getParent();
        return parent == null ? getRoot().resolve(other) : parent.resolve(other);
    }

    @Override
    public Path relativize(Path other) {
        if (!other.startsWith(this))
            throw new IllegalArgumentException("'%s' is not below '%s'".formatted(other, this));
        return names.size() == other.getNameCount()
                ? Path.of("")
                : other.subpath(names.size(), other.getNameCount());
    }

    @Override
    public URI toUri() {
        return URI.create(toString());
    }

    @Override
    public RemotePath toAbsolutePath() {
        return this;
    }

    @Override
    public RemotePath toRealPath(LinkOption... options) {
        return this;
    }

    @Override
    public WatchKey register(
            WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException("remote files can't be watched");
    }

    @Override
    public int compareTo(Path other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RemotePath remote
                && remote.root.equals(root)
                && remote.names.equals(names);
    }

    @Override
    public int hashCode() {
        return 31 * root.hashCode() + names.hashCode();
    }

    @Override
    public String toString() {
        return root + String.join("/", names);
    }
}
