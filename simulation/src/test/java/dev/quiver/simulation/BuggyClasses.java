package dev.quiver.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// Loads the state machines and the simulation anew, one class of them with a bug.
final class BuggyClasses extends ClassLoader {
    private final Bug bug;

    BuggyClasses(Bug bug) {
        super(BuggyClasses.class.getClassLoader());
        this.bug = bug;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.matches("dev\\.quiver\\.(scheduler|worker|protocol|simulation)\\..*")) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        String path = name.replace('.', '/') + ".class";
        try (InputStream in = getResourceAsStream(path)) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] code = in.readAllBytes();
            byte[] planted = name.equals(bug.className()) ? bug.plant(code) : code;
            return defineClass(name, planted, 0, planted.length);
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + path, e);
        }
    }
}
