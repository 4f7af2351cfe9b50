package dev.quiver.cluster.fault;

import dev.quiver.cluster.process.Rehearsal;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// What processes of tests need to start, as a rehearsal has written it down: most of the time that
/// such tests take is the start of JVMs. Made once for what the class path holds; JVMs want all of
/// it in jars.
///
/// @param classPath of jars
/// @param options of the JVM, none where it couldn't be made
record PreparedStart(String classPath, List<String> options) {
    private static final long PATIENCE_SECONDS = 120;

    /// The `main` of the rehearsal.
    static final class Rehearsing {
        private Rehearsing() {}

        public static void main(String[] arguments) {
            Rehearsal.run(1);
        }
    }

    /// @param java the command and the flags that processes will have
    static PreparedStart of(List<String> java, String classPath) {
        try {
            Path folder = Files.createDirectories(Path.of("target", "prepared-start"));
            try (FileChannel file =
                            FileChannel.open(
                                    folder.resolve("lock"),
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.WRITE);
                    FileLock _ = file.lock()) {
                return prepared(java, classPath, folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static PreparedStart prepared(List<String> java, String classPath, Path folder)
            throws IOException, InterruptedException {
        Path own = folder.resolve(Long.toHexString(fingerprint(java, classPath)));
        Path cache = own.resolve("nodes.aot");
        String jars = inJars(classPath, own);
        if (!Files.exists(own.resolve("done"))) {
            Files.createDirectories(own);
            var command = new ArrayList<>(java);
            command.addAll(List.of("-XX:AOTCacheOutput=" + cache, "-cp", jars));
            command.add(Rehearsing.class.getName());
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(own.resolve("log").toFile())
                            .start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) process.destroyForcibly();
            Files.createFile(own.resolve("done"));
        }
        return new PreparedStart(
                jars, Files.exists(cache) ? List.of("-XX:AOTCache=" + cache) : List.of());
    }

    private static long fingerprint(List<String> java, String classPath) throws IOException {
        var sum = new CRC32();
        sum.update(String.join(" ", java).getBytes());
        for (String entry : classPath.split(File.pathSeparator)) {
            if (!Files.exists(Path.of(entry))) continue;
            try (Stream<Path> files = Files.walk(Path.of(entry))) {
                for (Path file : files.sorted().toList())
                    sum.update(
                            "%s %d %s"
                                    .formatted(
                                            file, Files.size(file), Files.getLastModifiedTime(file))
                                    .getBytes());
            }
        }
        return sum.getValue();
    }

    /// The same class path without directories.
    private static String inJars(String classPath, Path folder) throws IOException {
        var entries = new ArrayList<String>();
        for (String entry : classPath.split(File.pathSeparator)) {
            Path path = Path.of(entry);
            if (!Files.isDirectory(path)) {
                entries.add(entry);
                continue;
            }
            Path jar = folder.resolve("classes-%d.jar".formatted(entries.size())).toAbsolutePath();
            if (!Files.exists(jar)) jar(path, jar);
            entries.add(jar.toString());
        }
        return String.join(File.pathSeparator, entries);
    }

    private static void jar(Path directory, Path jar) throws IOException {
        Files.createDirectories(jar.getParent());
        Path part = jar.resolveSibling(jar.getFileName() + ".part");
        try (OutputStream out = Files.newOutputStream(part);
                var zip = new ZipOutputStream(out);
                Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                zip.putNextEntry(
                        new ZipEntry(
                                directory
                                        .relativize(file)
                                        .toString()
                                        .replace(File.separatorChar, '/')));
                Files.copy(file, zip);
            }
        }
        Files.move(part, jar);
    }
}
