package dev.quiver.cluster.client;

import dev.quiver.client.Connector;
import dev.quiver.client.Options;
import dev.quiver.client.Session;
import dev.quiver.client.Sessions;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.security.Credentials;
import dev.quiver.config.Settings;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.nio.Buffer;
import java.util.List;

/// Opens sessions on clusters.
public final class ClusterConnector implements Connector {
    @Override
    public Session connect(String address, Options options, Settings settings) {
        List<SchedulerAddress> places = SchedulerAddress.parseAll(address);
        Credentials credentials = Credentials.of(settings);
        ClientSettings client = ClientSettings.of(settings);
        requireOpen();
        return Sessions.open(
                "quiver://" + SchedulerAddress.text(places),
                options,
                store ->
                        talker ->
                                new RemoteBackend(
                                        places,
                                        credentials,
                                        client,
                                        new OwnShipping(),
                                        store,
                                        talker));
    }

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
