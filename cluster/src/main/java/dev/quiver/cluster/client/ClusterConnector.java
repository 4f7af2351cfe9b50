package dev.quiver.cluster.client;

import dev.quiver.client.Connector;
import dev.quiver.client.Options;
import dev.quiver.client.Session;
import dev.quiver.client.Sessions;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.security.Credentials;
import dev.quiver.config.Settings;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.nio.Buffer;
import java.time.Duration;
import java.util.List;

/// Opens sessions on clusters.
public final class ClusterConnector implements Connector {
    @Override
    public Session connect(String address, Options options, Settings settings) {
        List<SchedulerAddress> places = SchedulerAddress.parseAll(address);
        Credentials credentials = Credentials.of(settings);
        Duration lease = lease(settings);
        requireOpen();
        return Sessions.open(
                "quiver://" + SchedulerAddress.text(places),
                options,
                store ->
                        client ->
                                new RemoteBackend(
                                        places,
                                        credentials,
                                        lease,
                                        new OwnShipping(),
                                        store,
                                        client));
    }

    /// @throws QuiverException CONFIG_INVALID when it can't be used
    private static Duration lease(Settings settings) {
        Settings.Setting set = settings.setting(Settings.Key.CLUSTER_LEASE);
        try {
            var lease = Duration.ofSeconds(Integer.parseInt(set.value()));
            if (lease.isPositive() && lease.toMillis() <= Question.Connect.LEASE_MILLIS_MAX)
                return lease;
        } catch (NumberFormatException e) {
            throw set.invalid(LEASE_WANTED, e);
        }
        throw set.invalid(LEASE_WANTED);
    }

    private static final String LEASE_WANTED = "a whole number of seconds, at most a day";

    /// Arrow's classes reach into buffers of the JDK, and break in a way that nobody understands
    /// where they may not.
    private static void requireOpen() {
        if (Buffer.class.getModule().isOpen("java.nio", ClusterConnector.class.getModule())) return;
        throw new QuiverException(
                ErrorCode.UNSUPPORTED,
                "this JVM doesn't let Arrow's classes reach its buffers, which connecting needs",
                List.of("java: " + System.getProperty("java.home")),
                "start it with --add-opens=java.base/java.nio=ALL-UNNAMED, or the program with"
                        + " 'quiver run'");
    }
}
