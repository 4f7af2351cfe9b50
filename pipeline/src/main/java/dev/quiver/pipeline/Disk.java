package dev.quiver.pipeline;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What a pipeline does to the disk beside the files that its units write: every step of it is one
/// that a crash may come before or after.
interface Disk {
    /// A directory that one process has for itself, until it closes this.
    interface Hold extends AutoCloseable {
        @Override
        void close() throws IOException;
    }

    /// Holds a directory, which is there.
    ///
    /// @param owner what is kept there, for people
    /// @throws dev.quiver.error.Unavailable when another process holds it, or this one does already
    Hold hold(Path directory, String owner) throws IOException;

    /// Whether there is a file or directory.
    boolean exists(Path path);

    /// What is in a directory and has a name that begins with some letters, sorted; nothing when
    /// there is no such directory.
    List<Path> list(Path directory, String begin) throws IOException;

    /// The whole file.
    byte[] read(Path file) throws IOException;

    /// Puts bytes at a position, which becomes the end of the file behind them, and brings them to
    /// the disk.
    void write(Path file, long position, byte[] bytes) throws IOException;

    /// Puts a file in the place of another at once: afterwards there is the old one or the new one.
    void replace(Path file, byte[] bytes) throws IOException;

    /// Brings a file's bytes to the disk.
    void force(Path file) throws IOException;

    /// Brings the names in a directory to the disk.
    void forceDirectory(Path directory) throws IOException;

    /// Gives a file or directory another name; parents of it that are missing are made. Across file
    /// systems a file is copied.
    void move(Path from, Path to) throws IOException;

    /// Moves files of this machine or of a store into that store, each at once.
    ///
    /// @param files the new path of each
    void send(Map<Path, Path> files) throws IOException;

    /// Has a file under another name too; parents of it that are missing are made. A file system
    /// that can't do so copies it.
    void link(Path from, Path to) throws IOException;

    /// Deletes a file or directory with all that is in it; does nothing when there is none.
    void delete(Path path) throws IOException;

    /// Makes a directory and its parents.
    void createDirectories(Path directory) throws IOException;
}
