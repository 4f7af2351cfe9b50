package dev.quiver.pipeline;

import dev.quiver.io.store.SentFiles;
import dev.quiver.io.store.Stores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/// The file systems of this machine, and stores such as S3. In these what was put is there for good
/// and for everybody, directories are what names have in common, and only files in a directory that
/// is held can grow.
final class StoreDisk implements Disk {
    private final Disk local;
    private final Map<Path, StoreHold> holds = new ConcurrentHashMap<>();
    private final Map<Path, StoreFile> files = new ConcurrentHashMap<>();

    /// @param local for what is on this machine
    StoreDisk(Disk local) {
        this.local = local;
    }

    @Override
    public Hold hold(Path directory, String owner) throws IOException {
        if (!Stores.isRemote(directory)) return local.hold(directory, owner);
        StoreHold hold = StoreHold.hold(directory, owner);
        holds.put(directory, hold);
        return () -> {
            holds.remove(directory);
            files.keySet().removeIf(file -> file.startsWith(directory));
            hold.close();
        };
    }

    private StoreFile file(Path file) {
        return files.computeIfAbsent(file, this::newFile);
    }

    private StoreFile newFile(Path file) {
        StoreHold hold = holds.get(LocalDisk.parent(file));
        if (hold == null) throw new IllegalStateException("nobody holds the folder of " + file);
        return new StoreFile(file, hold);
    }

    private boolean isHeld(Path file) {
        return holds.containsKey(LocalDisk.parent(file));
    }

    @Override
    public boolean exists(Path path) {
        if (!Stores.isRemote(path)) return local.exists(path);
        return Stores.exists(path) || !Stores.list(path + "/").isEmpty();
    }

    @Override
    public List<Path> list(Path directory, String begin) throws IOException {
        if (!Stores.isRemote(directory)) return local.list(directory, begin);
        var found = new TreeSet<Path>();
        String folder = directory.toString();
        String prefix = folder.endsWith("/") ? folder : folder + "/";
        for (Path file : Stores.list(prefix + begin))
            found.add(directory.resolve(directory.relativize(file).getName(0)));
        return List.copyOf(found);
    }

    @Override
    public byte[] read(Path file) throws IOException {
        return Stores.isRemote(file) ? file(file).read() : local.read(file);
    }

    @Override
    public void write(Path file, long position, byte[] bytes) throws IOException {
        if (Stores.isRemote(file)) file(file).write(position, bytes);
        else local.write(file, position, bytes);
    }

    @Override
    public void replace(Path file, byte[] bytes) throws IOException {
        if (!Stores.isRemote(file)) local.replace(file, bytes);
        else if (isHeld(file)) file(file).replace(bytes);
        else Stores.put(file, bytes);
    }

    @Override
    public void force(Path file) throws IOException {
        if (!Stores.isRemote(file)) local.force(file);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        if (!Stores.isRemote(directory)) local.forceDirectory(directory);
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        if (Stores.isRemote(to)) send(Map.of(from, to));
        else local.move(from, to);
    }

    @Override
    public void send(Map<Path, Path> moved) throws IOException {
        var sent = new HashMap<Path, Path>();
        var copied = new HashMap<Path, Path>();
        for (Map.Entry<Path, Path> file : moved.entrySet()) {
            if (Stores.isRemote(file.getKey())) copied.put(file.getKey(), file.getValue());
            else sent.put(file.getValue(), file.getKey());
        }
        if (!sent.isEmpty()) {
            try (SentFiles files = Stores.send(sent)) {
                files.complete();
            }
        }
        Stores.copy(copied);
        for (Path file : sent.values()) local.delete(file);
        Stores.delete(copied.keySet());
    }

    @Override
    public void link(Path from, Path to) throws IOException {
        if (Stores.isRemote(from)) Stores.copy(Map.of(from, to));
        else local.link(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
        if (!Stores.isRemote(path)) {
            local.delete(path);
            return;
        }
        files.remove(path);
        Stores.delete(Stores.list(path + "/"));
        Stores.delete(path);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        if (!Stores.isRemote(directory)) local.createDirectories(directory);
    }
}
