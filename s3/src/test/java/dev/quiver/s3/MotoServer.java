package dev.quiver.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// moto, a server of the protocol of S3 in a process of its own, behind a gate in this process that
/// misbehaves as it is told. The interpreter is that of QUIVER_PYTHON, else `python3`.
final class MotoServer implements AutoCloseable {
    /// What to do with a request instead of passing it on.
    interface Trouble {
        /// @return whether it has dealt with the request
        boolean meet(HttpExchange exchange, byte[] body) throws IOException;
    }

    private static final Pattern ADDRESS =
            Pattern.compile("Running on (http://127\\.0\\.0\\.1:\\d+)");
    private static final Set<String> NOT_PASSED_ON =
            Set.of(
                    "connection",
                    "content-length",
                    "expect",
                    "host",
                    "transfer-encoding",
                    "upgrade");

    /// By which a process finds the server.
    static final List<String> PROPERTIES =
            List.of("aws.endpointUrlS3", "aws.accessKeyId", "aws.secretAccessKey", "aws.region");

    private final Process process;
    private final String moto;
    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpServer gate;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ConcurrentLinkedQueue<Trouble> troubles = new ConcurrentLinkedQueue<>();
    private final List<String> requests = new ArrayList<>();
    private long bytesSent;
    private volatile Trouble always = (_, _) -> false;

    MotoServer(Path directory) throws IOException, InterruptedException {
        String python = Objects.requireNonNullElse(System.getenv("QUIVER_PYTHON"), "python3");
        Path log = directory.resolve("moto.log");
        process =
                new ProcessBuilder(python, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0")
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        moto = address(log);
        gate = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        gate.setExecutor(threads);
        gate.createContext("/", this::handle);
        gate.start();
    }

    private String address(Path log) throws IOException, InterruptedException {
        for (int i = 0; i < 600; i++) {
            Matcher found = ADDRESS.matcher(Files.readString(log));
            if (found.find()) return found.group(1);
            if (process.waitFor(100, TimeUnit.MILLISECONDS)) break;
        }
        process.destroy();
        throw new IllegalStateException("moto doesn't start: " + Files.readString(log));
    }

    /// Lets Quiver in this process ask this server until it is closed.
    void useByThisProcess() {
        List<String> values = List.of(url(), "test", "test", "us-east-1");
        for (int i = 0; i < values.size(); i++)
            System.setProperty(PROPERTIES.get(i), values.get(i));
    }

    String url() {
        return "http://127.0.0.1:%d".formatted(gate.getAddress().getPort());
    }

    /// What the next requests meet, one each.
    void next(Trouble... next) {
        troubles.addAll(List.of(next));
    }

    /// What every request meets from now on.
    void always(Trouble trouble) {
        always = trouble;
    }

    /// Says of some requests that it has too much to do, and cuts the answers to some.
    void sometimes(Random random, double share) {
        Trouble busy = status(503, "SlowDown");
        always((exchange, body) -> {
            int most;
            synchronized (random) {
                if (random.nextDouble() >= share) return false;
                most = random.nextInt(5) * 1000;
            }
            return (most == 0 ? busy : cut(most)).meet(exchange, body);
        });
    }

    /// Passes every request on again.
    void behave() {
        troubles.clear();
        always = (_, _) -> false;
        synchronized (this) {
            requests.clear();
            bytesSent = 0;
        }
    }

    /// Methods and paths, since it behaves.
    synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    /// How many bytes of bodies were sent in answers that were whole, since it behaves.
    synchronized long bytesSent() {
        return bytesSent;
    }

    static Trouble status(int status, String code) {
        return (exchange, _) -> {
            byte[] answer =
                    "<Error><Code>%s</Code><Message>so it is</Message></Error>"
                            .formatted(code)
                            .getBytes(java.nio.charset.StandardCharsets.UTF_8);
            boolean isHead = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, isHead ? -1 : answer.length);
            if (!isHead) exchange.getResponseBody().write(answer);
            return true;
        };
    }

    /// Passes the request on and ends the answer after some bytes, which may be none.
    Trouble cut(int afterBytes) {
        return (exchange, body) -> {
            HttpResponse<byte[]> answer = answer(exchange, body);
            // What has no body is cut before its begin.
            if (answer.statusCode() == 204 || exchange.getRequestMethod().equals("HEAD"))
                return true;
            passOn(answer, exchange);
            exchange.sendResponseHeaders(answer.statusCode(), answer.body().length + 1000L);
            int count = Math.min(afterBytes, answer.body().length);
            exchange.getResponseBody().write(answer.body(), 0, count);
            exchange.getResponseBody().flush();
            return true;
        };
    }

    /// Does what is asked, and says that it failed.
    Trouble doneButSaid(int status, String code) {
        return (exchange, body) -> {
            answer(exchange, body);
            return status(status, code).meet(exchange, body);
        };
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            synchronized (this) {
                requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            }
            if (always.meet(exchange, body)) return;
            Trouble trouble = troubles.poll();
            if (trouble != null && trouble.meet(exchange, body)) return;
            HttpResponse<byte[]> answer = answer(exchange, body);
            passOn(answer, exchange);
            boolean head = exchange.getRequestMethod().equals("HEAD");
            if (head)
                answer.headers()
                        .firstValue("Content-Length")
                        .ifPresent(
                                size -> exchange.getResponseHeaders().set("Content-Length", size));
            boolean empty = head || answer.body().length == 0;
            exchange.sendResponseHeaders(answer.statusCode(), empty ? -1 : answer.body().length);
            if (!empty) exchange.getResponseBody().write(answer.body());
            synchronized (this) {
                if (!empty) bytesSent += answer.body().length;
            }
        }
    }

    private static void passOn(HttpResponse<?> answer, HttpExchange exchange) {
        answer.headers()
                .map()
                .forEach((name, values) -> {
                    if (!NOT_PASSED_ON.contains(name.toLowerCase(Locale.ROOT)))
                        exchange.getResponseHeaders().put(name, values);
                });
    }

    private HttpResponse<byte[]> answer(HttpExchange exchange, byte[] body) throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(moto + exchange.getRequestURI()))
                        .method(
                                exchange.getRequestMethod(),
                                HttpRequest.BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders()
                .forEach((name, values) -> {
                    if (NOT_PASSED_ON.contains(name.toLowerCase(Locale.ROOT))) return;
                    for (String value : values) request.header(name, value);
                });
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        gate.stop(0);
        threads.shutdownNow();
        client.shutdownNow();
        process.destroy();
        PROPERTIES.forEach(System::clearProperty);
    }
}
