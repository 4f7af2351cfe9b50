package dev.quiver.worker.user.ship;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The bytes of a class that was made in memory, by the ways that shells and notebooks keep them.
final class ClassBytes {
    /// One way to find them; null is not this way.
    @FunctionalInterface
    private interface Way {
        byte @Nullable [] find(ClassLoader loader, String className) throws IOException;
    }

    private static final List<Way> WAYS =
            List.of(ClassBytes::ownResource, ClassBytes::resource, ClassBytes::declared);
    private static final int MAGIC = 0xCAFEBABE;

    private ClassBytes() {}

    static Optional<byte[]> of(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        if (loader == null || type.isHidden()) return Optional.empty();
        for (Way way : WAYS) {
            byte[] bytes = by(way, loader, type.getName());
            if (bytes != null && isClass(bytes)) return Optional.of(bytes);
        }
        return Optional.empty();
    }

    private static byte @Nullable [] by(Way way, ClassLoader loader, String className) {
        try {
            return way.find(loader, className);
        } catch (IOException e) {
            return null; // the next way may know
        }
    }

    private static boolean isClass(byte[] bytes) {
        return bytes.length > 4 && java.nio.ByteBuffer.wrap(bytes).getInt() == MAGIC;
    }

    /// JShell, rapaio, IJava: the loader has its classes as resources. Asked for its own ones
    /// alone, it doesn't search the whole class path first.
    private static byte @Nullable [] ownResource(ClassLoader loader, String className)
            throws IOException {
        if (!(loader instanceof URLClassLoader urls)) return null;
        URL url = urls.findResource(file(className));
        if (url == null) return null;
        try (InputStream in = url.openStream()) {
            return in.readAllBytes();
        }
    }

    /// The source launcher (`java File.java`), and whoever else keeps the rules of loaders.
    private static byte @Nullable [] resource(ClassLoader loader, String className)
            throws IOException {
        try (InputStream in = loader.getResourceAsStream(file(className))) {
            return in == null ? null : in.readAllBytes();
        }
    }

    /// JJava: its loader answers no resource; the object around it has the map `declaredClasses`.
    private static byte @Nullable [] declared(ClassLoader loader, String className) {
        Object declared = field(loader, "declaredClasses");
        Object outer = field(loader, "this$0");
        if (declared == null && outer != null) declared = field(outer, "declaredClasses");
        if (!(declared instanceof Map<?, ?> classes)) return null;
        return classes.get(className) instanceof byte[] bytes ? bytes : null;
    }

    private static @Nullable Object field(Object owner, String name) {
        Class<?> type = owner.getClass();
        while (type != null && type.getModule() != Object.class.getModule()) {
            try {
                Field field = type.getDeclaredField(name);
                field.setAccessible(true);
                return field.get(owner);
            } catch (NoSuchFieldException e) {
                type = type.getSuperclass();
            } catch (IllegalAccessException | RuntimeException e) {
                return null; // a module that isn't open: this isn't the way
            }
        }
        return null;
    }

    private static String file(String className) {
        return className.replace('.', '/') + ".class";
    }
}
