package dev.quiver.conventions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// The working tree: its files by path relative to the root, without what a build makes.
final class Repository {
    private static final Set<String> DIRECTORIES_SKIPPED =
            Set.of(".git", ".quiver", "target", "node_modules", "venv", ".idea", ".vscode", "data");

    private Repository() {}

    /// The directory that holds the root pom.
    static Path root() {
        String given = System.getProperty("quiver.root", "");
        if (!given.isEmpty()) return Path.of(given);
        Path place = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(place.resolve(".mvn"))) {
            place =
                    Objects.requireNonNull(
                            place.getParent(), "no .mvn above the working directory");
        }
        return place;
    }

    /// The paths of all files, relative to the root, with `/`, in order.
    static List<String> files() {
        Path root = root();
        var found = new ArrayList<String>();
        try {
            Files.walkFileTree(
                    root,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult preVisitDirectory(
                                Path directory, BasicFileAttributes attributes) {
                            return DIRECTORIES_SKIPPED.contains(directory.getFileName().toString())
                                    ? FileVisitResult.SKIP_SUBTREE
                                    : FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFile(
                                Path file, BasicFileAttributes attributes) {
                            found.add(root.relativize(file).toString().replace('\\', '/'));
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException("walking " + root, e);
        }
        found.sort(null);
        return found;
    }

    /// The text of each file whose relative path matches the regular expression.
    static SortedMap<String, String> texts(String pathPattern) {
        var texts = new TreeMap<String, String>();
        for (String file : files()) {
            if (file.matches(pathPattern)) texts.put(file, text(file));
        }
        return texts;
    }

    /// The text of one file; bytes that aren't UTF-8 come out as replacement characters.
    static String text(String file) {
        try {
            return new String(
                    Files.readAllBytes(root().resolve(file)),
                    java.nio.charset.StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        }
    }
}
