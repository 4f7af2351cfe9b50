package dev.quiver.scheduler.server;

import java.util.Optional;
import java.util.ServiceLoader;

/// Looked for once, when it is asked for.
final class FoundDashboard {
    static final Optional<Dashboard> FOUND =
            ServiceLoader.load(Dashboard.class, Dashboard.class.getClassLoader()).findFirst();

    private FoundDashboard() {}
}
