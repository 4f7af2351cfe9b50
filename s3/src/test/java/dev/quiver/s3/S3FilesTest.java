package dev.quiver.s3;

import static dev.quiver.dataframe.Functions.col;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Gate;
import dev.quiver.dataframe.Table;
import dev.quiver.dataframe.Written;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.schema.DataType;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.regions.Region;

/// Frames read from and written to a real server, which is reached as a user reaches one: by the
/// environment.
@Tag("python")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class S3FilesTest {
    /// A row.
    public record Id(long id) {}

    private static final long PART_BYTES = 5L << 20;

    private final AtomicInteger buckets = new AtomicInteger();
    private final MotoServer moto;
    private final S3Store store;
    private final Session q;
    private String bucket = "";

    S3FilesTest(@TempDir Path directory) throws IOException, InterruptedException {
        moto = new MotoServer(directory);
        moto.useByThisProcess();
        var settings = new S3Settings(Optional.of(URI.create(moto.url())), Region.US_EAST_1, false);
        store = new S3Store(settings);
        q = Quiver.local(Options.defaults().quiet());
    }

    @BeforeEach
    void makeBucket() throws IOException {
        moto.behave();
        bucket = "s3://quiver-%d".formatted(buckets.incrementAndGet());
        S3Address address = S3Address.of(bucket);
        store.send(address, s3 -> s3.createBucket(request -> request.bucket(address.bucket())));
        moto.behave();
    }

    @AfterEach
    void noUploadIsLeft() throws IOException {
        moto.behave();
        S3Address address = S3Address.of(bucket);
        assertThat(
                        store.send(
                                        address,
                                        s3 ->
                                                s3.listMultipartUploads(request ->
                                                        request.bucket(address.bucket())))
                                .uploads())
                .isEmpty();
    }

    @AfterAll
    void stop() {
        q.close();
        store.close();
        moto.close();
    }

    private List<String> keys() throws IOException {
        return store.list(bucket + "/").stream()
                .map(url -> url.substring(bucket.length() + 1))
                .toList();
    }

    private DataFrame numbers(long rows) {
        return q.of(Id.class, LongStream.range(0, rows).mapToObj(Id::new).toList())
                .withColumn("rest", col("id").mod(7))
                .withColumn("text", col("id").cast(DataType.UTF8));
    }

    private static long sum(DataFrame rows) {
        try (Table table = rows.agg(col("id").sum().as("sum")).collect()) {
            return table.row(0).getLong("sum");
        }
    }

    private static void assertFails(ErrorCode code, ThrowingCallable call, String... parts) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        QuiverException.class, e -> assertThat(e.code()).isEqualTo(code))
                .satisfies(e -> assertThat(e.getMessage()).contains(parts));
    }

    @Test
    void a_folder_of_parquet_goes_there_and_back_and_success_is_written_last() throws IOException {
        Written written = numbers(100_000).write().parquet(bucket + "/out/");

        assertThat(written.rows()).isEqualTo(100_000);
        assertThat(written.files().getFirst()).hasToString(bucket + "/out/part-00000.parquet");
        assertThat(keys()).contains("out/_SUCCESS", "out/part-00000.parquet");
        assertThat(moto.requests().stream().filter(r -> !r.startsWith("GET")).toList().getLast())
                .startsWith("PUT")
                .contains("_SUCCESS");
        assertThat(q.read().parquet(bucket + "/out/").count()).isEqualTo(100_000);
        assertThat(q.read().parquet(bucket + "/out").count()).isEqualTo(100_000);
        assertThat(sum(q.read().parquet(bucket + "/o*/*.parquet")))
                .isEqualTo(100_000L * 99_999 / 2);
    }

    @Test
    void a_file_is_not_replaced_unless_that_is_said() throws IOException {
        String file = bucket + "/a b/rows.csv";
        numbers(10).write().csv(file);

        assertFails(
                ErrorCode.TARGET_EXISTS, () -> numbers(20).write().csv(file), file, "overwrite()");
        assertThat(q.read().csv(file).count()).isEqualTo(10);
        numbers(20).write().overwrite().csv(file);
        assertThat(q.read().csv(file).count()).isEqualTo(20);
        assertThat(keys()).containsExactly("a b/rows.csv");
    }

    @Test
    void folders_are_appended_to_and_replaced() throws IOException {
        String folder = bucket + "/by/rest/";
        numbers(70).write().partitionBy("rest").parquet(folder);
        numbers(70).write().append().partitionBy("rest").parquet(folder);

        assertThat(q.read().parquet(folder).filter(col("rest").eq(3)).count()).isEqualTo(20);
        numbers(7).write().overwrite().partitionBy("rest").parquet(folder);
        assertThat(q.read().parquet(folder).count()).isEqualTo(7);
        assertThat(keys()).hasSize(8).contains("by/rest/_SUCCESS");
    }

    @Test
    void bad_rows_are_kept_beside_the_output() throws IOException {
        numbers(70)
                .gate(Gate.rules().range("rest", 0, 5).quarantine(bucket + "/bad/"))
                .write()
                .parquet(bucket + "/good/");

        assertThat(q.read().parquet(bucket + "/good/").count()).isEqualTo(60);
        assertThat(q.read().parquet(bucket + "/bad/").count()).isEqualTo(10);
    }

    @Test
    void a_store_that_is_slow_and_cuts_connections_makes_no_difference() throws IOException {
        var busy = MotoServer.status(503, "SlowDown");
        String file = bucket + "/rows.csv";
        MotoServer.Trouble none = (_, _) -> false;
        // Looking for it, begin of the upload, its part, its end.
        moto.next(busy, moto.cut(20), none, busy, none, moto.cut(0), busy, none, moto.cut(0), busy);
        numbers(50_000).write().csv(file);
        moto.next(moto.cut(100), busy, none, moto.cut(5_000), busy, moto.cut(60_000));

        assertThat(sum(q.read().csv(file))).isEqualTo(50_000L * 49_999 / 2);
    }

    @Test
    void a_write_that_fails_leaves_nothing() throws IOException {
        moto.always((exchange, body) ->
                exchange.getRequestURI().toString().contains("partNumber")
                        && MotoServer.status(403, "AccessDenied").meet(exchange, body));

        assertFails(
                ErrorCode.IO_FAILED,
                () -> numbers(1000).write().parquet(bucket + "/out/"),
                "AccessDenied",
                "s3:PutObject",
                bucket + "/out/part-00000.parquet");
        moto.behave();
        assertThat(keys()).isEmpty();
    }

    @Test
    void nothing_is_seen_of_a_large_file_before_its_upload_is_complete(@TempDir Path directory)
            throws Exception {
        Path file = directory.resolve("large");
        var bytes = new byte[12 << 20];
        new Random(1).nextBytes(bytes);
        Files.write(file, bytes);
        String url = bucket + "/large";
        var files = new TreeMap<String, Path>();
        files.put(url, file);
        files.put(bucket + "/none", Files.createFile(directory.resolve("none")));

        try (S3Upload upload = S3Upload.of(store, files, PART_BYTES)) {
            assertThat(upload.parts()).isEqualTo(4);
            for (int i = 0; i < 4; i++) upload.send(i);
            assertThat(keys()).isEmpty();
            // The answer of the last step gets lost, which the next try finds out.
            moto.next(moto.doneButSaid(500, "InternalError"));
            assertThatThrownBy(upload::complete).isInstanceOf(IOException.class);
            upload.complete();
        }

        assertThat(keys()).containsExactly("large", "none");
        try (var reply = store.read(url, 6 << 20, (6 << 20) + 1000, "")) {
            assertThat(reply.body().readNBytes(1000))
                    .isEqualTo(Arrays.copyOfRange(bytes, 6 << 20, (6 << 20) + 1000));
        }
        try (var reply = store.read(bucket + "/none", 0, 10, "")) {
            assertThat(reply.size()).isZero();
        }
    }

    @Test
    void an_upload_that_is_given_up_leaves_nothing(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "text");
        var files = new TreeMap<String, Path>();
        files.put(bucket + "/file", file);

        try (S3Upload upload = S3Upload.of(store, files)) {
            upload.send(0);
        }

        assertThat(keys()).isEmpty();
    }

    @Test
    void a_file_that_is_replaced_while_it_is_read_is_an_error() throws Exception {
        store.put(bucket + "/x.csv", "a\n1\n".getBytes(UTF_8), true);
        DataFrame before = q.read().csv(bucket + "/x.csv");
        store.put(bucket + "/x.csv", "a\n1\n2\n".getBytes(UTF_8), false);

        assertThat(q.read().csv(bucket + "/x.csv").count()).isEqualTo(2);
        assertFails(ErrorCode.FILE_CHANGED, before::count, "x.csv");
        assertThatThrownBy(() -> store.put(bucket + "/x.csv", new byte[0], true))
                .hasMessageContaining("PreconditionFailed");
    }

    @Test
    void of_a_large_file_only_the_parts_are_fetched_that_a_query_needs() throws IOException {
        String file = bucket + "/wide.parquet";
        Written written =
                numbers(300_000)
                        .withColumn("more", col("id").multiply(col("id")))
                        .write()
                        .parquet(file);
        moto.behave();

        assertThat(sum(q.read().parquet(file).filter(col("rest").eq(3)).select("id")))
                .isEqualTo(LongStream.range(0, 300_000).filter(id -> id % 7 == 3).sum());
        long needed = moto.bytesSent();
        assertThat(q.read().parquet(file).filter(col("id").lt(-1)).count()).isZero();
        assertThat(needed).isLessThan(written.bytes() * 2 / 3);
        assertThat(moto.bytesSent() - needed).isLessThan(written.bytes() / 10);
    }

    @Test
    void files_of_an_older_schema_are_read_with_newer_ones() {
        numbers(10).select("id").write().parquet(bucket + "/t/2012.parquet");
        numbers(20).select("id", "text").write().parquet(bucket + "/t/2013.parquet");

        DataFrame all = q.read().parquet(bucket + "/t/20{12,13}.parquet");

        assertThat(all.count()).isEqualTo(30);
        assertThat(all.filter(col("text").isNull()).count()).isEqualTo(10);
    }

    @Test
    void a_store_that_does_not_let_us_read_says_what_is_needed() {
        moto.always(MotoServer.status(403, "AccessDenied"));

        assertFails(
                ErrorCode.IO_FAILED,
                () -> q.read().csv(bucket + "/x.csv"),
                "'%s/x.csv' was refused".formatted(bucket),
                "s3:GetObject and s3:ListBucket");
    }

    @Test
    void what_is_not_there_is_named() {
        assertFails(
                ErrorCode.FILE_NOT_FOUND,
                () -> q.read().csv(bucket + "/none.csv"),
                "no file '%s/none.csv'".formatted(bucket));
        assertFails(
                ErrorCode.FILE_NOT_FOUND,
                () -> q.read().csv(bucket + "/*.csv"),
                "no file matches '%s/*.csv'".formatted(bucket));
        assertFails(
                ErrorCode.IO_FAILED,
                () -> q.read().csv("s3://there-is-none/x.csv"),
                "there is no bucket 'there-is-none'",
                "make the bucket");
        assertFails(
                ErrorCode.IO_FAILED,
                () -> numbers(1).write().csv("s3://there-is-none/x.csv"),
                "there is no bucket 'there-is-none'");
        assertFails(
                ErrorCode.IO_FAILED, () -> q.read().csv("s3:///x.csv"), "write s3://BUCKET/KEY");
        assertFails(
                ErrorCode.ARGUMENT_INVALID,
                () -> numbers(1).write().csv("s3://bucket/"),
                "s3://BUCKET/NAME/");
    }
}
