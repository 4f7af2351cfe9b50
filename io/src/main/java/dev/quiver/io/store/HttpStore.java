package dev.quiver.io.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.SortedMap;

/// Files of web servers, read by ranges (RFC 9110, section 14) where the server knows them.
final class HttpStore implements Store {
    private static final Duration CONNECT = Duration.ofSeconds(15);
    private static final Duration ANSWER = Duration.ofSeconds(60);

    private final HttpClient client =
            HttpClient.newBuilder()
                    .connectTimeout(CONNECT)
                    .followRedirects(HttpClient.Redirect.NORMAL)
                    .build();
    private final Duration answer;

    HttpStore() {
        this(ANSWER);
    }

    /// @param answer how long to wait for an answer, and for each further part of it
    HttpStore(Duration answer) {
        this.answer = answer;
    }

    @Override
    public List<String> schemes() {
        return List.of("http", "https");
    }

    @Override
    public Reply read(String url, long from, long to, String version)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(url))
                        .timeout(answer)
                        .header("Accept-Encoding", "identity")
                        .header("Range", "bytes=%d-%d".formatted(from, to - 1));
        if (version.startsWith("\"")) request.header("If-Match", version);
        HttpResponse<InputStream> response =
                client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        var body = new IdleGuard(response.body(), answer.toNanos());
        try {
            return reply(response, body);
        } catch (IOException e) {
            body.close();
            throw e;
        }
    }

    private static URI uri(String url) throws StoreFailure {
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            throw new StoreFailure(
                    StoreFailure.Kind.REFUSED,
                    "not an address: " + e.getMessage(),
                    Duration.ZERO,
                    e);
        }
    }

    private static Reply reply(HttpResponse<?> response, InputStream body) throws IOException {
        String version =
                response.headers()
                        .firstValue("ETag")
                        .or(() -> response.headers().firstValue("Last-Modified"))
                        .orElse("");
        long modified =
                response.headers().firstValue("Last-Modified").map(HttpStore::nanos).orElse(0L);
        long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
        return switch (response.statusCode()) {
            case 200 -> new Reply(body, 0, false, length, version, modified);
            case 206 -> {
                String range = response.headers().firstValue("Content-Range").orElse("");
                yield new Reply(body, begin(range), true, whole(range), version, modified);
            }
            case 416 -> {
                // The file ends before the range: an empty one, or one that was cut.
                body.close();
                long size = whole(response.headers().firstValue("Content-Range").orElse(""));
                yield new Reply(InputStream.nullInputStream(), size, true, size, version, modified);
            }
            default -> throw failure(response);
        };
    }

    /// The position that `bytes 0-99/1234` begins with.
    private static long begin(String contentRange) throws IOException {
        int space = contentRange.indexOf(' ');
        int dash = contentRange.indexOf('-');
        return number(contentRange, space + 1, dash);
    }

    /// The size behind the slash of `bytes 0-99/1234`.
    private static long whole(String contentRange) throws IOException {
        return number(contentRange, contentRange.indexOf('/') + 1, contentRange.length());
    }

    private static long number(String contentRange, int from, int to) throws IOException {
        if (from > 0 && from < to && to - from < 19) {
            String digits = contentRange.substring(from, to);
            if (digits.chars().allMatch(c -> c >= '0' && c <= '9')) return Long.parseLong(digits);
        }
        throw new StoreFailure(
                StoreFailure.Kind.REFUSED,
                "the server says 'Content-Range: %s'".formatted(contentRange));
    }

    private static long nanos(String httpDate) {
        try {
            Instant time =
                    ZonedDateTime.parse(httpDate, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            return Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L);
        } catch (DateTimeException | ArithmeticException noDate) {
            return 0;
        }
    }

    private static StoreFailure failure(HttpResponse<?> response) {
        int status = response.statusCode();
        String text = "HTTP status " + status;
        StoreFailure.Kind kind =
                switch (status) {
                    case 404, 410 -> StoreFailure.Kind.MISSING;
                    case 412 -> StoreFailure.Kind.CHANGED;
                    case 408, 425, 429, 500, 502, 503, 504 -> StoreFailure.Kind.LATER;
                    default -> StoreFailure.Kind.REFUSED;
                };
        Duration after =
                response.headers()
                        .firstValue("Retry-After")
                        .map(HttpStore::after)
                        .orElse(Duration.ZERO);
        return new StoreFailure(kind, text, after, null);
    }

    /// Seconds, or a date.
    private static Duration after(String text) {
        if (!text.isEmpty() && text.length() < 10 && text.chars().allMatch(Character::isDigit))
            return Duration.ofSeconds(Long.parseLong(text));
        long date = nanos(text);
        if (date == 0) return Duration.ZERO;
        Duration until = Duration.between(Instant.now(), Instant.EPOCH.plusNanos(date));
        return until.isNegative() ? Duration.ZERO : until;
    }

    @Override
    public List<String> list(String prefix) throws IOException {
        throw new StoreFailure(
                StoreFailure.Kind.REFUSED, "web servers don't list files: name each address");
    }

    @Override
    public boolean exists(String url) throws IOException, InterruptedException {
        try {
            read(url, 0, 1, "").close();
            return true;
        } catch (StoreFailure e) {
            if (e.kind() == StoreFailure.Kind.MISSING) return false;
            throw e;
        }
    }

    @Override
    public void copy(String from, String to) throws IOException {
        throw readOnly();
    }

    @Override
    public boolean isWritable() {
        return false;
    }

    @Override
    public Upload upload(SortedMap<String, Path> files) throws IOException {
        throw readOnly();
    }

    @Override
    public void delete(String url) throws IOException {
        throw readOnly();
    }

    @Override
    public void put(String url, byte[] content, boolean onlyNew) throws IOException {
        throw readOnly();
    }

    private static StoreFailure readOnly() {
        return new StoreFailure(
                StoreFailure.Kind.REFUSED, "web servers are read only: write a file, or to s3://");
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
