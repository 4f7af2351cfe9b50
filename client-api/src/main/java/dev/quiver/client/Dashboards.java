package dev.quiver.client;

import dev.quiver.scheduler.server.Dashboard;
import java.util.Optional;
import java.util.ServiceLoader;

/// The dashboard that is on the class path.
final class Dashboards {
    private static final class Found {
        static final Optional<Dashboard> DASHBOARD =
                ServiceLoader.load(Dashboard.class, Dashboard.class.getClassLoader()).findFirst();
    }

    private Dashboards() {}

    /// Empty when there is none.
    static Optional<Dashboard> ofProcess() {
        return Found.DASHBOARD;
    }
}
