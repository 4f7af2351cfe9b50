package dev.quiver.dashboard;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import dev.quiver.graph.TaskKey;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves pages, JSON and streams of frames about boards, on this machine's own address alone.
///
/// Only asks are answered: nothing that comes in changes anything. Whoever may open connections on
/// this machine may look; pages of other origins may not, also not by names that lead here.
final class DashboardServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DashboardServer.class);

    /// The first that is tried; the ones behind it follow.
    private static final int PORT = 8787;

    private static final int PORTS_TRIED = 20;
    private static final int BACKLOG = 64;
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int NO_BODY = -1;
    private static final String RUNS = "/api/v1/runs";
    private static final String PIPELINES = "/api/v1/pipelines";

    /// What is there to ask about a board, by what follows its number.
    private static final List<Route> ROUTES =
            List.of(
                    new Route("", (to, shown, _) -> json(to, BoardJson.of(shown.board().view()))),
                    new Route("/stream", (to, shown, _) -> stream(to, shown.stream())),
                    new Route("/report", (to, shown, _) -> report(to, shown.board())),
                    new Route(
                            "/jobs/(\\d{1,18})(\\.svg)?",
                            (to, shown, path) -> job(to, shown.board(), path)),
                    new Route(
                            "/jobs/(\\d{1,18})/tasks",
                            (to, shown, path) -> json(to, standouts(shown.board(), path))),
                    new Route(
                            "/events(?:/(\\d{1,18}))?",
                            (to, shown, path) -> json(to, events(shown.board(), path))),
                    new Route(
                            "/logs(?:/(\\d{1,18}))?",
                            (to, shown, path) ->
                                    json(to, shown.board().logs(after(path.group(2))))),
                    new Route(
                            "/workers/(\\d{1,9})/logs(?:/(\\d{1,18}))?",
                            (to, shown, path) -> json(to, logs(shown.board(), path))),
                    new Route("/data", (to, shown, _) -> json(to, shown.board().data())),
                    new Route(
                            "/data/(.{1,1000})/head",
                            (to, shown, path) -> json(to, shown.board().head(path.group(2)))),
                    new Route("/graph", (to, shown, _) -> json(to, shown.board().graph())),
                    new Route("/memory", (to, shown, _) -> json(to, shown.board().memory())),
                    new Route("/workers", (to, shown, _) -> json(to, shown.board().workers())),
                    new Route(
                            "/workers/(\\d{1,9})",
                            (to, shown, path) -> worker(to, shown.board(), path)),
                    new Route(
                            "/tasks/(\\d{1,9})/(\\d{1,9})",
                            (to, shown, path) -> json(to, task(shown.board(), path))));

    private final HttpServer server;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Pages pages = new Pages();
    private final List<Shown> boards = new CopyOnWriteArrayList<>();

    private record Shown(Board board, LiveStream stream) {}

    private interface Answer {
        /// @param path as it was asked for
        void to(HttpExchange exchange, Shown shown, Matcher path) throws IOException;
    }

    private record Route(Pattern path, Answer answer) {
        Route(String rest, Answer answer) {
            this(Pattern.compile("/api/v1/boards/(\\d{1,9})" + rest), answer);
        }
    }

    private final RunArchive archive;

    private DashboardServer(HttpServer server, RunArchive archive) {
        this.server = server;
        this.archive = archive;
        server.setExecutor(executor);
        var context = server.createContext("/", this::answer);
        context.getFilters().add(Filter.beforeHandler("headers", DashboardServer::protect));
    }

    /// @throws QuiverException IO_FAILED when no port is free
    static DashboardServer start(RunArchive archive) {
        try {
            var started = new DashboardServer(bind(), archive);
            // its thread becomes like the one that starts it: no program is kept from ending
            Thread.ofPlatform().daemon().start(started.server::start).join();
            return started;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable(
                    "starting the dashboard was interrupted", List.of(), "ask for it again", e);
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.IO_FAILED,
                    "the dashboard can't be served: " + e.getMessage(),
                    List.of(),
                    "see that a port of this machine is free",
                    e);
        }
    }

    private static HttpServer bind() throws IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        for (int port = PORT; port < PORT + PORTS_TRIED; port++) {
            try {
                return HttpServer.create(new InetSocketAddress(here, port), BACKLOG);
            } catch (BindException e) {
                LOG.debug("port {} is taken", port, e);
            }
        }
        return HttpServer.create(new InetSocketAddress(here, 0), BACKLOG);
    }

    URI address() {
        InetSocketAddress at = server.getAddress();
        return URI.create(
                "http://%s:%d/".formatted(at.getAddress().getHostAddress(), at.getPort()));
    }

    void add(Board board) {
        boards.addFirst(new Shown(board, new LiveStream(board)));
    }

    void remove(Board board) {
        Optional<Shown> gone = boards.stream().filter(shown -> shown.board() == board).findFirst();
        gone.ifPresent(shown -> {
            boards.remove(shown);
            shown.stream().end();
        });
    }

    /// All that are shown, the newest first.
    List<Board> boards() {
        return boards.stream().map(Shown::board).toList();
    }

    private static void protect(HttpExchange exchange) {
        Headers headers = exchange.getResponseHeaders();
        headers.set(
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                        + " connect-src 'self'; base-uri 'none'; form-action 'none';"
                        + " frame-ancestors 'self'");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Cache-Control", "no-store");
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            // a name that somebody else's server of names has lead here
            if (!isOwnName(exchange.getRequestHeaders().getFirst("Host"))) {
                fail(exchange, FORBIDDEN, "ask by the address that Quiver printed");
                return;
            }
            if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                fail(exchange, METHOD_NOT_ALLOWED, "this server only shows");
                return;
            }
            String path = exchange.getRequestURI().getPath();
            Optional<Pages.Page> page = pages.find(path);
            if (page.isPresent()) send(exchange, page.get().type(), page.get().content().array());
            else if (path.startsWith("/api/v1/boards")) boards(exchange, path);
            else if (path.equals(RUNS)) json(exchange, BoardJson.runs(archive.runs()));
            else if (path.startsWith(RUNS + "/")) run(exchange, path.substring(RUNS.length() + 1));
            else if (path.equals(PIPELINES)) json(exchange, PipelineAnswers.all());
            else if (path.startsWith(PIPELINES + "/"))
                pipeline(exchange, path.substring(PIPELINES.length() + 1));
            else if (path.equals("/health")) text(exchange, "ok\n");
            else if (path.equals("/metrics")) metrics(exchange);
            else fail(exchange, NOT_FOUND, "there is nothing at " + path);
        }
    }

    private boolean isOwnName(@Nullable String host) {
        if (host == null) return false;
        int port = server.getAddress().getPort();
        return List.of("127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port)
                .contains(host.toLowerCase(Locale.ROOT));
    }

    private void boards(HttpExchange exchange, String path) throws IOException {
        if (path.equals("/api/v1/boards")) {
            json(exchange, BoardJson.list(boards()));
            return;
        }
        for (Route route : ROUTES) {
            Matcher asked = route.path().matcher(path);
            if (!asked.matches()) continue;
            Optional<Shown> found = find(asked);
            if (found.isPresent()) route.answer().to(exchange, found.get(), asked);
            else
                fail(
                        exchange,
                        NOT_FOUND,
                        "there is no board %s any more".formatted(asked.group(1)));
            return;
        }
        fail(exchange, BAD_REQUEST, "ask for /api/v1/boards or /api/v1/boards/ID");
    }

    private Optional<Shown> find(Matcher path) {
        int id = Integer.parseInt(path.group(1));
        return boards.stream().filter(shown -> shown.board().id() == id).findFirst();
    }

    private void run(HttpExchange exchange, String id) throws IOException {
        Optional<byte[]> report = archive.report(id);
        if (report.isEmpty()) {
            fail(exchange, NOT_FOUND, "run %s isn't kept, or not any more".formatted(id));
            return;
        }
        // a file of its own: its style is in it, and it has no scripts
        exchange.getResponseHeaders()
                .set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
        send(exchange, "text/html; charset=utf-8", report.get());
    }

    private static void pipeline(HttpExchange exchange, String name) throws IOException {
        Optional<byte[]> pipeline = PipelineAnswers.one(name);
        if (pipeline.isPresent()) json(exchange, pipeline.get());
        else fail(exchange, NOT_FOUND, "pipeline '%s' isn't known here".formatted(name));
    }

    private static void worker(HttpExchange exchange, Board board, Matcher path)
            throws IOException {
        int number = Integer.parseInt(path.group(2));
        Optional<byte[]> worker = board.worker(number);
        if (worker.isPresent()) json(exchange, worker.get());
        else fail(exchange, NOT_FOUND, "worker %d isn't known, or not any more".formatted(number));
    }

    private static byte[] task(Board board, Matcher path) {
        int stage = Integer.parseInt(path.group(2));
        int partition = Integer.parseInt(path.group(3));
        return TaskJson.of(board.task(new TaskKey(stage, partition)));
    }

    private static byte[] events(Board board, Matcher path) {
        return board.events(after(path.group(2)));
    }

    private static byte[] logs(Board board, Matcher path) {
        return board.logs(Integer.parseInt(path.group(2)), after(path.group(3)));
    }

    /// All, where nobody says behind what.
    private static long after(@Nullable String number) {
        return number == null ? 0 : Long.parseLong(number);
    }

    private static byte[] standouts(Board board, Matcher path) {
        return TaskJson.of(board.standouts(Long.parseLong(path.group(2))));
    }

    private static void report(HttpExchange exchange, Board board) throws IOException {
        exchange.getResponseHeaders()
                .set("Content-Disposition", "attachment; filename=\"quiver-report.html\"");
        send(
                exchange,
                "text/html; charset=utf-8",
                RunReport.of(board).getBytes(StandardCharsets.UTF_8));
    }

    private static void job(HttpExchange exchange, Board board, Matcher path) throws IOException {
        long number = Long.parseLong(path.group(2));
        Optional<JobView> job = board.job(number);
        if (job.isEmpty())
            fail(exchange, NOT_FOUND, "job %d isn't known, or not any more".formatted(number));
        else if (path.group(3) == null) json(exchange, JobJson.of(job.get()));
        else
            send(
                    exchange,
                    "image/svg+xml",
                    PlanPicture.of(job.get()).getBytes(StandardCharsets.UTF_8));
    }

    private static void stream(HttpExchange exchange, LiveStream stream) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
        exchange.sendResponseHeaders(OK, 0);
        try {
            stream.serve(exchange.getResponseBody());
        } catch (IOException e) {
            LOG.trace("a page has gone", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void metrics(HttpExchange exchange) throws IOException {
        var views = new ArrayList<Board.View>();
        for (Board board : boards()) views.add(board.view());
        send(
                exchange,
                "text/plain; version=0.0.4; charset=utf-8",
                MetricsText.of(views).getBytes(StandardCharsets.UTF_8));
    }

    private static void json(HttpExchange exchange, byte[] content) throws IOException {
        send(exchange, "application/json", content);
    }

    private static void text(HttpExchange exchange, String content) throws IOException {
        send(exchange, "text/plain; charset=utf-8", content.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, String type, byte[] content)
            throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(OK, content.length == 0 ? NO_BODY : content.length);
        exchange.getResponseBody().write(content);
    }

    private static void fail(HttpExchange exchange, int status, String why) throws IOException {
        byte[] content = (why + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, content.length);
        exchange.getResponseBody().write(content);
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
