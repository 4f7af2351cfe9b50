package dev.quiver.cluster.client;

import dev.quiver.client.Options;
import dev.quiver.client.Session;
import dev.quiver.client.Sessions;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.node.TaskSessions;
import dev.quiver.cluster.security.Credentials;
import java.time.Duration;
import java.util.List;

/// Sessions of a worker's own, for the tasks of its clients.
public final class WorkerTaskSessions implements TaskSessions {
    /// A scheduler gives up a worker that isn't heard of a little earlier: what its tasks held goes
    /// to those that run in their place.
    private static final Duration LEASE = Duration.ofSeconds(15);

    private static final ClientSettings OF_TASKS =
            new ClientSettings(LEASE, 1, false, PrintedOutput.hidden());

    @Override
    public Session open(List<SchedulerAddress> schedulers, Credentials credentials, int client) {
        return Sessions.open(
                "quiver://%s, in tasks".formatted(schedulers.getFirst()),
                Options.defaults().quiet(),
                store ->
                        talker ->
                                new RemoteBackend(
                                        schedulers,
                                        credentials,
                                        OF_TASKS,
                                        new TaskShipping(client),
                                        store,
                                        talker));
    }
}
