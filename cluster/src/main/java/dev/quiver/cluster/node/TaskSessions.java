package dev.quiver.cluster.node;

import dev.quiver.client.Session;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.security.Credentials;
import java.util.List;

/// Opens sessions for what tasks submit; found by the ServiceLoader, since sessions are made of
/// what comes behind this package.
public interface TaskSessions {
    /// A session for the tasks of a client that run in this process.
    ///
    /// @param schedulers where one of their cluster's may be
    /// @param credentials the worker's
    /// @param client whose classes they have
    /// @param worker on which they run: the session goes when that is lost
    Session open(
            List<SchedulerAddress> schedulers, Credentials credentials, int client, int worker);
}
