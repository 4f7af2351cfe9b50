package dev.quiver.dashboard;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// How a server of pages answers.
final class Answers {
    private static final int NO_BODY = -1;

    private Answers() {}

    static void send(HttpExchange exchange, int status, String type, byte[] content)
            throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, content.length == 0 ? NO_BODY : content.length);
        exchange.getResponseBody().write(content);
        exchange.close();
    }

    static void empty(HttpExchange exchange, int status) throws IOException {
        exchange.sendResponseHeaders(status, NO_BODY);
        exchange.close();
    }

    /// @param why a line for people
    static void fail(HttpExchange exchange, int status, String why) throws IOException {
        byte[] line = (why + "\n").getBytes(StandardCharsets.UTF_8);
        send(exchange, status, "text/plain; charset=utf-8", line);
    }
}
