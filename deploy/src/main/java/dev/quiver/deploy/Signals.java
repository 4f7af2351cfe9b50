package dev.quiver.deploy;

import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;

/// What the system tells the process to do. Java has no API for that which it promises, so it is
/// reached by reflection; without it the process ends at once, as ever.
final class Signals {
    private static final int STATUS_INTERRUPTED = 130;

    private Signals() {}

    /// Calls something once when the process is to stop, by SIGTERM or Ctrl-C; the second time it
    /// stops at once.
    ///
    /// @return whether that can be done here
    static boolean onStop(Runnable stop) {
        return onStop(stop, stop);
    }

    /// Calls one of the two once, by SIGTERM or by Ctrl-C; the second time the process stops at
    /// once.
    ///
    /// @return whether that can be done here
    static boolean onStop(Runnable terminate, Runnable interrupt) {
        var told = new AtomicBoolean();
        return on("TERM", () -> once(told, terminate)) && on("INT", () -> once(told, interrupt));
    }

    private static void once(AtomicBoolean told, Runnable stop) {
        if (told.getAndSet(true)) Runtime.getRuntime().halt(STATUS_INTERRUPTED);
        Thread.ofPlatform().name("quiver-stop").start(stop);
    }

    /// Calls something on each SIGTERM, in a process that another one looks after: Ctrl-C is for
    /// that one.
    static void onTerminate(Runnable terminate) {
        boolean heard = on("TERM", () -> Thread.ofPlatform().name("quiver-stop").start(terminate));
        if (heard) on("INT", () -> {});
    }

    private static boolean on(String name, Runnable heard) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy =
                    Proxy.newProxyInstance(
                            Signals.class.getClassLoader(),
                            new Class<?>[] {handler},
                            (self, method, arguments) -> {
                                switch (method.getName()) {
                                    case "handle" -> heard.run();
                                    case "equals" -> {
                                        return self == arguments[0];
                                    }
                                    case "hashCode" -> {
                                        return System.identityHashCode(self);
                                    }
                                    default -> {
                                        return "Signals";
                                    }
                                }
                                return null;
                            });
            Object one = signal.getConstructor(String.class).newInstance(name);
            signal.getMethod("handle", signal, handler).invoke(null, one, proxy);
            return true;
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            return false; // another JVM, or it was told to leave signals alone
        }
    }
}
