package dev.quiver.planner.source;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.store.Stores;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.PatternSyntaxException;

/// The remote files that an address means: a file, or in a store that lists, all files below an
/// address that ends in `/`, or what a pattern matches. Each is looked at, so that the plan is made
/// for what is there now.
record RemoteListing(String format, List<String> suffixes, boolean folders) {
    RemoteListing {
        suffixes = List.copyOf(suffixes);
    }

    List<Path> list(String address) {
        List<Path> files = found(address);
        Stores.look(files);
        return files;
    }

    private List<Path> found(String address) {
        // In addresses of web servers, ? and [ stand for themselves.
        boolean web = address.regionMatches(true, 0, "http", 0, 4);
        int pattern = web ? -1 : firstOf(address, "*?[{");
        if (pattern >= 0) return matching(address, pattern);
        Path path = Stores.path(address);
        if (web) return List.of(path);
        boolean named = !address.endsWith("/");
        if (named && Stores.exists(path)) return List.of(path);
        List<Path> files =
                visible(
                        named ? address + "/" : address,
                        path,
                        file -> belongs(path.relativize(file)));
        if (!files.isEmpty()) return files;
        if (named)
            throw nothing(
                    "no file '%s', and no %s file below it".formatted(address, format),
                    "check the address: capitals count");
        throw nothing(
                "no %s file below '%s'".formatted(format, address),
                "name the files, or use a pattern such as '%s*%s'"
                        .formatted(address, suffixes.getFirst()));
    }

    private static int firstOf(String text, String letters) {
        for (int i = 0; i < text.length(); i++) if (letters.indexOf(text.charAt(i)) >= 0) return i;
        return -1;
    }

    private boolean belongs(Path relative) {
        String name = relative.getFileName().toString().toLowerCase(Locale.ROOT);
        if (suffixes.stream().noneMatch(name::endsWith)) return false;
        for (int i = 0; i + 1 < relative.getNameCount(); i++)
            if (!folders || relative.getName(i).toString().indexOf('=') < 1) return false;
        return true;
    }

    private List<Path> matching(String address, int pattern) {
        String start = address.substring(0, address.lastIndexOf('/', pattern) + 1);
        Path folder = Stores.path(start);
        PathMatcher matcher;
        try {
            matcher =
                    FileSystems.getDefault()
                            .getPathMatcher("glob:" + address.substring(start.length()));
        } catch (PatternSyntaxException e) {
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "'%s' is not a pattern: %s".formatted(address, e.getDescription()),
                    List.of(),
                    "close every [ and {",
                    e);
        }
        String prefix = address.substring(0, pattern);
        List<Path> files =
                visible(prefix, folder, file -> matcher.matches(folder.relativize(file)));
        if (!files.isEmpty()) return files;
        throw nothing(
                "no file matches '%s'".formatted(address),
                "check the pattern: * stands for letters of one name, ** for any folders");
    }

    private static List<Path> visible(String prefix, Path folder, Predicate<Path> wanted) {
        return Stores.list(prefix).stream()
                .filter(file -> isVisible(folder.relativize(file)))
                .filter(wanted)
                .toList();
    }

    private static boolean isVisible(Path relative) {
        for (Path part : relative) {
            String name = part.toString();
            if (name.isEmpty() || name.startsWith(".") || name.startsWith("_")) return false;
        }
        return true;
    }

    private static QuiverException nothing(String what, String fix) {
        return new QuiverException(ErrorCode.FILE_NOT_FOUND, what, List.of(), fix);
    }
}
