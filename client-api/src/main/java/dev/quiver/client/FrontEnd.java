package dev.quiver.client;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// What a person sits at who runs this process step by step, when that is more than a terminal: a
/// notebook. Found by [ServiceLoader]. Not for users.
public interface FrontEnd {
    /// Whether people interrupt threads here, which means that what those wait for isn't wanted any
    /// more.
    boolean isOpen();

    /// Shows a run that begins now; empty when nobody looks.
    ///
    /// @param memoryBytes counted memory in use
    /// @param dashboard where more is shown, or nothing; asked when something is shown
    Optional<Progress> progress(LongSupplier memoryBytes, Supplier<String> dashboard);

    /// Those on the class path.
    static List<FrontEnd> ofProcess() {
        return Found.FRONT_ENDS;
    }

    /// Whether an interrupt of a thread that waits for tasks cancels them.
    static boolean interruptsCancel() {
        for (FrontEnd found : ofProcess()) if (found.isOpen()) return true;
        return false;
    }

    /// Looked up once.
    final class Found {
        private static final List<FrontEnd> FRONT_ENDS =
                ServiceLoader.load(FrontEnd.class, FrontEnd.class.getClassLoader()).stream()
                        .map(ServiceLoader.Provider::get)
                        .toList();

        private Found() {}
    }
}
