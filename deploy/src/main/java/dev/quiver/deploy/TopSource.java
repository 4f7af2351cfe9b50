package dev.quiver.deploy;

import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.config.Settings;
import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The JSON of a dashboard.
///
/// @param address such as `http://127.0.0.1:8787/`
record TopSource(HttpClient http, URI address) implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final int PORT_FIRST = 8787;
    private static final int PORTS_TRIED = 20;
    private static final int OK = 200;
    private static final Logger LOG = LoggerFactory.getLogger(TopSource.class);

    /// What a dashboard shows, the most telling first.
    private enum Liveliness {
        BUSY,
        IDLE,
        EMPTY
    }

    private static HttpClient client() {
        return HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    }

    /// @param said `http://127.0.0.1:8787/`, `127.0.0.1:8787`, a port, or the address of a
    ///   scheduler as `quiver://host:8786`
    /// @throws QuiverException ARGUMENT_INVALID for what is no address, UNAVAILABLE when the
    ///   scheduler has no dashboard
    static TopSource at(String said) {
        if (said.startsWith("quiver://"))
            return new TopSource(client(), ofCluster(SchedulerAddress.parseAll(said)));
        String whole = said.matches("\\d{1,5}") ? "127.0.0.1:" + said : said;
        if (!whole.contains("://")) whole = "http://" + whole;
        try {
            URI address = URI.create(whole).resolve("/");
            if (address.getHost() != null && "http".equals(address.getScheme()))
                return new TopSource(client(), address);
        } catch (IllegalArgumentException e) {
            throw noAddress(said);
        }
        throw noAddress(said);
    }

    private static QuiverException noAddress(String said) {
        return Complaints.usage(
                "'%s' is no address of a dashboard".formatted(said),
                List.of(),
                "write it as it is printed, http://127.0.0.1:8787/, or leave it out");
    }

    /// That of the cluster that the settings name, else the first on this machine where something
    /// runs, else the first that shows something, else the first that there is.
    ///
    /// @throws QuiverException UNAVAILABLE when there is none
    static TopSource find() {
        String cluster = Settings.ofProcess().value(Settings.Key.CLUSTER_ADDRESS);
        if (!cluster.isEmpty())
            return new TopSource(client(), ofCluster(SchedulerAddress.parseAll(cluster)));
        HttpClient http = client();
        var found = new EnumMap<Liveliness, TopSource>(Liveliness.class);
        for (int port = PORT_FIRST; port < PORT_FIRST + PORTS_TRIED; port++) {
            var source = new TopSource(http, URI.create("http://127.0.0.1:%d/".formatted(port)));
            try {
                found.putIfAbsent(source.liveliness(), source);
            } catch (IOException e) {
                LOG.debug("no dashboard at port {}", port, e); // nobody there, or another program
            }
        }
        if (!found.isEmpty()) return found.values().iterator().next();
        http.close();
        throw new Unavailable(
                "no dashboard was found on this machine",
                List.of(
                        "looked at: ports %d to %d"
                                .formatted(PORT_FIRST, PORT_FIRST + PORTS_TRIED - 1)),
                "a long run on a terminal tells its address, a program asks for it with"
                        + " session.dashboard(): quiver top http://127.0.0.1:8787/");
    }

    private Liveliness liveliness() throws IOException {
        Map<Integer, String> boards = boards();
        if (boards.isEmpty()) return Liveliness.EMPTY;
        for (int id : boards.keySet()) {
            Optional<TopBoard> board = board(id);
            if (board.isPresent() && board.get().isBusy()) return Liveliness.BUSY;
        }
        return Liveliness.IDLE;
    }

    private static URI ofCluster(List<SchedulerAddress> schedulers) {
        String address =
                SchedulerOption.ask(schedulers, new Question.Dashboard(), Answer.Dashboard.class)
                        .address();
        if (!address.isEmpty()) return URI.create(address);
        throw new Unavailable(
                "the cluster at %s has no dashboard".formatted(SchedulerAddress.text(schedulers)),
                List.of(),
                "ask it by 'quiver status'");
    }

    /// All that it shows, the newest first.
    ///
    /// @throws IOException when it doesn't answer
    Map<Integer, String> boards() throws IOException {
        return TopBoard.list(
                get("api/v1/boards").orElseThrow(() -> new IOException("it is no dashboard")));
    }

    /// One that it shows; empty when it doesn't any more.
    ///
    /// @throws IOException when it doesn't answer
    Optional<TopBoard> board(int id) throws IOException {
        Optional<String> text = get("api/v1/boards/" + id);
        return text.isEmpty() ? Optional.empty() : Optional.of(TopBoard.of(text.get()));
    }

    private Optional<String> get(String path) throws IOException {
        HttpRequest request =
                HttpRequest.newBuilder(address.resolve(path)).timeout(PATIENCE).build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == OK ? Optional.of(answer.body()) : Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
