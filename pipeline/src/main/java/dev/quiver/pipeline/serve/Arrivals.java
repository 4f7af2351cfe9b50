package dev.quiver.pipeline.serve;

import dev.quiver.planner.source.FilesThere;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.SortedMap;
import java.util.TreeMap;

/// The files that are there now.
final class Arrivals {
    private Arrivals() {}

    /// @param files a path, directory or pattern, of this machine or a store
    /// @return what tells each file apart from another at its place
    static SortedMap<String, String> of(String files) throws IOException {
        var found = new TreeMap<String, String>();
        for (Path file : FilesThere.of(files)) {
            try {
                BasicFileAttributes there = Files.readAttributes(file, BasicFileAttributes.class);
                String version = there.size() + " " + there.lastModifiedTime().toMillis();
                found.put(file.toString(), version);
            } catch (NoSuchFileException _) {
                found.remove(file.toString()); // it went since its directory was looked at
            }
        }
        return found;
    }
}
