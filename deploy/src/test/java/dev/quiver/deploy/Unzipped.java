package dev.quiver.deploy;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/// Quiver as it is when a distribution was unzipped, of the classes of this test. Its nodes start
/// with what a rehearsal wrote down, as a person's do, which takes half of the time; the rehearsal
/// is made once for the same classes, whoever is first.
final class Unzipped {
    private static final Path PLACE = Path.of("target", "unzipped").toAbsolutePath();

    /// Nodes of tests don't live long enough for code to be compiled well.
    private static final String FLAG = "-XX:TieredStopAtLevel=1\n";

    private Unzipped() {}

    /// Where it is.
    static Path root() throws IOException, InterruptedException {
        List<Path> entries =
                Stream.of(
                                System.getProperty(
                                                "surefire.test.class.path",
                                                System.getProperty("java.class.path"))
                                        .split(File.pathSeparator))
                        .map(Path::of)
                        .filter(Files::exists)
                        .toList();
        Files.createDirectories(PLACE);
        try (FileChannel file =
                        FileChannel.open(
                                PLACE.resolve("lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                var _ = file.lock()) {
            Path root = PLACE.resolve(Long.toHexString(fingerprint(entries)));
            if (!Files.exists(root.resolve("complete"))) {
                lay(root, entries);
                rehearse(root);
                Files.createFile(root.resolve("complete"));
            }
            return root;
        }
    }

    private static long fingerprint(List<Path> entries) throws IOException {
        var sum = new CRC32();
        for (Path entry : entries)
            try (Stream<Path> files = Files.walk(entry)) {
                for (Path file : files.sorted().toList())
                    sum.update(
                            "%s %d %s"
                                    .formatted(
                                            file, Files.size(file), Files.getLastModifiedTime(file))
                                    .getBytes());
            }
        return sum.getValue();
    }

    private static void lay(Path root, List<Path> entries) throws IOException {
        Path repository = Clone.repository();
        Files.createDirectories(root.resolve(".mvn"));
        Path flags = Files.createDirectories(root.resolve("jvm"));
        Path lib = Files.createDirectories(root.resolve("lib"));
        for (String file : List.of("quiver", ".mvn/find-jdk.sh"))
            if (!Files.exists(root.resolve(file)))
                Files.copy(repository.resolve(file), root.resolve(file));
        String ofNodes = Files.readString(repository.resolve("deploy/src/main/jvm/node.options"));
        Files.writeString(flags.resolve("node.options"), ofNodes + FLAG);
        for (int i = 0; i < entries.size(); i++) {
            Path entry = entries.get(i);
            Path jar = lib.resolve("%03d-%s.jar".formatted(i, entry.getFileName()));
            Files.deleteIfExists(jar);
            if (Files.isDirectory(entry)) jar(entry, jar);
            else Files.createSymbolicLink(jar, entry);
        }
    }

    private static void jar(Path directory, Path jar) throws IOException {
        try (OutputStream out = Files.newOutputStream(jar);
                var entries = new JarOutputStream(out);
                Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String name = directory.relativize(file).toString();
                entries.putNextEntry(new JarEntry(name.replace(File.separatorChar, '/')));
                Files.copy(file, entries);
            }
        }
    }

    /// The launcher does that before any node, also before one that is called wrongly.
    private static void rehearse(Path root) throws IOException, InterruptedException {
        List<String> words = List.of(root.resolve("quiver").toString(), "cluster");
        Spoken.byProcess(root, environment(), words);
    }

    /// By which the launcher finds the JDK of this process.
    static Map<String, String> environment() {
        return Map.of(
                "QUIVER_JAVA_HOME", System.getProperty("java.home"), "PATH", System.getenv("PATH"));
    }
}
