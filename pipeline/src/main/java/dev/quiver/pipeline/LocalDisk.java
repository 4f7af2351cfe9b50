package dev.quiver.pipeline;

import dev.quiver.io.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The file systems of this machine.
final class LocalDisk implements Disk {
    @Override
    public Hold hold(Path directory, String owner) throws IOException {
        return LockFile.hold(directory, owner);
    }

    @Override
    public boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public List<Path> list(Path directory, String begin) throws IOException {
        if (!Files.isDirectory(directory)) return List.of();
        try (Stream<Path> found = Files.list(directory)) {
            return found.filter(path -> String.valueOf(path.getFileName()).startsWith(begin))
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public void send(Map<Path, Path> files) throws IOException {
        for (Map.Entry<Path, Path> file : files.entrySet()) move(file.getKey(), file.getValue());
    }

    @Override
    public byte[] read(Path file) throws IOException {
        return Files.readAllBytes(file);
    }

    @Override
    public void write(Path file, long position, byte[] bytes) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            put(channel, position, bytes);
        }
    }

    private static void put(FileChannel channel, long position, byte[] bytes) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) channel.write(rest, position + rest.position());
        if (channel.size() > position + bytes.length) channel.truncate(position + bytes.length);
        channel.force(true);
    }

    @Override
    public void replace(Path file, byte[] bytes) throws IOException {
        WholeFile.replace(file, bytes);
    }

    @Override
    public void force(Path file) throws IOException {
        WholeFile.force(file);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        WholeFile.forceDirectory(directory);
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        createDirectories(parent(to));
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            if (Files.isDirectory(from)) throw e;
            Path copy = to.resolveSibling("." + to.getFileName() + ".copy");
            Files.copy(from, copy, StandardCopyOption.REPLACE_EXISTING);
            force(copy);
            Files.move(copy, to, StandardCopyOption.ATOMIC_MOVE);
            Files.delete(from);
        }
    }

    @Override
    public void link(Path from, Path to) throws IOException {
        createDirectories(parent(to));
        try {
            Files.createLink(to, from);
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
            force(to);
        }
    }

    @Override
    public void delete(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) return;
        List<Path> all;
        try (Stream<Path> found = Files.walk(path)) {
            all = found.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path one : all) Files.deleteIfExists(one);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        Files.createDirectories(directory);
    }

    /// All files below a directory, sorted; none when it isn't there.
    static List<Path> files(Path top) throws IOException {
        if (!Files.exists(top)) return List.of();
        try (Stream<Path> found = Files.walk(top)) {
            return found.filter(Files::isRegularFile).sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    static Path parent(Path path) {
        Path parent = path.getParent();
        return parent == null ? path : parent;
    }
}
