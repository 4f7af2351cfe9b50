package dev.quiver.dashboard;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.quiver.scheduler.server.DashboardAccess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/// Where other machines reach a dashboard: over TLS, and nothing is seen by who doesn't prove that
/// he may look.
record GuardedEntrance(DashboardAccess access, Guard keeper) implements Entrance {
    private static final String[] PROTOCOLS = {"TLSv1.3"};

    GuardedEntrance(DashboardAccess access) {
        this(access, new Guard(access, System::nanoTime));
    }

    @Override
    public HttpServer bind(int port) throws IOException {
        HttpsServer server =
                HttpsServer.create(new InetSocketAddress(access.host(), port), BACKLOG);
        server.setHttpsConfigurator(new Wanting(access.tls()));
        return server;
    }

    /// Asks for a certificate, and goes on without one.
    private static final class Wanting extends HttpsConfigurator {
        Wanting(SSLContext context) {
            super(context);
        }

        @Override
        public void configure(HttpsParameters connection) {
            SSLParameters wanted = getSSLContext().getDefaultSSLParameters();
            wanted.setProtocols(PROTOCOLS);
            wanted.setWantClientAuth(true);
            connection.setSSLParameters(wanted);
        }
    }

    @Override
    public String host() {
        return access.host();
    }

    @Override
    public String scheme() {
        return "https";
    }

    @Override
    public boolean isCalled(String name) {
        return access.isCalled(name);
    }

    @Override
    public Optional<Filter> guard() {
        return Optional.of(keeper);
    }
}
