package dev.quiver.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.cluster.security.CertificateAuthority;
import dev.quiver.cluster.security.Credentials;
import dev.quiver.cluster.security.Role;
import dev.quiver.config.Settings;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Each door of the dashboard of a cluster that has certificates, and who gets through it.
@Timeout(120)
final class DashboardDoorsTest {
    private static final List<String> PATHS =
            List.of(
                    "/",
                    "/app.js",
                    "/api/v1/boards",
                    "/api/v1/boards/1",
                    "/api/v1/boards/1/stream",
                    "/api/v1/boards/1/profile/all/methods",
                    "/api/v1/runs",
                    "/api/v1/pipelines",
                    "/metrics",
                    "/health",
                    "/nothing");

    @TempDir private static Path directory;

    private static Path node;
    private static Path reader;
    private static Path submitter;
    private static Path stranger;

    @SuppressWarnings("NullAway.Init") // by start()
    private static Process scheduler;

    private static String place = "";

    @SuppressWarnings("NullAway.Init") // by start()
    private static URI address;

    @BeforeAll
    static void start() throws IOException {
        var authority = CertificateAuthority.in(directory.resolve("certs"));
        node = authority.node(List.of("node1"));
        reader = authority.client("rita", Role.READ);
        submitter = authority.client("ada", Role.SUBMIT);
        stranger = CertificateAuthority.in(directory.resolve("others")).client("rita", Role.READ);
        var environment = new LinkedHashMap<String, String>();
        certified(node).forEach((key, value) -> environment.put(variable(key), value));
        environment.put("QUIVER_CLUSTER_CLIENTS", authority.clients().toString());
        scheduler = scheduler(environment);
        place = told(Pattern.compile("quiver://[0-9.:]+"));
        address = URI.create(told(Pattern.compile("https://[0-9.:]+/")));
    }

    private static String variable(String key) {
        return "QUIVER_" + key.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    private static Process scheduler(Map<String, String> environment) throws IOException {
        List<String> command = Spoken.process("scheduler", "--port", "21786").command();
        command.add(1, "@" + Path.of("src/main/jvm/node.options").toAbsolutePath());
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static String told(Pattern wanted) throws IOException {
        var seen = new ArrayList<String>();
        BufferedReader lines = scheduler.inputReader();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            seen.add(line);
            Matcher matcher = wanted.matcher(line);
            if (matcher.find()) return matcher.group();
        }
        throw new AssertionError("never printed: " + wanted + "\n" + String.join("\n", seen));
    }

    @AfterAll
    static void stop() throws InterruptedException {
        scheduler.destroyForcibly().waitFor();
    }

    private static Map<String, String> nobody() {
        var settings = new LinkedHashMap<String, String>();
        settings.put("cluster.tls.ca", node.resolve("ca.pem").toString());
        return settings;
    }

    /// Who believes the cluster, and shows the certificate of a directory.
    private static Map<String, String> certified(Path folder) {
        Map<String, String> settings = nobody();
        settings.put("cluster.tls.certificate", folder.resolve("certificate.pem").toString());
        settings.put("cluster.tls.key", folder.resolve("key.pem").toString());
        return settings;
    }

    private static Credentials credentials(Map<String, String> settings) {
        return Credentials.of(Settings.defaults().with(settings, "a test"));
    }

    private static HttpClient.Builder browser(Map<String, String> settings) {
        var encrypted = (Credentials.Encrypted) credentials(settings);
        return HttpClient.newBuilder().sslContext(encrypted.tls().forHttps());
    }

    private static String token(Path folder) throws IOException {
        return Files.readString(folder.resolve("token")).strip();
    }

    private static HttpResponse<String> get(HttpClient http, String path, String... headers)
            throws Exception {
        var request = HttpRequest.newBuilder(address.resolve(path));
        if (headers.length > 0) request.headers(headers);
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> logout(HttpClient http, String... headers)
            throws Exception {
        var request =
                HttpRequest.newBuilder(address.resolve("/logout"))
                        .POST(HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) request.headers(headers);
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> login(HttpClient http, String token, String... headers)
            throws Exception {
        var request =
                HttpRequest.newBuilder(address.resolve("/login"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString("token=" + token));
        if (headers.length > 0) request.headers(headers);
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void without_a_token_or_a_certificate_nothing_is_seen() throws Exception {
        try (HttpClient http = browser(nobody()).build()) {
            for (String path : PATHS) {
                HttpResponse<String> answer = get(http, path);

                assertThat(answer.statusCode()).as(path).isEqualTo(401);
                assertThat(answer.headers().firstValue("WWW-Authenticate"))
                        .contains("Bearer realm=\"quiver\"");
                assertThat(answer.body()).doesNotContain("\"the cluster\"", "/api/", "<script");
            }
            HttpResponse<String> page = get(http, "/");

            assertThat(page.body()).contains("<form method=\"post\" action=\"/login\">");
            assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .startsWith("default-src 'none'; style-src 'self'; img-src 'self'; ")
                    .contains("form-action 'self'; frame-ancestors 'none'");
        }
    }

    @Test
    void a_token_or_a_certificate_of_whatever_role_lets_see_all() throws Exception {
        try (HttpClient http = browser(nobody()).build()) {
            for (Path folder : List.of(reader, submitter))
                assertThat(
                                get(
                                                http,
                                                "/api/v1/boards",
                                                "Authorization",
                                                "Bearer " + token(folder))
                                        .body())
                        .isEqualTo("[{\"id\":1,\"name\":\"the cluster\"}]");
        }
        for (Path folder : List.of(reader, submitter, node))
            try (HttpClient http = browser(certified(folder)).build()) {
                assertThat(get(http, "/metrics").body()).contains("quiver_tasks_ended_total");
                assertThat(get(http, "/").body()).contains("/app.js");
                assertThat(get(http, "/api/v1/runs").body()).isEqualTo("[]");
            }
    }

    @Test
    void a_browser_that_showed_a_token_is_known_by_a_cookie_that_no_script_and_no_other_site_has()
            throws Exception {
        try (HttpClient http = browser(nobody()).build()) {
            HttpResponse<String> answer =
                    login(http, token(reader), "Sec-Fetch-Site", "same-origin");

            assertThat(answer.statusCode()).isEqualTo(303);
            assertThat(answer.headers().firstValue("Location")).contains("/");
            String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
            assertThat(cookie)
                    .matches(
                            "__Host-quiver-%d=[\\w-]{43}; Path=/; Max-Age=43200; Secure; HttpOnly; SameSite=Strict"
                                    .formatted(address.getPort()))
                    .doesNotContain(token(reader));
            String shown = cookie.substring(0, cookie.indexOf(';'));
            assertThat(get(http, "/api/v1/boards/1", "Cookie", "a=b; " + shown).statusCode())
                    .isEqualTo(200);
            String other = shown.replaceFirst("=..", "=__");
            assertThat(get(http, "/api/v1/boards/1", "Cookie", other).statusCode()).isEqualTo(401);
            assertThat(get(http, "/", "Cookie", shown.substring(1)).statusCode()).isEqualTo(401);
        }
    }

    @Test
    void who_logs_out_sees_nothing_any_more_and_no_other_site_can_do_it_for_him() throws Exception {
        try (HttpClient http = browser(nobody()).build()) {
            String cookie =
                    login(http, token(reader)).headers().firstValue("Set-Cookie").orElseThrow();
            String shown = cookie.substring(0, cookie.indexOf(';'));
            HttpResponse<String> before = get(http, "/api/v1/boards", "Cookie", shown);

            HttpResponse<String> elsewhere =
                    logout(http, "Cookie", shown, "Sec-Fetch-Site", "cross-site");
            HttpResponse<String> still = get(http, "/api/v1/boards", "Cookie", shown);
            HttpResponse<String> out =
                    logout(http, "Cookie", shown, "Sec-Fetch-Site", "same-origin");
            HttpResponse<String> after = get(http, "/api/v1/boards", "Cookie", shown);

            assertThat(before.headers().firstValue("Quiver-Login")).isPresent();
            assertThat(elsewhere.statusCode()).isEqualTo(403);
            assertThat(still.statusCode()).isEqualTo(200);
            assertThat(out.statusCode()).isEqualTo(204);
            assertThat(out.headers().firstValue("Set-Cookie").orElseThrow())
                    .contains("=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict");
            assertThat(after.statusCode()).isEqualTo(401);
            assertThat(logout(http).statusCode()).isEqualTo(204);
        }
    }

    @Test
    void nobody_is_logged_in_by_another_site_or_a_wrong_token() throws Exception {
        try (HttpClient http = browser(nobody()).build()) {
            HttpResponse<String> wrong = login(http, "%22%3E%3Cscript%3E");
            HttpResponse<String> malformed = login(http, "%zz");
            HttpResponse<String> sent = login(http, token(reader), "Sec-Fetch-Site", "cross-site");

            assertThat(wrong.statusCode()).isEqualTo(401);
            assertThat(wrong.body()).contains("That token is nobody’s.").doesNotContain("<script");
            assertThat(malformed.statusCode()).isEqualTo(401);
            assertThat(sent.statusCode()).isEqualTo(403);
            for (HttpResponse<String> answer : List.of(wrong, malformed, sent))
                assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
            assertThat(get(http, "/metrics", "Authorization", "Bearer x").body())
                    .isEqualTo("the token is nobody's\n");
            assertThat(get(http, "/metrics", "Authorization", "Basic eDp5").statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void who_guesses_is_not_heard_for_a_while() throws Exception {
        var elsewhere = browser(nobody()).localAddress(InetAddress.getByName("127.0.0.44"));
        try (HttpClient http = elsewhere.build()) {
            for (int i = 0; i < 10; i++)
                assertThat(get(http, "/", "Authorization", "Bearer guess" + i).statusCode())
                        .isEqualTo(401);
            HttpResponse<String> answer =
                    get(http, "/", "Authorization", "Bearer " + token(reader));

            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.headers().firstValue("Retry-After")).contains("60");
            assertThat(login(http, token(reader)).body()).contains("too many wrong tokens");
        }
    }

    @Test
    void a_certificate_of_another_authority_and_who_speaks_no_tls_get_no_answer() {
        try (HttpClient http = browser(certified(stranger)).build()) {
            assertThatThrownBy(() -> get(http, "/")).isInstanceOf(IOException.class);
        }
        try (HttpClient plain = HttpClient.newHttpClient()) {
            URI unencrypted = URI.create("http://127.0.0.1:%d/".formatted(address.getPort()));
            assertThatThrownBy(() ->
                            plain.send(
                                    HttpRequest.newBuilder(unencrypted).build(),
                                    HttpResponse.BodyHandlers.ofString()))
                    .isInstanceOf(IOException.class);
        }
    }

    /// The first line of the answer to who asks with a certificate by that name.
    private static String askedBy(String name) throws IOException {
        var encrypted = (Credentials.Encrypted) credentials(certified(reader));
        try (Socket socket =
                encrypted
                        .tls()
                        .forHttps()
                        .getSocketFactory()
                        .createSocket("127.0.0.1", address.getPort())) {
            String request =
                    "GET /health HTTP/1.1\r\nHost: %s:%d\r\nConnection: close\r\n\r\n"
                            .formatted(name, address.getPort());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void it_answers_by_the_names_of_its_certificate_and_no_others() throws Exception {
        assertThat(askedBy("127.0.0.1")).isEqualTo("HTTP/1.1 200");
        assertThat(askedBy("NODE1")).isEqualTo("HTTP/1.1 200");
        assertThat(askedBy("evil.example")).isEqualTo("HTTP/1.1 403");
        assertThat(askedBy("[::1]")).isEqualTo("HTTP/1.1 403");
    }

    @Test
    void top_shows_it_to_who_has_a_token() throws Exception {
        var environment =
                Map.of(
                        "QUIVER_CLUSTER_ADDRESS", place,
                        "QUIVER_CLUSTER_TLS_CA", reader.resolve("ca.pem").toString(),
                        "QUIVER_CLUSTER_TOKEN_FILE", reader.resolve("token").toString());
        List<String> command = Spoken.process("top", "--once").command();
        command.add(1, "--add-opens=java.base/java.nio=ALL-UNNAMED");

        Spoken spoken = Spoken.byProcess(directory, environment, command);

        assertThat(spoken.out()).contains("quiver top  the cluster", address.toString());
        assertThat(spoken.status()).isZero();
    }
}
