package dev.quiver.pipeline;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// A disk on which something goes wrong at a step that is counted.
final class TroubledDisk implements Disk {
    /// What goes wrong. Steps are counted from 1; what is written at the step may be torn.
    interface Trouble {
        /// Before the step.
        void before(long step, String what) throws IOException;

        /// How many of the bytes are written before [#before]'s trouble comes; -1 for none.
        default int torn(long step, int bytes) {
            return -1;
        }
    }

    private final Disk disk = new LocalDisk();
    private final Trouble trouble;
    private long steps;

    TroubledDisk(Trouble trouble) {
        this.trouble = trouble;
    }

    long steps() {
        return steps;
    }

    private void step(String what, Path path) throws IOException {
        trouble.before(++steps, what + " " + path);
    }

    @Override
    public Hold hold(Path directory, String owner) throws IOException {
        return disk.hold(directory, owner);
    }

    @Override
    public boolean exists(Path path) {
        return disk.exists(path);
    }

    @Override
    public List<Path> list(Path directory, String begin) throws IOException {
        return disk.list(directory, begin);
    }

    @Override
    public void send(Map<Path, Path> files) throws IOException {
        for (Map.Entry<Path, Path> file : files.entrySet()) move(file.getKey(), file.getValue());
    }

    @Override
    public byte[] read(Path file) throws IOException {
        return disk.read(file);
    }

    @Override
    public void write(Path file, long position, byte[] bytes) throws IOException {
        int torn = trouble.torn(steps + 1, bytes.length);
        if (torn >= 0) disk.write(file, position, Arrays.copyOf(bytes, torn));
        step("write", file);
        disk.write(file, position, bytes);
        step("written", file);
    }

    @Override
    public void replace(Path file, byte[] bytes) throws IOException {
        step("replace", file);
        disk.replace(file, bytes);
        step("replaced", file);
    }

    @Override
    public void force(Path file) throws IOException {
        step("force", file);
        disk.force(file);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        step("force directory", directory);
        disk.forceDirectory(directory);
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        step("move", from);
        disk.move(from, to);
        step("moved", to);
    }

    @Override
    public void link(Path from, Path to) throws IOException {
        step("link", from);
        disk.link(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
        step("delete", path);
        disk.delete(path);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        step("create directories", directory);
        disk.createDirectories(directory);
    }
}
