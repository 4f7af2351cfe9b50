package dev.quiver.planner.source;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.NearestName;
import dev.quiver.error.QuiverException;
import dev.quiver.io.store.Stores;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/// The files that users' paths mean: a file, all files of a directory, or what a pattern matches.
/// Files of a directory or a pattern stand in the order of their paths; names that begin with a dot
/// or an underscore are left out, and with `~$`, as the files do by which Excel marks open ones.
final class FileListing {
    private static final int NAMES_SHOWN_MAX = 10;
    private static final int DEPTH_MAX = 32;

    private final String format;
    private final List<String> suffixes;
    private final Path base;
    private final boolean folders;

    /// @param format what the files should be, for people
    /// @param suffixes of the names that a directory's files have
    /// @param base where relative paths start
    /// @param folders whether folders such as `month=1` belong to the directory they are in
    FileListing(String format, List<String> suffixes, Path base, boolean folders) {
        this.format = format;
        this.suffixes = suffixes;
        this.base = base;
        this.folders = folders;
    }

    /// Absolute paths, at least one, each once.
    ///
    /// @throws QuiverException (FILE_NOT_FOUND) when a path means nothing
    List<Path> list(List<String> paths) {
        var files = new LinkedHashSet<Path>();
        for (String path : paths) files.addAll(list(path));
        return List.copyOf(files);
    }

    private List<Path> list(String text) {
        if (Stores.isRemote(text)) return new RemoteListing(format, suffixes, folders).list(text);
        Path path = resolve(text);
        if (Files.isRegularFile(path)) return List.of(path);
        if (Files.isDirectory(path)) return directory(text, path);
        if (isPattern(text)) return pattern(text);
        if (Files.exists(path)) return List.of(path);
        throw missing(text, path);
    }

    private Path resolve(String text) {
        try {
            return base.resolve(text).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new QuiverException(
                    ErrorCode.FILE_NOT_FOUND,
                    "'%s' is not a path: %s".formatted(text, e.getReason()),
                    List.of(),
                    "check the spelling",
                    e);
        }
    }

    private static boolean isPattern(String text) {
        return text.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
    }

    private List<Path> directory(String text, Path directory) {
        if (!folders) refuseFolders(text, directory);
        List<Path> files =
                walk(
                        directory,
                        folders ? DEPTH_MAX : 1,
                        file -> hasSuffix(file) && inFolders(directory.relativize(file)));
        if (!files.isEmpty()) return files;
        throw new QuiverException(
                ErrorCode.FILE_NOT_FOUND,
                "no %s file in the directory '%s'".formatted(format, text),
                List.of(
                        "looked for: "
                                + String.join(", ", suffixes.stream().map(s -> "*" + s).toList()),
                        "has: " + contents(directory)),
                "name the files, or use a pattern such as '%s'"
                        .formatted(directory.getFileName() + "/*" + suffixes.getFirst()));
    }

    private static boolean inFolders(Path relative) {
        for (int i = 0; i + 1 < relative.getNameCount(); i++)
            if (relative.getName(i).toString().indexOf('=') < 1) return false;
        return true;
    }

    /// Folders such as `month=1` hold a column in their names, which reading the files would lose.
    private static void refuseFolders(String text, Path directory) {
        List<String> names = entries(directory);
        for (String name : names) {
            if (!name.contains("=") || !Files.isDirectory(directory.resolve(name))) continue;
            throw new QuiverException(
                    ErrorCode.UNSUPPORTED,
                    "'%s' has partition folders, whose column reading would lose".formatted(text),
                    List.of("has: " + contents(directory)),
                    "read one folder, such as '%s', and add the column with withColumn(\"%s\", …)"
                            .formatted(
                                    directory.resolve(name), name.substring(0, name.indexOf('='))));
        }
    }

    private boolean hasSuffix(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return suffixes.stream().anyMatch(name::endsWith);
    }

    private List<Path> pattern(String text) {
        Path start = base.toAbsolutePath();
        var before = new StringBuilder();
        for (String part : text.split("/", -1)) {
            if (isPattern(part)) break;
            before.append(part).append('/');
        }
        start = start.resolve(before.toString()).normalize();
        if (!Files.isDirectory(start)) throw missing(text, start);
        String rest = text.substring(Math.min(before.length(), text.length()));
        PathMatcher matcher = matcher(text, start, rest);
        int depth = rest.contains("**") ? DEPTH_MAX : rest.split("/", -1).length;
        List<Path> files = walk(start, depth, matcher::matches);
        if (!files.isEmpty()) return files;
        throw new QuiverException(
                ErrorCode.FILE_NOT_FOUND,
                "no file matches '%s'".formatted(text),
                List.of("looked in: " + start, "has: " + contents(start)),
                "check the pattern: * stands for letters of one name, ** for any folders");
    }

    private static PathMatcher matcher(String text, Path start, String rest) {
        String directory = start.toString().replaceAll("([\\\\*?\\[{\\]}])", "\\\\$1");
        String separator = directory.endsWith("/") ? "" : "/";
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + directory + separator + rest);
        } catch (PatternSyntaxException e) {
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "'%s' is not a pattern: %s".formatted(text, e.getDescription()),
                    List.of(),
                    "close every [ and {, or write \\[ and \\{ for the letters themselves",
                    e);
        }
    }

    private static List<Path> walk(Path start, int depth, Predicate<Path> wanted) {
        try (Stream<Path> found = Files.walk(start, depth)) {
            return found.filter(file -> isVisible(start.relativize(file)))
                    .filter(Files::isRegularFile)
                    .filter(wanted)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw failed(start, e);
        }
    }

    private static boolean isVisible(Path relative) {
        for (Path part : relative) {
            String name = part.toString();
            if (name.startsWith(".") || name.startsWith("_") || name.startsWith("~$")) return false;
        }
        return true;
    }

    private QuiverException missing(String text, Path path) {
        Optional<Path> setAside = setAside(path);
        if (setAside.isPresent())
            return new QuiverException(
                    ErrorCode.FILE_NOT_FOUND,
                    "no file '%s': a write that was to replace it was cut off".formatted(text),
                    List.of("what was there before: " + setAside.get()),
                    "move that back to '%s', or write to it again, which does so first"
                            .formatted(path));
        Path directory = path;
        while (directory.getParent() != null && !Files.isDirectory(directory)) {
            directory = directory.getParent();
        }
        String name = directory.relativize(path).iterator().next().toString();
        return new QuiverException(
                ErrorCode.FILE_NOT_FOUND,
                "no file '%s'".formatted(text),
                List.of("looked in: " + directory, "has: " + contents(directory)),
                NearestName.of(name, entries(directory))
                                .map("did you mean '%s'? "::formatted)
                                .orElse("")
                        + "relative paths start at "
                        + base.toAbsolutePath().normalize());
    }

    private static Optional<Path> setAside(Path path) {
        try {
            return CutOffWrites.setAside(path);
        } catch (IOException e) {
            return Optional.empty(); // the path is missing all the same
        }
    }

    private static String contents(Path directory) {
        List<String> names = entries(directory);
        if (names.isEmpty()) return "nothing";
        var shown = new ArrayList<>(names.subList(0, Math.min(names.size(), NAMES_SHOWN_MAX)));
        if (names.size() > shown.size()) {
            return "%s and %d more"
                    .formatted(String.join(", ", shown), names.size() - shown.size());
        }
        return String.join(", ", shown);
    }

    private static List<String> entries(Path directory) {
        try (Stream<Path> found = Files.list(directory)) {
            return found.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw failed(directory, e);
        }
    }

    private static QuiverException failed(Path path, IOException cause) {
        return new QuiverException(
                ErrorCode.IO_FAILED,
                "'%s' can't be listed: %s".formatted(path, cause.getMessage()),
                List.of(),
                "check that it may be read",
                cause);
    }
}
