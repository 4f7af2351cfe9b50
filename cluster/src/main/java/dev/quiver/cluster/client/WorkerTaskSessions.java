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
    /// A scheduler gives up a worker that isn't heard of a little earlier, and these sessions with
    /// it: what its tasks held goes to those that run in their place.
    private static final Duration LEASE = Duration.ofSeconds(15);

    @Override
    public Session open(
            List<SchedulerAddress> schedulers, Credentials credentials, int client, int worker) {
        var settings = new ClientSettings(LEASE, 1, false, PrintedOutput.hidden(), worker);
        return Sessions.open(
                "quiver://%s, in tasks".formatted(schedulers.getFirst()),
                Options.defaults().quiet(),
                store ->
                        talker ->
                                new RemoteBackend(
                                        schedulers,
                                        credentials,
                                        settings,
                                        new TaskShipping(client),
                                        store,
                                        talker));
    }
}
