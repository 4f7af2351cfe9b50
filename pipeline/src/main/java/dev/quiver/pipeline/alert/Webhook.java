package dev.quiver.pipeline.alert;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.pipeline.history.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/// An address that takes JSON.
final class Webhook implements AlertChannel {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int OK_FIRST = 200;
    private static final int OK_LAST = 299;
    private static final int TOO_MANY = 429;
    private static final int TIMED_OUT = 408;
    private static final int SERVER_FAILED = 500;

    private final URI address;

    Webhook(URI address) {
        boolean isWeb =
                address.getHost() != null
                        && ("http".equals(address.getScheme())
                                || "https".equals(address.getScheme()));
        if (!isWeb)
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "a webhook whose address isn't one of the web",
                    List.of(),
                    "give an address such as https://chat.example.org/hooks/…");
        this.address = address;
    }

    @Override
    public void send(AlertMessage message) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(address)
                        .timeout(TIMEOUT)
                        .header("Content-Type", "application/json; charset=utf-8")
                        .POST(HttpRequest.BodyPublishers.ofString(Json.text(message.object())))
                        .build();
        int status;
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
            status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
        if (status >= OK_FIRST && status <= OK_LAST) return;
        String what = "%s answered %d".formatted(address.getHost(), status);
        if (status >= SERVER_FAILED || status == TOO_MANY || status == TIMED_OUT)
            throw new IOException(what);
        throw new QuiverException(
                ErrorCode.ARGUMENT_INVALID, what, List.of(), "check the webhook's address");
    }

    @Override
    public String name() {
        return "webhook " + address.getHost();
    }
}
