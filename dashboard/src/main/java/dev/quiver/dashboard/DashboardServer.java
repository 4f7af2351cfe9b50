package dev.quiver.dashboard;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import dev.quiver.graph.TaskKey;
import dev.quiver.scheduler.server.ClientPipelines;
import dev.quiver.scheduler.server.PipelineBook;
import java.io.IOException;
import java.net.BindException;
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

/// Serves pages, JSON and streams of frames about boards, to whom its entrance lets in.
///
/// Only asks are answered: nothing that comes in changes anything. Pages of other origins may not
/// look, also not by names that lead here.
final class DashboardServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DashboardServer.class);

    /// The first that is tried; the ones behind it follow.
    private static final int PORT = 8787;

    private static final int PORTS_TRIED = 20;
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final String RUNS = "/api/v1/runs";
    private static final String PIPELINES = "/api/v1/pipelines";

    /// What is there to ask about a board, by what follows its number.
    private final List<Route> routes =
            List.of(
                    new Route(ProfileAnswers.ROUTE, this::profile),
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
    private final ProfileAnswers profiles = new ProfileAnswers();
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
    private final Entrance entrance;

    private DashboardServer(HttpServer server, Entrance entrance, RunArchive archive) {
        this.server = server;
        this.entrance = entrance;
        this.archive = archive;
        server.setExecutor(executor);
        List<Filter> filters = server.createContext("/", this::answer).getFilters();
        filters.add(Filter.beforeHandler("headers", DashboardServer::protect));
        filters.add(new OwnNames());
        entrance.guard().ifPresent(filters::add);
    }

    /// Refuses who asks by a name that somebody else's server of names has lead here.
    private final class OwnNames extends Filter {
        @Override
        public String description() {
            return "answers by its own names";
        }

        @Override
        public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
            if (isOwnName(exchange.getRequestHeaders().getFirst("Host"))) chain.doFilter(exchange);
            else Answers.fail(exchange, FORBIDDEN, "ask by the address that Quiver printed");
        }
    }

    /// @param archive of runs that have ended
    /// @throws QuiverException IO_FAILED when no port is free
    static DashboardServer start(Entrance entrance, RunArchive archive) {
        try {
            var started = new DashboardServer(bind(entrance), entrance, archive);
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

    private static HttpServer bind(Entrance entrance) throws IOException {
        for (int port = PORT; port < PORT + PORTS_TRIED; port++) {
            try {
                return entrance.bind(port);
            } catch (BindException e) {
                LOG.debug("port {} is taken", port, e);
            }
        }
        return entrance.bind(0);
    }

    URI address() {
        String host = entrance.host();
        return URI.create(
                "%s://%s:%d/"
                        .formatted(
                                entrance.scheme(),
                                host.indexOf(':') < 0 ? host : "[" + host + "]",
                                server.getAddress().getPort()));
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
            if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                Answers.fail(exchange, METHOD_NOT_ALLOWED, "this server only shows");
                return;
            }
            String path = exchange.getRequestURI().getPath();
            Optional<Pages.Page> page = pages.find(path);
            if (page.isPresent())
                Answers.send(exchange, OK, page.get().type(), page.get().content().array());
            else if (path.startsWith("/api/v1/boards")) boards(exchange, path);
            else if (path.equals(RUNS)) json(exchange, runs());
            else if (path.startsWith(RUNS + "/")) run(exchange, path.substring(RUNS.length() + 1));
            else if (path.equals(PIPELINES)) json(exchange, pipelines().all());
            else if (path.startsWith(PIPELINES + "/"))
                pipeline(exchange, path.substring(PIPELINES.length() + 1));
            else if (path.equals("/health")) text(exchange, "ok\n");
            else if (path.equals("/metrics")) metrics(exchange);
            else Answers.fail(exchange, NOT_FOUND, "there is nothing at " + path);
        }
    }

    private boolean isOwnName(@Nullable String host) {
        String port = ":" + server.getAddress().getPort();
        if (host == null || !host.endsWith(port)) return false;
        String name = host.substring(0, host.length() - port.length()).toLowerCase(Locale.ROOT);
        boolean isLiteral = name.startsWith("[") && name.endsWith("]");
        return entrance.isCalled(isLiteral ? name.substring(1, name.length() - 1) : name);
    }

    private void boards(HttpExchange exchange, String path) throws IOException {
        if (path.equals("/api/v1/boards")) {
            json(exchange, BoardJson.list(boards()));
            return;
        }
        for (Route route : routes) {
            Matcher asked = route.path().matcher(path);
            if (!asked.matches()) continue;
            Optional<Shown> found = find(asked);
            if (found.isPresent()) route.answer().to(exchange, found.get(), asked);
            else
                Answers.fail(
                        exchange,
                        NOT_FOUND,
                        "there is no board %s any more".formatted(asked.group(1)));
            return;
        }
        Answers.fail(exchange, BAD_REQUEST, "ask for /api/v1/boards or /api/v1/boards/ID");
    }

    private Optional<Shown> find(Matcher path) {
        int id = Integer.parseInt(path.group(1));
        return boards.stream().filter(shown -> shown.board().id() == id).findFirst();
    }

    private byte[] runs() {
        return BoardJson.runs(archive.runs());
    }

    private void run(HttpExchange exchange, String id) throws IOException {
        Optional<byte[]> report = archive.report(id);
        if (report.isEmpty()) {
            Answers.fail(exchange, NOT_FOUND, "run %s isn't kept, or not any more".formatted(id));
            return;
        }
        // a file of its own: its style is in it, and it has no scripts
        exchange.getResponseHeaders()
                .set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
        Answers.send(exchange, OK, "text/html; charset=utf-8", report.get());
    }

    private void profile(HttpExchange exchange, Shown shown, Matcher path) throws IOException {
        // asking begins the sampling: another site's page may not have it begun
        String from = exchange.getRequestHeaders().getFirst("Sec-Fetch-Site");
        if (from == null || from.equals("same-origin") || from.equals("none"))
            json(exchange, profiles.of(shown.board(), path));
        else Answers.fail(exchange, FORBIDDEN, "ask from the dashboard's own page");
    }

    /// What this process did beside the boards isn't for those who may look at a cluster.
    private PipelineAnswers pipelines() {
        List<ClientPipelines.Told> told =
                boards().stream().flatMap(board -> board.pipelines().stream()).toList();
        return new PipelineAnswers(
                entrance.guard().isPresent() ? Optional.empty() : PipelineBook.ofProcess(), told);
    }

    private void pipeline(HttpExchange exchange, String name) throws IOException {
        Optional<byte[]> pipeline = pipelines().one(name);
        if (pipeline.isPresent()) json(exchange, pipeline.get());
        else Answers.fail(exchange, NOT_FOUND, "pipeline '%s' isn't known here".formatted(name));
    }

    private static void worker(HttpExchange exchange, Board board, Matcher path)
            throws IOException {
        int number = Integer.parseInt(path.group(2));
        Optional<byte[]> worker = board.worker(number);
        if (worker.isPresent()) json(exchange, worker.get());
        else
            Answers.fail(
                    exchange,
                    NOT_FOUND,
                    "worker %d isn't known, or not any more".formatted(number));
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
        Answers.send(
                exchange,
                OK,
                "text/html; charset=utf-8",
                RunReport.of(board).getBytes(StandardCharsets.UTF_8));
    }

    private static void job(HttpExchange exchange, Board board, Matcher path) throws IOException {
        long number = Long.parseLong(path.group(2));
        Optional<JobView> job = board.job(number);
        if (job.isEmpty())
            Answers.fail(
                    exchange, NOT_FOUND, "job %d isn't known, or not any more".formatted(number));
        else if (path.group(3) == null) json(exchange, JobJson.of(job.get()));
        else
            Answers.send(
                    exchange,
                    OK,
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
        Answers.send(
                exchange,
                OK,
                "text/plain; version=0.0.4; charset=utf-8",
                MetricsText.of(views).getBytes(StandardCharsets.UTF_8));
    }

    private static void json(HttpExchange exchange, byte[] content) throws IOException {
        Answers.send(exchange, OK, "application/json", content);
    }

    private static void text(HttpExchange exchange, String content) throws IOException {
        Answers.send(
                exchange,
                OK,
                "text/plain; charset=utf-8",
                content.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        server.stop(0);
        profiles.close();
        executor.shutdownNow();
    }
}
