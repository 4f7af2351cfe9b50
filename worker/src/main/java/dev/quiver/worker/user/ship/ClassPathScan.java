package dev.quiver.worker.user.ship;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.ZipException;

/// Reads a jar or directory of the class path: what is in it, and its hashes.
final class ClassPathScan {
    private static final int FILES_MAX = 20_000;
    private static final long FILE_BYTES_MAX = 64L << 20;
    private static final long DIRECTORY_BYTES_MAX = 512L << 20;
    private static final int JARS_KEPT_MAX = 4096;
    private static final Pattern SPACES = Pattern.compile("\\s+");
    private static final Pattern VERSIONED = Pattern.compile("^META-INF/versions/\\d+/");

    /// A jar as it was when it was hashed.
    private record JarVersion(Path file, long bytes, FileTime modified) {}

    /// Hashing all jars of a class path takes a while: once for each JVM.
    private static final Map<JarVersion, ClassPathElement.Jar> JARS =
            Collections.synchronizedMap(
                    new LinkedHashMap<>() {
                        private static final long serialVersionUID = 1L;

                        @Override
                        protected boolean removeEldestEntry(
                                Map.Entry<JarVersion, ClassPathElement.Jar> eldest) {
                            return size() > JARS_KEPT_MAX;
                        }
                    });

    private ClassPathScan() {}

    /// A jar or directory; empty when the file is neither, which a JVM passes over, too.
    ///
    /// @param bundles gets the parts
    static Optional<ClassPathElement> element(Path file, Bundles bundles) {
        try {
            return Optional.of(
                    Files.isDirectory(file) ? directory(file, bundles) : jar(file, bundles));
        } catch (ZipException e) {
            return Optional.empty();
        } catch (IOException | UncheckedIOException e) {
            throw new QuiverException(
                    ErrorCode.IO_FAILED,
                    "an element of the class path can't be read",
                    List.of("file: " + file, "because: " + e.getMessage()),
                    "take it off the class path, or make it readable",
                    e);
        }
    }

    private static ClassPathElement jar(Path file, Bundles bundles) throws IOException {
        var version = new JarVersion(file, Files.size(file), Files.getLastModifiedTime(file));
        ClassPathElement.Jar jar = JARS.get(version);
        if (jar == null) {
            var index = new TreeSet<String>();
            try (var opened = new JarFile(file.toFile(), false)) {
                opened.stream()
                        .map(e -> VERSIONED.matcher(e.getName()).replaceFirst(""))
                        .map(ClassPathElement.Jar::indexed)
                        .forEach(index::add);
            }
            jar =
                    new ClassPathElement.Jar(
                            file.getFileName().toString(), StoredFile.of(file), index);
            JARS.put(version, jar);
        }
        bundles.addParts(file, jar.content());
        return jar;
    }

    /// The files that a jar's manifest puts behind it on the class path.
    static List<Path> classPathOf(Path file) {
        if (Files.isDirectory(file)) return List.of();
        try (var opened = new JarFile(file.toFile(), false)) {
            Manifest manifest = opened.getManifest();
            String value =
                    manifest == null
                            ? null
                            : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            if (value == null) return List.of();
            var files = new ArrayList<Path>();
            for (String part : SPACES.split(value.strip(), -1)) {
                CellClass.file(file.toUri().resolve(part).toURL()).ifPresent(files::add);
            }
            return files;
        } catch (IOException | IllegalArgumentException e) {
            return List.of(); // a JVM passes over what it can't open, too
        }
    }

    private static ClassPathElement directory(Path root, Bundles bundles) throws IOException {
        var walk = new Walk(root, bundles);
        Files.walkFileTree(root, walk);
        return new ClassPathElement.Directory(
                String.valueOf(root.getFileName()), walk.files, walk.leftOut);
    }

    private static final class Walk extends SimpleFileVisitor<Path> {
        private final Path root;
        private final Bundles bundles;
        private final SortedMap<String, StoredFile> files = new TreeMap<>();
        private final SortedSet<String> leftOut = new TreeSet<>();
        private long bytes;

        Walk(Path root, Bundles bundles) {
            this.root = root;
            this.bundles = bundles;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            boolean hidden =
                    !directory.equals(root) && directory.getFileName().toString().startsWith(".");
            return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            if (!attributes.isRegularFile()) return FileVisitResult.CONTINUE;
            String name = root.relativize(file).toString().replace('\\', '/');
            boolean large = attributes.size() > FILE_BYTES_MAX;
            if (large || bytes + attributes.size() > DIRECTORY_BYTES_MAX) {
                leftOut.add(name);
                return FileVisitResult.CONTINUE;
            }
            if (files.size() == FILES_MAX)
                throw new IOException("more than %d files".formatted(FILES_MAX));
            StoredFile stored = StoredFile.of(file);
            bytes += stored.bytes();
            files.put(name, stored);
            bundles.addParts(file, stored);
            return FileVisitResult.CONTINUE;
        }
    }
}
