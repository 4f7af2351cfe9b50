package dev.quiver.deploy;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.pipeline.history.Json;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What Jupyter reads to start a kernel: a directory with a `kernel.json`, and here with Quiver's
/// jars, so that it goes on working when Quiver is built anew.
///
/// @param flags of the JVM
/// @param classPath jars, which are taken along, and directories, which stay where they are
/// @param jjava the kernel's own jar, which stays where it is
record Kernelspec(Path java, List<String> flags, List<Path> classPath, Path jjava) {
    /// By which `jupyter kernelspec list` knows it.
    static final String NAME = "quiver-java";

    private static final String MAIN = "org.dflib.jjava.distro.JJava";
    private static final String LOGO = "logo-svg.svg";

    Kernelspec {
        flags = List.copyOf(flags);
        classPath = List.copyOf(classPath);
    }

    /// With the Java and the class path of this process.
    static Kernelspec ofProcess(Path jjava) {
        var entries = new ArrayList<Path>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1))
            if (!entry.isEmpty()) entries.add(Path.of(entry).toAbsolutePath());
        return new Kernelspec(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                JvmOptions.of("kernel"),
                entries,
                jjava.toAbsolutePath());
    }

    /// Writes it, in place of what is there.
    void write(Path directory) {
        try {
            delete(directory);
            Path lib = Files.createDirectories(directory.resolve("lib"));
            var places = new ArrayList<String>();
            for (Path entry : classPath) {
                if (Files.isDirectory(entry)) places.add(entry.toString());
                else if (Files.exists(entry)) take(entry, lib);
            }
            places.add(lib.resolve("*").toString());
            places.add(jjava.toString());
            Files.writeString(
                    directory.resolve("kernel.json"),
                    Json.text(content(String.join(File.pathSeparator, places))) + "\n");
            try (var logo = Kernelspec.class.getResourceAsStream(LOGO)) {
                if (logo == null) throw new IOException("no resource " + LOGO);
                Files.copy(logo, directory.resolve(LOGO));
            }
        } catch (IOException e) {
            throw failed("kernelspec can't be written", directory, e);
        }
    }

    /// A second name for the same file where the file system has such, else a copy.
    private static void take(Path jar, Path lib) throws IOException {
        Path target = lib.resolve(jar.getFileName());
        try {
            Files.createLink(target, jar);
        } catch (IOException | UnsupportedOperationException e) {
            Files.copy(jar, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private Map<String, Object> content(String path) {
        var arguments = new ArrayList<String>();
        arguments.add(java.toString());
        arguments.addAll(flags);
        arguments.addAll(List.of("-cp", path, MAIN, "{connection_file}"));
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("argv", arguments);
        content.put("display_name", "Quiver (Java)");
        content.put("language", "java");
        content.put("interrupt_mode", "message");
        content.put("env", Map.of());
        content.put("metadata", Map.of());
        return content;
    }

    /// Takes one away.
    ///
    /// @return whether it was there
    static boolean remove(Path directory) {
        try {
            return delete(directory);
        } catch (IOException e) {
            throw failed("kernelspec can't be removed", directory, e);
        }
    }

    private static boolean delete(Path directory) throws IOException {
        if (!Files.exists(directory)) return false;
        List<Path> all;
        try (Stream<Path> files = Files.walk(directory)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) Files.delete(file);
        return true;
    }

    private static QuiverException failed(String what, Path directory, IOException e) {
        return new QuiverException(
                ErrorCode.IO_FAILED,
                "the " + what,
                List.of("directory: " + directory, "because: " + e),
                "make the directory writable, or choose another with --prefix",
                e);
    }

    /// The flags of a role, as the launcher has them.
    static final class JvmOptions {
        private JvmOptions() {}

        static List<String> of(String role) {
            Path root =
                    Path.of(Optional.ofNullable(System.getProperty("quiver.root")).orElse(""))
                            .toAbsolutePath();
            Path unpacked = root.resolve("jvm").resolve(role + ".options");
            Path cloned = root.resolve("deploy/src/main/jvm").resolve(role + ".options");
            try {
                return Files.readAllLines(Files.exists(unpacked) ? unpacked : cloned).stream()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                        .toList();
            } catch (IOException e) {
                throw new QuiverException(
                        ErrorCode.FILE_NOT_FOUND,
                        "the JVM's flags can't be read",
                        List.of("file: " + cloned),
                        "run the command as ./quiver of a clone or of an unzipped distribution",
                        e);
            }
        }
    }
}
