package dev.quiver.cluster.client;

import dev.quiver.client.Connector;
import dev.quiver.client.Options;
import dev.quiver.client.Session;
import dev.quiver.client.Sessions;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Opens sessions on clusters.
public final class ClusterConnector implements Connector {
    private static final Pattern ADDRESS =
            Pattern.compile("(?:quiver://)?(\\[[0-9a-fA-F:.]+]|[^:/\\[\\]]+)(?::(\\d{1,5}))?/?");
    private static final int PORT_DEFAULT = 8786;
    private static final int PORT_MAX = 65_535;

    @Override
    public Session connect(String address, Options options) {
        String place = place(address);
        return Sessions.open(
                "quiver://" + place,
                options,
                store -> client -> new RemoteBackend(place, store, client));
    }

    /// `host:port`.
    private static String place(String address) {
        Matcher matcher = ADDRESS.matcher(address.strip());
        if (matcher.matches()) {
            String port = matcher.group(2);
            int number = port == null ? PORT_DEFAULT : Integer.parseInt(port);
            if (number > 0 && number <= PORT_MAX) return matcher.group(1) + ":" + number;
        }
        throw new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "'%s' is no address of a scheduler".formatted(address),
                List.of(),
                "write it as quiver://host:8786");
    }
}
