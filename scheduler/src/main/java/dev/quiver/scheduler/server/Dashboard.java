package dev.quiver.scheduler.server;

import java.net.URI;
import java.util.Optional;

/// Shows people what the schedulers of this process do. Found by [java.util.ServiceLoader]; a
/// process without one shows nothing.
public interface Dashboard {
    /// The one on the class path; empty when there is none.
    static Optional<Dashboard> ofProcess() {
        return FoundDashboard.FOUND;
    }

    /// Watches a scheduler from now on. It reads what the scheduler says and changes nothing.
    Shown show(Watched scheduler);

    /// A scheduler that is watched, until it is closed.
    interface Shown extends AutoCloseable {
        /// Where a browser finds it, from now on.
        URI address();

        /// All that was seen until now, as one HTML file that needs nothing else.
        String report();

        @Override
        void close();
    }
}
