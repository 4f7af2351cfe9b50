package dev.quiver.deploy;

import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.security.Credentials;
import dev.quiver.config.Settings;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The JSON of a dashboard.
///
/// @param token that is shown with each ask; empty for none
/// @param address such as `http://127.0.0.1:8787/`
record TopSource(HttpClient http, String token, URI address) implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final int PORT_FIRST = 8787;
    private static final int PORTS_TRIED = 20;
    private static final int OK = 200;
    private static final List<Integer> REFUSED = List.of(401, 403, 429);
    private static final List<String> SCHEMES = List.of("http", "https");
    private static final Logger LOG = LoggerFactory.getLogger(TopSource.class);

    /// What a dashboard shows, the most telling first.
    private enum Liveliness {
        BUSY,
        IDLE,
        EMPTY
    }

    /// Shows what the settings say who this is, where that is asked for.
    private static TopSource of(URI address) {
        HttpClient.Builder client = HttpClient.newBuilder().connectTimeout(PATIENCE);
        if (!address.getScheme().equals("https")) return new TopSource(client.build(), "", address);
        return switch (Credentials.of(Settings.ofProcess())) {
            case Credentials.None _ ->
                    throw new QuiverException(
                            ErrorCode.ACCESS_DENIED,
                            "the dashboard at %s wants to know who looks".formatted(address),
                            List.of(),
                            "set cluster.tls.ca, and cluster.token.file to a token's file");
            case Credentials.Encrypted(var tls, var token, _) ->
                    new TopSource(client.sslContext(tls.forHttps()).build(), token, address);
        };
    }

    /// @param said `http://127.0.0.1:8787/`, `127.0.0.1:8787`, a port, or the address of a
    ///   scheduler as `quiver://host:8786`
    /// @throws QuiverException ARGUMENT_INVALID for what is no address, UNAVAILABLE when the
    ///   scheduler has no dashboard
    static TopSource at(String said) {
        if (said.startsWith("quiver://")) return of(ofCluster(SchedulerAddress.parseAll(said)));
        String whole = said.matches("\\d{1,5}") ? "127.0.0.1:" + said : said;
        if (!whole.contains("://")) whole = "http://" + whole;
        try {
            URI address = URI.create(whole).resolve("/");
            if (address.getHost() != null && SCHEMES.contains(address.getScheme()))
                return of(address);
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
        if (!cluster.isEmpty()) return of(ofCluster(SchedulerAddress.parseAll(cluster)));
        HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
        var found = new EnumMap<Liveliness, TopSource>(Liveliness.class);
        for (int port = PORT_FIRST; port < PORT_FIRST + PORTS_TRIED; port++) {
            var source =
                    new TopSource(http, "", URI.create("http://127.0.0.1:%d/".formatted(port)));
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
        HttpRequest.Builder asked = HttpRequest.newBuilder(address.resolve(path)).timeout(PATIENCE);
        if (!token.isEmpty()) asked.header("Authorization", "Bearer " + token);
        HttpRequest request = asked.build();
        HttpResponse<String> answer = sent(request);
        if (REFUSED.contains(answer.statusCode())) throw new IOException(answer.body().strip());
        return answer.statusCode() == OK ? Optional.of(answer.body()) : Optional.empty();
    }

    private HttpResponse<String> sent(HttpRequest request) throws IOException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (ConnectException | HttpTimeoutException | SSLException e) {
            throw e;
        } catch (IOException e) { // somebody is there, and doesn't end an answer in HTTP
            throw new IOException(
                    "it is ending, or it isn't a dashboard; that of a cluster is found by quiver://"
                            + address.getAuthority(),
                    e);
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
