package dev.quiver.deploy;

import java.lang.reflect.Proxy;

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
        boolean[] told = {false};
        Runnable heard =
                () -> {
                    if (told[0]) Runtime.getRuntime().halt(STATUS_INTERRUPTED);
                    told[0] = true;
                    Thread.ofPlatform().name("quiver-stop").start(stop);
                };
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
            for (String name : new String[] {"TERM", "INT"}) {
                Object one = signal.getConstructor(String.class).newInstance(name);
                signal.getMethod("handle", signal, handler).invoke(null, one, proxy);
            }
            return true;
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            return false; // another JVM, or it was told to leave signals alone
        }
    }
}
