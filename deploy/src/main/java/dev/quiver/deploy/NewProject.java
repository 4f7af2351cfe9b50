package dev.quiver.deploy;

import dev.quiver.cluster.control.QuiverVersion;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A small Maven project for a user to begin with: a pipeline, its data, its test.
final class NewProject {
    private static final Map<String, String> FILES = new LinkedHashMap<>();

    static {
        FILES.put("README.md", "README.txt");
        FILES.put("pom.xml", "pom.txt");
        FILES.put(".gitignore", "gitignore.txt");
        FILES.put("data/orders.csv", "orders.csv");
        FILES.put("src/main/java/org/example/Orders.java", "Orders.txt");
        FILES.put("src/test/java/org/example/OrdersTest.java", "OrdersTest.txt");
    }

    private final Path directory;
    private final String name;

    /// @param directory its last name is the project's
    /// @throws QuiverException with the code `USAGE_INVALID` when that isn't one for Maven, or
    ///   `TARGET_EXISTS` when something is there
    NewProject(Path directory) {
        this.directory = directory;
        Path last = directory.toAbsolutePath().normalize().getFileName();
        this.name = last == null ? "" : last.toString();
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9_.-]*"))
            throw Complaints.usage(
                    "a project called '%s'".formatted(name),
                    List.of("in: quiver new"),
                    "use letters, digits, dots, hyphens and underscores");
        if (!isFree())
            throw new QuiverException(
                    ErrorCode.TARGET_EXISTS,
                    "'%s' is there already".formatted(directory),
                    List.of(),
                    "name a directory that is empty or isn't there");
    }

    private boolean isFree() {
        if (!Files.exists(directory)) return true;
        if (!Files.isDirectory(directory)) return false;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            return !files.iterator().hasNext();
        } catch (IOException e) {
            throw failed(directory, e);
        }
    }

    /// Writes the files.
    ///
    /// @return their paths below the directory
    List<String> write() {
        var written = new ArrayList<String>();
        FILES.forEach((path, template) -> {
            Path file = directory.resolve(path);
            try {
                Files.createDirectories(Objects.requireNonNull(file.getParent()));
                Files.writeString(file, filled(template));
            } catch (IOException e) {
                throw failed(file, e);
            }
            written.add(path);
        });
        return written;
    }

    private static QuiverException failed(Path path, IOException cause) {
        return new QuiverException(
                ErrorCode.IO_FAILED,
                "can't write '%s': %s".formatted(path, cause),
                List.of(),
                "check the path, its permissions and the space on its disk",
                cause);
    }

    private String filled(String template) {
        try (var stream = NewProject.class.getResourceAsStream("project/" + template)) {
            if (stream == null) throw new IllegalStateException("no template " + template);
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("__NAME__", name)
                    .replace("__VERSION__", QuiverVersion.text());
        } catch (IOException e) {
            throw new UncheckedIOException("reading the template " + template, e);
        }
    }
}
