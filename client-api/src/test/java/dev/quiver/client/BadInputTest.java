package dev.quiver.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.quiver.dataframe.Table;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.schema.DataType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What people get wrong ends in an error that says what, where and how to fix it. Each text is
/// printed, so that it can be read as a person would.
final class BadInputTest {
    @TempDir private Path folder;

    private final Session q = Quiver.local(Options.defaults().slots(2).quiet());

    @AfterEach
    void close() {
        q.close();
    }

    private interface Attempt {
        void run() throws Exception;
    }

    private QuiverException refused(String title, ErrorCode code, Attempt attempt) {
        try {
            attempt.run();
        } catch (QuiverException e) {
            System.out.printf("--- %s%n%s%n", title, e.getMessage());
            assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
            assertThat(e.fix()).isNotBlank();
            return e;
        } catch (Exception e) {
            return fail(title + " ended in a foreign exception", e);
        }
        return fail(title + " went through");
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private void collect(Path csv) {
        try (Table table = q.read().csv(csv).collect()) {
            assertThat(table.rowCount()).isNotNegative();
        }
    }

    @Test
    void a_missing_file() {
        refused("missing CSV", ErrorCode.FILE_NOT_FOUND, () -> collect(folder.resolve("no.csv")));
        refused(
                "missing Parquet",
                ErrorCode.FILE_NOT_FOUND,
                () -> q.read().parquet(folder.resolve("no.parquet").toString()));
    }

    @Test
    void a_pattern_and_a_folder_that_match_nothing() throws IOException {
        Files.createDirectory(folder.resolve("empty"));

        refused(
                "pattern",
                ErrorCode.FILE_NOT_FOUND,
                () -> q.read().csv(folder.resolve("sales-*.csv").toString()));
        refused(
                "folder",
                ErrorCode.FILE_NOT_FOUND,
                () -> q.read().csv(folder.resolve("empty").toString()));
    }

    @Test
    void a_header_alone_is_a_frame_without_rows() throws IOException {
        Path csv = file("header.csv", "a,b\n");

        try (Table table = q.read().csv(csv).collect()) {
            assertThat(table.rowCount()).isZero();
            assertThat(table.schema().names()).containsExactly("a", "b");
        }
    }

    @Test
    void a_file_without_a_single_byte() throws IOException {
        Path csv = file("nothing.csv", "");

        var error = refused("no bytes", ErrorCode.FILE_CORRUPT, () -> collect(csv));
        assertThat(error).hasMessageContaining("nothing.csv");
    }

    @Test
    void ragged_rows() throws IOException {
        Path few = file("few.csv", "a,b,c\n1,2,3\n4,5\n");
        Path many = file("many.csv", "a,b\n1,2\n\n3,4,5\n");

        var tooFew = refused("too few fields", ErrorCode.BAD_ROW, () -> collect(few));
        var tooMany = refused("too many fields", ErrorCode.BAD_ROW, () -> collect(many));

        assertThat(tooFew.getMessage()).contains("few.csv").contains("line 3");
        assertThat(tooMany.getMessage()).contains("many.csv").contains("line 4");
    }

    @Test
    void a_value_that_is_not_of_its_type() throws IOException {
        Path csv = file("types.csv", "name,amount\nann,1\nbob,lots\n");

        var error =
                refused(
                        "not a number",
                        ErrorCode.BAD_VALUE,
                        () -> q.read().type("amount", DataType.INT64).csv(csv).collect());

        assertThat(error.getMessage())
                .contains("types.csv")
                .contains("line 3")
                .contains("amount")
                .contains("lots")
                .contains("int64");
    }

    @Test
    void a_gzip_that_ends_too_early() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            var random = new Random(1);
            gzip.write("a,b\n".getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < 50_000; i++)
                gzip.write(
                        "%d,%d%n".formatted(i, random.nextInt()).getBytes(StandardCharsets.UTF_8));
        }
        byte[] whole = bytes.toByteArray();
        Path cut = folder.resolve("cut.csv.gz");
        Files.write(cut, Arrays.copyOf(whole, whole.length * 2 / 3));

        var error = refused("cut gzip", ErrorCode.FILE_CORRUPT, () -> collect(cut));
        assertThat(error).hasMessageContaining("cut.csv.gz");
    }

    @Test
    void a_parquet_file_that_ends_too_early() throws IOException {
        Path csv = file("numbers.csv", "a\n" + "1234567\n".repeat(5000));
        Path parquet = folder.resolve("whole.parquet");
        q.read().csv(csv).write().parquet(parquet.toString());
        byte[] whole = Files.readAllBytes(parquet);
        Path cut = folder.resolve("cut.parquet");
        Files.write(cut, Arrays.copyOf(whole, whole.length - 20));
        Path text = file("text.parquet", "this is not Parquet at all");

        refused("cut Parquet", ErrorCode.FILE_CORRUPT, () -> q.read().parquet(cut.toString()));
        refused("no Parquet", ErrorCode.FILE_CORRUPT, () -> q.read().parquet(text.toString()));
    }

    @Test
    void bytes_that_are_not_utf8() throws IOException {
        Path csv = folder.resolve("latin1.csv");
        Files.write(csv, "name\nann\nJos\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));

        var error = refused("Latin-1", ErrorCode.BAD_VALUE, () -> collect(csv));
        assertThat(error.getMessage()).contains("latin1.csv").contains("line 3");
    }

    @Test
    void a_line_above_the_limit() throws IOException {
        Path csv = file("long.csv", "a\n" + "x".repeat(1 << 20) + "\n");

        var error =
                refused(
                        "long line",
                        ErrorCode.BAD_ROW,
                        () -> q.read().lineMax("300KB").csv(csv).collect());
        assertThat(error.getMessage()).contains("long.csv").contains("line 2");
    }

    @Test
    void two_columns_of_one_name() throws IOException {
        Path csv = file("twice.csv", "a,b,a\n1,2,3\n");

        var error = refused("twice", ErrorCode.COLUMN_DUPLICATE, () -> collect(csv));
        assertThat(error.getMessage()).contains("twice.csv").contains("'a'");
    }

    @Test
    void a_target_that_is_there_already() throws IOException {
        Path csv = file("in.csv", "a\n1\n");
        Path target = file("out.csv", "precious\n");

        refused(
                "existing target",
                ErrorCode.TARGET_EXISTS,
                () -> q.read().csv(csv).write().csv(target.toString()));

        assertThat(target).hasContent("precious\n");
    }

    @Test
    void a_write_that_fails_leaves_nothing_behind() throws IOException {
        Path csv = file("late.csv", "a\n" + "1\n".repeat(200_000) + "oops\n");
        Path target = folder.resolve("target.parquet");

        refused(
                "failing write",
                ErrorCode.BAD_VALUE,
                () ->
                        q.read()
                                .type("a", DataType.INT64)
                                .csv(csv)
                                .write()
                                .parquet(target.toString()));

        try (var left = Files.list(folder)) {
            assertThat(left.map(p -> p.getFileName().toString())).containsExactly("late.csv");
        }
    }

    @Test
    void a_task_that_throws_an_error() {
        var future = q.submit(() -> deep(1));

        var error = refused("StackOverflowError", ErrorCode.TASK_FAILED, future::result);
        assertThat(error.getCause()).isInstanceOf(StackOverflowError.class);
        assertThat(q.submit(() -> 1).result()).isEqualTo(1);
    }

    private static int deep(int n) {
        return n < 0 ? 0 : deep(n + 1) + 1;
    }

    @Test
    void a_task_that_runs_past_its_timeout() {
        var options = TaskOptions.options().timeout(Duration.ofMillis(50));
        var future =
                q.submit(
                        options,
                        () -> {
                            Thread.sleep(60_000);
                            return 1;
                        });

        var error = refused("timeout", ErrorCode.TIMEOUT, future::result);
        assertThat(error.what()).endsWith("ran longer than its limit of 50 ms");
    }

    @Test
    void a_closure_that_cannot_travel() {
        try (Session strict = Quiver.local(Options.defaults().slots(1).quiet().strict())) {
            var lock = new Object();

            var error =
                    refused(
                            "not serialisable",
                            ErrorCode.NOT_SERIALIZABLE,
                            () -> strict.submit(() -> lock.hashCode()).result());
            assertThat(error).hasMessageContaining("java.lang.Object");
        }
    }

    @Test
    void a_table_that_was_closed_with_its_session() throws IOException {
        Path csv = file("small.csv", "a\n1\n");
        Session other = Quiver.local(Options.defaults().slots(1).quiet());
        Table table = other.read().csv(csv).collect();
        other.close();

        refused("closed table", ErrorCode.UNAVAILABLE, () -> table.longs("a"));
    }

    @Test
    void more_memory_than_there_is() throws IOException {
        Path csv = file("big.csv", "a,b\n" + "12345678901,some text\n".repeat(400_000));
        try (Session small = Quiver.local(Options.defaults().slots(1).memory("4MB").quiet())) {
            var error =
                    refused(
                            "too small a budget",
                            ErrorCode.MEMORY_REFUSED,
                            () -> small.read().csv(csv).sort("b", "a").collect());
            assertThat(error.getMessage()).contains("operator");
        }
    }
}
