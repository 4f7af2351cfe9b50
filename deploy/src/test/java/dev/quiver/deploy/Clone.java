package dev.quiver.deploy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A directory that looks like a clone of Quiver to the launcher; its Maven only hands out the
/// classes that this test runs on, and writes down that it was called.
record Clone(Path root, Path javaSearch) {
    private static final String MAVEN =
            """
            #!/bin/sh
            echo "$@" >>"$(dirname "$0")/calls"
            [ ! -f "$(dirname "$0")/broken" ] || { echo "[ERROR] cannot find symbol"; exit 1; }
            for word; do case $word in -Dquiver.lib=*) lib=${word#-Dquiver.lib=} ;; esac; done
            mkdir -p "$lib" && cp "$(dirname "$0")/quiver.jar" "$lib/"
            """;

    static Path repository() {
        return Path.of(System.getProperty("quiver.root", "..")).toAbsolutePath().normalize();
    }

    /// Makes a clone at `root` and a JDK, this one, found by the search in a directory beside it.
    static Clone at(Path root) throws IOException {
        Path repository = repository();
        Files.createDirectories(root.resolve(".mvn"));
        Files.createDirectories(root.resolve("core/src/main/java"));
        Files.createDirectories(root.resolve("deploy/src/main/jvm"));
        for (String file :
                List.of(
                        "quiver",
                        ".mvn/find-jdk.sh",
                        "deploy/src/main/jvm/command.options",
                        "deploy/src/main/jvm/bench.options",
                        "deploy/src/main/jvm/node.options")) {
            Files.copy(repository.resolve(file), root.resolve(file));
        }
        executable(root.resolve("mvnw"), MAVEN);
        Files.writeString(root.resolve("core/src/main/java/A.java"), "class A {}");
        jar(root.resolve("quiver.jar"));
        Path search = Files.createDirectories(root.resolveSibling("all my jdks"));
        Path jdk = search.resolve("jdk");
        if (!Files.exists(jdk)) {
            Files.createSymbolicLink(jdk, Path.of(System.getProperty("java.home")));
        }
        return new Clone(root, search);
    }

    static void executable(Path file, String text) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, text);
        if (!file.toFile().setExecutable(true)) throw new IOException("not executable: " + file);
    }

    /// The environment of a newcomer: an old or no `java` on the path, and this JDK elsewhere.
    Map<String, String> environment() {
        var environment = new TreeMap<String, String>();
        environment.put("PATH", "/usr/bin:/bin");
        environment.put("HOME", root.resolve("home").toString());
        environment.put("QUIVER_JAVA_SEARCH", javaSearch.toString());
        return environment;
    }

    Spoken quiver(Path directory, String... words) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(root.resolve("quiver").toString());
        command.addAll(List.of(words));
        return Spoken.byProcess(directory, environment(), command);
    }

    /// How often Maven was called.
    long builds() throws IOException {
        Path calls = root.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls).size() : 0;
    }

    /// A jar without classes that refers to those of this test's class path.
    private static void jar(Path file) throws IOException {
        String entries =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        String urls =
                Stream.of(entries.split(File.pathSeparator))
                        .map(entry -> Path.of(entry).toUri().toString())
                        .collect(Collectors.joining(" "));
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, urls);
        new JarOutputStream(Files.newOutputStream(file), manifest).close();
    }
}
