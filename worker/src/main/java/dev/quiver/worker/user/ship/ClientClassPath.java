package dev.quiver.worker.user.ship;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/// The class path of a client: that of its JVM, then what the loaders of the user's classes add. It
/// only grows while a session lasts, at its end; each element is read once.
final class ClientClassPath {
    private static final String PROPERTY = "java.class.path";
    private static final Pattern SEPARATOR = Pattern.compile(Pattern.quote(File.pathSeparator));
    private static final ClassValue<Optional<Path>> FILES =
            new ClassValue<>() {
                @Override
                protected Optional<Path> computeValue(Class<?> type) {
                    return CellClass.file(type);
                }
            };

    private final Bundles bundles;
    private final Map<Path, BundleHash> elements = new LinkedHashMap<>();
    private final Set<Path> known = ConcurrentHashMap.newKeySet();
    private final Map<ClassLoader, Integer> urlCounts = new WeakHashMap<>();
    private String property = "";
    private Optional<BundleHash> listing = Optional.empty();

    ClientClassPath(Bundles bundles) {
        this.bundles = bundles;
    }

    /// The bundle that lists the class path, after it has grown by what these classes need.
    synchronized Optional<BundleHash> listing(Set<Class<?>> types) {
        boolean grown = addProperty();
        for (Class<?> type : types) {
            grown |= addLoaders(type.getClassLoader());
            grown |= addFile(type);
        }
        if (grown) list();
        return listing;
    }

    private boolean addProperty() {
        String now = System.getProperty(PROPERTY, "");
        if (now.equals(property)) return false;
        property = now;
        boolean grown = false;
        for (String part : SEPARATOR.split(now, -1)) {
            Optional<Path> file = path(part);
            if (file.isPresent()) grown |= add(file.get());
        }
        return grown;
    }

    private static Optional<Path> path(String part) {
        try {
            return part.isEmpty() ? Optional.empty() : Optional.of(Path.of(part));
        } catch (InvalidPathException e) {
            return Optional.empty(); // a JVM passes over it, too
        }
    }

    private boolean addLoaders(ClassLoader loader) {
        boolean grown = false;
        if (loader == null || loader == ClassLoader.getSystemClassLoader()) return false;
        grown |= addLoaders(loader.getParent());
        if (!(loader instanceof URLClassLoader urls)) return grown;
        URL[] now = urls.getURLs();
        Integer before = urlCounts.put(loader, now.length);
        if (before != null && before == now.length) return grown;
        for (URL url : now) {
            Optional<Path> file = CellClass.file(url);
            if (file.isPresent()) grown |= add(file.get());
        }
        return grown;
    }

    private boolean addFile(Class<?> type) {
        Optional<Path> file = FILES.get(type);
        if (file.isEmpty() || known.contains(file.get())) return false;
        known.add(file.get());
        return !file.get().toString().endsWith(".java") && add(file.get());
    }

    private boolean add(Path path) {
        Path file = path.toAbsolutePath().normalize();
        if (elements.containsKey(file) || !Files.isReadable(file)) return false;
        Optional<ClassPathElement> element = ClassPathScan.element(file, bundles);
        if (element.isEmpty()) return false;
        elements.put(file, bundles.add(element.get().bytes()));
        for (Path further : ClassPathScan.classPathOf(file)) add(further);
        return true;
    }

    private void list() {
        listing =
                Optional.of(
                        bundles.add(
                                new ClassPathListing(new ArrayList<>(elements.values())).bytes()));
    }
}
