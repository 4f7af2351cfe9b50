package dev.quiver.dashboard;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/// Where a dashboard is served, and who gets in.
interface Entrance {
    int BACKLOG = 64;

    /// @param port 0 for any that is free
    /// @throws java.net.BindException when it is taken
    HttpServer bind(int port) throws IOException;

    /// By what its addresses name this machine: certificates are for names.
    String host();

    /// How its addresses begin, such as `http`.
    String scheme();

    /// Whether that is a name by which it may be asked.
    boolean isCalled(String name);

    /// What looks at all that is asked for before it is answered.
    Optional<Filter> guard();

    /// On this machine's own address: whoever may open connections on it may look.
    record OwnMachine() implements Entrance {
        private static final List<String> NAMES = List.of("127.0.0.1", "localhost", "::1");

        @Override
        public HttpServer bind(int port) throws IOException {
            return HttpServer.create(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        }

        @Override
        public String host() {
            return InetAddress.getLoopbackAddress().getHostAddress();
        }

        @Override
        public String scheme() {
            return "http";
        }

        @Override
        public boolean isCalled(String name) {
            return NAMES.contains(name);
        }

        @Override
        public Optional<Filter> guard() {
            return Optional.empty();
        }
    }
}
