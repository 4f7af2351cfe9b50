package dev.quiver.cluster.client;

import dev.quiver.client.Options;
import dev.quiver.client.Session;
import dev.quiver.client.Sessions;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.node.TaskSessions;
import dev.quiver.cluster.security.Credentials;
import java.util.List;

/// Sessions of a worker's own, for the tasks of its clients.
public final class WorkerTaskSessions implements TaskSessions {
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
                                        new TaskShipping(client),
                                        store,
                                        talker));
    }
}
