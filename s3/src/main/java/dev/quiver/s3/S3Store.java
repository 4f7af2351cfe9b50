package dev.quiver.s3;

import dev.quiver.config.Settings;
import dev.quiver.io.store.Reply;
import dev.quiver.io.store.Store;
import dev.quiver.io.store.StoreFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/// Files of S3 buckets.
public final class S3Store implements Store {
    private static final Duration CONNECT = Duration.ofSeconds(15);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final int RANGE_BEYOND_THE_END = 416;

    private @Nullable S3Client client;
    private @Nullable S3Settings settings;

    /// For [java.util.ServiceLoader]: the store that settings and environment name, which is first
    /// asked when a file is.
    public S3Store() {}

    /// A store.
    S3Store(S3Settings settings) {
        this.settings = settings;
    }

    @Override
    public List<String> schemes() {
        return List.of("s3", "s3a");
    }

    /// One request.
    interface Request<T> {
        T send(S3Client client) throws IOException;
    }

    /// Sends a request; what comes of it otherwise is a [StoreFailure], or may go well later.
    <T> T send(S3Address address, Request<T> request) throws IOException {
        try {
            return request.send(client());
        } catch (SdkException e) {
            throw new S3Trouble(address, settings().store()).of(e);
        } catch (UncheckedIOException e) {
            // An answer that was cut, while the SDK parses it.
            throw e.getCause();
        }
    }

    private synchronized S3Settings settings() {
        S3Settings known = settings;
        if (known == null) known = S3Settings.of(Settings.ofProcess());
        settings = known;
        return known;
    }

    private synchronized S3Client client() {
        S3Client made = client;
        if (made == null) made = newClient(settings());
        client = made;
        return made;
    }

    private static S3Client newClient(S3Settings settings) {
        S3ClientBuilder builder =
                S3Client.builder()
                        .region(settings.region())
                        .credentialsProvider(settings.credentials())
                        .httpClientBuilder(
                                UrlConnectionHttpClient.builder()
                                        .connectionTimeout(CONNECT)
                                        .socketTimeout(ANSWER))
                        // Requests are tried again where they are sent, for all stores alike.
                        .overrideConfiguration(
                                change -> change.retryStrategy(DefaultRetryStrategy.doNotRetry()));
        settings.endpoint()
                .ifPresentOrElse(
                        endpoint -> builder.endpointOverride(endpoint).forcePathStyle(true),
                        () -> builder.crossRegionAccessEnabled(true));
        return builder.build();
    }

    @Override
    public Reply read(String url, long from, long to, String version) throws IOException {
        S3Address address = S3Address.ofFile(url);
        return send(
                address,
                s3 -> {
                    try {
                        return reply(s3.getObject(request(address, from, to, version)));
                    } catch (S3Exception e) {
                        if (e.statusCode() != RANGE_BEYOND_THE_END) throw e;
                        return beyond(s3, address);
                    }
                });
    }

    private static GetObjectRequest request(S3Address address, long from, long to, String version) {
        GetObjectRequest.Builder request =
                GetObjectRequest.builder()
                        .bucket(address.bucket())
                        .key(address.key())
                        .range("bytes=%d-%d".formatted(from, to - 1));
        if (!version.isEmpty()) request.ifMatch(version);
        return request.build();
    }

    private static Reply reply(ResponseInputStream<GetObjectResponse> body) throws IOException {
        GetObjectResponse head = body.response();
        String range = head.contentRange();
        if (range == null)
            return new Reply(
                    body,
                    0,
                    false,
                    head.contentLength(),
                    version(head.eTag()),
                    nanos(head.lastModified()));
        try {
            int slash = range.indexOf('/');
            long from = Long.parseLong(range, range.indexOf(' ') + 1, range.indexOf('-'), 10);
            long size = Long.parseLong(range, slash + 1, range.length(), 10);
            return new Reply(
                    body, from, true, size, version(head.eTag()), nanos(head.lastModified()));
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            body.abort();
            throw new StoreFailure(
                    StoreFailure.Kind.REFUSED,
                    "the store says 'Content-Range: %s'".formatted(range),
                    "",
                    e);
        }
    }

    /// The file ends before the range: an empty one, or one that was cut.
    private static Reply beyond(S3Client s3, S3Address address) {
        HeadObjectResponse head =
                s3.headObject(request -> request.bucket(address.bucket()).key(address.key()));
        long size = head.contentLength();
        return new Reply(
                InputStream.nullInputStream(),
                size,
                true,
                size,
                version(head.eTag()),
                nanos(head.lastModified()));
    }

    private static String version(@Nullable String etag) {
        return etag == null ? "" : etag;
    }

    private static long nanos(@Nullable Instant time) {
        return time == null ? 0 : Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L);
    }

    @Override
    public List<String> list(String prefix) throws IOException {
        S3Address address = S3Address.of(prefix);
        return send(
                address,
                s3 -> {
                    var urls = new ArrayList<String>();
                    for (S3Object object :
                            s3.listObjectsV2Paginator(request ->
                                            request.bucket(address.bucket()).prefix(address.key()))
                                    .contents())
                        // Consoles make empty objects to show folders.
                        if (!object.key().endsWith("/")) urls.add(address.url(object.key()));
                    urls.sort(null);
                    return urls;
                });
    }

    /// By a listing, since that tells when the bucket isn't there.
    @Override
    public boolean exists(String url) throws IOException {
        S3Address address = S3Address.of(url);
        if (address.key().isEmpty()) return false;
        return send(
                address,
                s3 ->
                        s3
                                .listObjectsV2(request ->
                                        request.bucket(address.bucket())
                                                .prefix(address.key())
                                                .maxKeys(1))
                                .contents()
                                .stream()
                                .anyMatch(object -> object.key().equals(address.key())));
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public S3Upload upload(SortedMap<String, Path> files) throws IOException {
        return S3Upload.of(this, files);
    }

    @Override
    public void delete(String url) throws IOException {
        S3Address address = S3Address.ofFile(url);
        send(
                address,
                s3 ->
                        s3.deleteObject(
                                request -> request.bucket(address.bucket()).key(address.key())));
    }

    @Override
    public void put(String url, byte[] content, boolean onlyNew) throws IOException {
        S3Address address = S3Address.ofFile(url);
        try {
            send(
                    address,
                    s3 ->
                            s3.putObject(
                                    request -> {
                                        request.bucket(address.bucket()).key(address.key());
                                        if (onlyNew) request.ifNoneMatch("*");
                                    },
                                    RequestBody.fromBytes(content)));
        } catch (StoreFailure e) {
            if (!onlyNew || e.kind() != StoreFailure.Kind.CHANGED) throw e;
            throw new StoreFailure(StoreFailure.Kind.EXISTS, String.valueOf(e.getMessage()), "", e);
        }
    }

    @Override
    public void copy(String from, String to) throws IOException {
        new S3Copy(this, S3Address.ofFile(from), S3Address.ofFile(to)).run();
    }

    @Override
    public synchronized void close() {
        if (client != null) client.close();
        client = null;
    }
}
