package dev.quiver.scheduler.server;

import java.net.URI;
import java.util.Optional;
import java.util.function.LongPredicate;

/// Shows people what the schedulers of this process do. Found by [java.util.ServiceLoader]; a
/// process without one shows nothing.
public interface Dashboard {
    /// The one on the class path; empty when there is none.
    static Optional<Dashboard> ofProcess() {
        return FoundDashboard.FOUND;
    }

    /// Watches a scheduler from now on. It reads what the scheduler says and changes nothing.
    ///
    /// @param history of runs that have ended, which are shown too, and where this one may be kept
    Shown show(Watched scheduler, RunHistory history);

    /// As [#show], for those alone who prove that they may look.
    ///
    /// @param history of this scheduler's clients alone: who may look sees all that is there
    Shown show(Watched scheduler, DashboardAccess access, RunHistory history);

    /// Serves what was kept of runs that have ended, also while no scheduler is watched.
    Served browse(RunHistory history);

    /// Something that a browser finds until it is closed.
    interface Served extends AutoCloseable {
        /// Where a browser finds it, from now on.
        URI address();

        @Override
        void close();
    }

    /// A scheduler that is watched, until it is closed.
    interface Shown extends Served {
        /// All that was seen until now, as one HTML file that needs nothing else.
        String report();

        /// The same of some jobs only, and of the workers that they ran on.
        ///
        /// @param name what these jobs are called together
        /// @param jobs which, by their numbers
        String report(String name, LongPredicate jobs);

        /// Keeps what was seen, if anything ran, so that it can be read after the process has
        /// ended; of earlier runs goes what is too old or too much.
        ///
        /// @throws dev.quiver.error.QuiverException IO_FAILED when it can't be written; then
        ///   nothing of it is there
        void keep();

        /// The same of some jobs only, as one run.
        ///
        /// @param name what these jobs are called together
        /// @param jobs which, by their numbers
        void keep(String name, LongPredicate jobs);
    }
}
