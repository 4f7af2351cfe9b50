package dev.quiver.cluster.node;

import dev.quiver.cluster.security.Caller;
import dev.quiver.cluster.security.ClientList;
import dev.quiver.cluster.security.Right;
import dev.quiver.cluster.security.Tls;
import dev.quiver.scheduler.server.DashboardAccess;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// Who may look at a scheduler's dashboard: whoever may read, by his token or his certificate.
///
/// @param host the address that the scheduler listens on
record Onlookers(String host, Tls credentials, ClientList clients) implements DashboardAccess {
    @Override
    public boolean isCalled(String name) {
        return name.equalsIgnoreCase(host) || credentials.isFor(name);
    }

    @Override
    public SSLContext tls() {
        return credentials.forHttps();
    }

    @Override
    public Optional<String> owner(String token) {
        return reader(clients.owner(token));
    }

    @Override
    public Optional<String> owner(X509Certificate certificate) {
        return reader(Caller.of(certificate));
    }

    private static Optional<String> reader(Optional<Caller> caller) {
        return caller.filter(known -> known.may(Right.READ)).map(Caller::name);
    }
}
