package dev.quiver.pipeline;

import java.io.IOException;
import java.nio.file.Path;

/// What a pipeline does to the disk beside the files that its units write: every step of it is one
/// that a crash may come before or after.
interface Disk {
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

    /// Deletes a file or directory with all that is in it; does nothing when there is none.
    void delete(Path path) throws IOException;

    /// Makes a directory and its parents.
    void createDirectories(Path directory) throws IOException;
}
