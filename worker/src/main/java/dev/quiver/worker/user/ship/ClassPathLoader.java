package dev.quiver.worker.user.ship;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/// Defines the classes of a client's class path, before the worker's own: whatever version of a
/// library the worker uses, the client's code gets the client's. Quiver's API and what stands in
/// its signatures is shared with the worker. Elements are fetched when something in them is asked
/// for.
final class ClassPathLoader extends ClassLoader implements AutoCloseable {
    static {
        registerAsParallelCapable();
    }

    /// Packages that client and worker must agree on. What isn't among the worker's classes is
    /// looked for in the client's, too: a user's class may be in a package of Quiver's.
    private static final List<String> SHARED =
            List.of(
                    "dev.quiver.",
                    "org.apache.arrow.",
                    "org.slf4j.",
                    "org.jspecify.",
                    "com.esotericsoftware.kryo.");

    private final BundleStore store;
    private volatile List<Place> places = List.of();
    private volatile boolean closed;

    /// An element, and the jar once it was fetched.
    private static final class Place {
        private final ClassPathElement element;
        private @Nullable JarFile jar;
        private @Nullable ProtectionDomain domain;

        Place(ClassPathElement element) {
            this.element = element;
        }
    }

    ClassPathLoader(BundleStore store, ClassLoader parent) {
        super("quiver-class-path", parent);
        this.store = store;
    }

    /// Appends elements; classes that are loaded stay.
    synchronized void append(List<ClassPathElement> elements) {
        var longer = new ArrayList<>(places);
        for (ClassPathElement element : elements) longer.add(new Place(element));
        places = List.copyOf(longer);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            if (known != null) return known;
            Optional<Class<?>> given =
                    isShared(name) ? in(getParent(), name) : in(getPlatformClassLoader(), name);
            if (given.isPresent()) return given.get();
            Class<?> own = define(name);
            return own != null ? own : getParent().loadClass(name);
        }
    }

    private static boolean isShared(String name) {
        for (String prefix : SHARED) {
            if (name.startsWith(prefix)) return true;
        }
        return false;
    }

    private static Optional<Class<?>> in(ClassLoader loader, String name) {
        try {
            return Optional.of(loader.loadClass(name));
        } catch (ClassNotFoundException e) {
            return Optional.empty();
        }
    }

    private @Nullable Class<?> define(String name) {
        String resource = name.replace('.', '/') + ".class";
        for (Place place : places) {
            if (!place.element.mayHave(resource)) continue;
            byte[] bytes = read(place, resource, name);
            if (bytes == null) continue;
            String packageName = name.substring(0, Math.max(0, name.lastIndexOf('.')));
            if (getDefinedPackage(packageName) == null)
                definePackage(packageName, null, null, null, null, null, null, null);
            return defineClass(name, bytes, 0, bytes.length, place.domain);
        }
        return null;
    }

    /// A class whose bytes can't be had now may be had later: the error is none that a JVM
    /// remembers.
    private byte @Nullable [] read(Place place, String resource, String className) {
        try {
            return switch (place.element) {
                case ClassPathElement.Jar jar -> {
                    JarFile opened = opened(place, jar);
                    JarEntry entry = opened.getJarEntry(resource);
                    if (entry == null) yield null;
                    try (var in = opened.getInputStream(entry)) {
                        yield in.readAllBytes();
                    }
                }
                case ClassPathElement.Directory directory -> {
                    StoredFile file = directory.file(resource);
                    yield file == null ? null : store.content(file);
                }
            };
        } catch (IOException e) {
            throw failed(place.element, className, e);
        }
    }

    private static QuiverException failed(ClassPathElement element, String name, IOException e) {
        return new QuiverException(
                ErrorCode.IO_FAILED,
                "%s of the client's class path can't be read".formatted(name),
                List.of("element: " + element.label(), "because: " + e),
                "check the worker's folder for bundles",
                e);
    }

    private JarFile opened(Place place, ClassPathElement.Jar jar) throws IOException {
        synchronized (place) {
            if (closed) throw new IOException("the session has ended");
            JarFile known = place.jar;
            if (known != null) return known;
            Path file = store.file(jar.content(), ".jar");
            var opened =
                    new JarFile(file.toFile(), false, ZipFile.OPEN_READ, JarFile.runtimeVersion());
            place.jar = opened;
            place.domain = domain(file);
            return opened;
        }
    }

    private ProtectionDomain domain(Path file) {
        try {
            var source = new CodeSource(file.toUri().toURL(), (Certificate[]) null);
            return new ProtectionDomain(source, null, this, null);
        } catch (MalformedURLException e) {
            throw new IllegalStateException("a file without a URL", e);
        }
    }

    @Override
    public @Nullable URL getResource(String name) {
        URL own = findResource(name);
        return own != null ? own : super.getResource(name);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        var all = new ArrayList<>(Collections.list(findResources(name)));
        all.addAll(Collections.list(getParent().getResources(name)));
        return Collections.enumeration(all);
    }

    @Override
    protected @Nullable URL findResource(String name) {
        for (Place place : places) {
            URL found = resource(place, name);
            if (found != null) return found;
        }
        return null;
    }

    @Override
    protected Enumeration<URL> findResources(String name) {
        var found = new ArrayList<URL>();
        for (Place place : places) {
            URL resource = resource(place, name);
            if (resource != null) found.add(resource);
        }
        return Collections.enumeration(found);
    }

    private @Nullable URL resource(Place place, String name) {
        ClassPathElement element = place.element;
        if (element instanceof ClassPathElement.Directory directory
                && directory.leftOut().contains(name))
            throw new QuiverException(
                    ErrorCode.UNSUPPORTED,
                    "resource %s is too large to travel with the class path".formatted(name),
                    List.of("element: " + element.label()),
                    "put it where workers can read it as a file");
        if (!element.mayHave(name)) return null;
        try {
            return switch (element) {
                case ClassPathElement.Jar jar -> {
                    JarEntry entry = opened(place, jar).getJarEntry(name);
                    if (entry == null) yield null;
                    URI file = store.file(jar.content(), ".jar").toUri();
                    yield inJar(file, entry.getRealName());
                }
                case ClassPathElement.Directory directory -> {
                    StoredFile file = directory.file(name);
                    yield file == null
                            ? null
                            : store.file(file, "-" + name.substring(name.lastIndexOf('/') + 1))
                                    .toUri()
                                    .toURL();
                }
            };
        } catch (IOException e) {
            throw failed(element, name, e);
        }
    }

    private static URL inJar(URI file, String entry) throws IOException {
        try {
            return new URI("jar", file + "!/" + entry, null).toURL();
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        for (Place place : places) {
            synchronized (place) {
                if (place.jar != null) place.jar.close();
                place.jar = null;
            }
        }
    }
}
