package dev.quiver.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.quiver.config.Settings;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.store.StoreFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.regions.Region;

/// What a store's answers become. The server is a real one, which says what it is told.
final class S3AnswersTest {
    private final HttpServer server;
    private volatile int status = 200;
    private volatile String body = "";
    private volatile String retryAfter = "";

    S3AnswersTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        exchange.getRequestBody().readAllBytes();
                        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                        exchange.getResponseHeaders().set("Content-Type", "application/xml");
                        if (!retryAfter.isEmpty())
                            exchange.getResponseHeaders().set("Retry-After", retryAfter);
                        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
                        exchange.getResponseBody().write(bytes);
                    }
                });
    }

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private S3Store store() {
        var address = URI.create("http://127.0.0.1:%d".formatted(server.getAddress().getPort()));
        return new S3Store(new S3Settings(Optional.of(address), Region.US_EAST_1, true));
    }

    private void answer(int code, String error) {
        status = code;
        body = "<Error><Code>%s</Code><Message>so it is</Message></Error>".formatted(error);
    }

    private static StoreFailure failure(ThrowingCallable call) {
        var thrown = new StoreFailure[1];
        assertThatThrownBy(call).isInstanceOfSatisfying(StoreFailure.class, e -> thrown[0] = e);
        return thrown[0];
    }

    @ParameterizedTest
    @CsvSource({
        "404, NoSuchKey, MISSING, 'check the key'",
        "404, NoSuchBucket, REFUSED, 'make the bucket'",
        "403, AccessDenied, REFUSED, 's3:GetObject'",
        "403, InvalidAccessKeyId, REFUSED, 'AWS_ACCESS_KEY_ID'",
        "403, SignatureDoesNotMatch, REFUSED, 'AWS_SECRET_ACCESS_KEY'",
        "400, ExpiredToken, REFUSED, 'ran out'",
        "403, RequestTimeTooSkewed, REFUSED, 'clock'",
        "301, PermanentRedirect, REFUSED, 'AWS_REGION'",
        "412, PreconditionFailed, CHANGED, ''",
    })
    void what_will_not_go_well_later_says_what_to_do(
            int code, String error, StoreFailure.Kind kind, String fix) {
        answer(code, error);
        try (S3Store store = store()) {
            StoreFailure failure = failure(() -> store.read("s3://data/x.csv", 0, 10, ""));

            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure.fix()).contains(fix);
        }
    }

    @ParameterizedTest
    @CsvSource({"503, SlowDown", "500, InternalError", "400, RequestTimeout", "429, Throttling"})
    void what_may_go_well_later_is_told_apart(int code, String error) {
        answer(code, error);
        try (S3Store store = store()) {
            StoreFailure failure = failure(() -> store.list("s3://data/"));

            assertThat(failure).hasMessageContaining(error);
            assertThat(failure.kind()).isEqualTo(StoreFailure.Kind.LATER);
            assertThat(failure.after()).isZero();
        }
    }

    @Test
    void a_store_says_how_long_it_wants_to_be_left_alone() {
        answer(503, "SlowDown");
        retryAfter = "7";
        try (S3Store store = store()) {
            assertThat(failure(() -> store.list("s3://data/")).after())
                    .isEqualTo(Duration.ofSeconds(7));
        }
    }

    @Test
    void a_file_that_is_there_is_not_put_as_a_new_one() {
        answer(412, "PreconditionFailed");
        try (S3Store store = store()) {
            StoreFailure failure = failure(() -> store.put("s3://data/x", new byte[1], true));

            assertThat(failure.kind()).isEqualTo(StoreFailure.Kind.EXISTS);
        }
    }

    @Test
    void a_server_that_is_gone_may_come_back() {
        server.stop(0);
        try (S3Store store = store()) {
            assertThatThrownBy(() -> store.read("s3://data/x.csv", 0, 10, ""))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(StoreFailure.class)
                    .hasMessageContaining("Connection refused")
                    .hasMessageContaining("127.0.0.1");
        }
    }

    @Test
    void an_address_without_a_bucket_or_without_a_key_is_refused_before_anything_is_sent() {
        try (S3Store store = store()) {
            assertThat(failure(() -> store.read("s3:///x.csv", 0, 10, "")))
                    .hasMessageContaining("names no bucket");
            assertThat(failure(() -> store.read("s3://data/", 0, 10, "")).fix())
                    .contains("s3://data/*");
        }
    }

    @Test
    void settings_name_a_store_and_whether_requests_are_signed() {
        Map<String, String> said =
                Map.of("s3.endpoint", "https://minio.test:9000", "s3.anonymous", "true");

        S3Settings settings = S3Settings.of(Settings.defaults().with(said, "quiver.yaml"));

        assertThat(settings.store()).isEqualTo("https://minio.test:9000");
        assertThat(settings.anonymous()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"s3.endpoint, minio:9000", "s3.anonymous, yes"})
    void a_setting_that_cannot_be_used_names_itself(String key, String value) {
        Settings settings = Settings.defaults().with(Map.of(key, value), "quiver.yaml");

        assertThatThrownBy(() -> S3Settings.of(settings))
                .isInstanceOfSatisfying(
                        QuiverException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID))
                .hasMessageContaining(key)
                .hasMessageContaining("quiver.yaml");
    }
}
