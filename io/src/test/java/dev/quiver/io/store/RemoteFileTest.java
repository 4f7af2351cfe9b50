package dev.quiver.io.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.error.Cancelled;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RemoteFileTest {
    private static final int SIZE = 3_000_000;
    private static final int TRIES = 4;

    @TempDir Path temporary;
    private FlakyServer server;
    private RemoteFiles files;

    RemoteFileTest() throws IOException {
        server = new FlakyServer(bytes(1));
        files = new RemoteFiles(Backoff.STANDARD, Path.of(""));
    }

    private static byte[] bytes(int seed) {
        var bytes = new byte[SIZE];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @BeforeEach
    void start() {
        files =
                new RemoteFiles(
                        new Backoff(TRIES, Duration.ofMillis(2), Duration.ofSeconds(2)), temporary);
        files.add(new HttpStore(Duration.ofSeconds(20)));
        files.begin();
    }

    @AfterEach
    void stop() throws IOException {
        files.end();
        server.close();
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left).as("spool folders left").isEmpty();
        }
    }

    private Path path() {
        return new RemoteFileSystem(files).getPath(server.url());
    }

    private static byte[] read(FileChannel channel, long at, int length) throws IOException {
        var buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) if (channel.read(buffer, at + buffer.position()) < 0) break;
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private byte[] content(int from, int to) {
        return Arrays.copyOfRange(server.content, from, to);
    }

    private byte[] readAll() throws IOException {
        try (FileChannel channel = FileChannel.open(path(), StandardOpenOption.READ)) {
            return read(channel, 0, SIZE);
        }
    }

    private void assertFails(ErrorCode code, String text) {
        assertThatThrownBy(this::readAll)
                .isInstanceOfSatisfying(
                        QuiverException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(server.url())
                .hasMessageContaining(text);
    }

    @Test
    void a_file_is_there_without_being_fetched() throws IOException {
        assertThat(Files.size(path())).isEqualTo(SIZE);
        assertThat(Files.isRegularFile(path())).isTrue();
        assertThat(server.bytesSent.get()).isEqualTo(RemoteFile.BLOCK_BYTES);
    }

    @Test
    void only_the_blocks_that_are_read_are_fetched_and_each_once() throws IOException {
        try (FileChannel channel = FileChannel.open(path(), StandardOpenOption.READ)) {
            for (int i = 0; i < 3; i++)
                assertThat(read(channel, 1_000_000, 1000)).isEqualTo(content(1_000_000, 1_001_000));
            assertThat(read(channel, SIZE - 10, 100)).isEqualTo(content(SIZE - 10, SIZE));
        }
        assertThat(server.ranges())
                .containsExactly("bytes=0-65535", "bytes=983040-1048575", "bytes=2949120-2999999");
    }

    @Test
    void what_is_expected_comes_by_one_request() throws IOException {
        try (FileChannel channel = FileChannel.open(path(), StandardOpenOption.READ)) {
            Stores.expect(channel, 100_000, 2_000_000);
            for (int at = 100_000; at < 2_000_000; at += 50_000)
                assertThat(read(channel, at, 50_000)).isEqualTo(content(at, at + 50_000));
        }
        assertThat(server.ranges()).containsExactly("bytes=0-65535", "bytes=65536-2031615");
    }

    @Test
    void answers_that_may_be_better_later_are_waited_for() throws IOException {
        server.next(
                FlakyServer.status(503),
                (exchange, _) -> {
                    exchange.getResponseHeaders().set("Retry-After", "1");
                    exchange.sendResponseHeaders(429, -1);
                },
                FlakyServer.status(500));
        long begin = System.nanoTime();
        assertThat(readAll()).isEqualTo(server.content);
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isGreaterThan(Duration.ofSeconds(1));
    }

    @Test
    void a_cut_connection_goes_on_where_it_was_and_progress_counts_as_new_tries()
            throws IOException {
        assertThat(Files.size(path())).isEqualTo(SIZE);
        for (int i = 0; i < 3 * TRIES; i++) server.next(FlakyServer.cut(100_000));
        assertThat(readAll()).isEqualTo(server.content);
        assertThat(server.bytesSent.get()).isLessThan(SIZE + 2L * RemoteFile.BLOCK_BYTES);
    }

    @Test
    void a_server_that_falls_silent_is_asked_again() throws IOException {
        files.add(new HttpStore(Duration.ofMillis(400)));
        server.next(FlakyServer.silence(800));
        assertThat(readAll()).isEqualTo(server.content);
    }

    @Test
    void a_server_that_never_recovers_is_an_error_with_the_number_of_tries() {
        for (int i = 0; i < TRIES; i++) server.next(FlakyServer.status(503));
        assertFails(ErrorCode.IO_FAILED, "tried: 4 times");
        assertThat(server.ranges()).hasSize(TRIES);
    }

    @Test
    void missing_and_forbidden_files_are_asked_for_once() {
        server.next(FlakyServer.status(404));
        assertFails(ErrorCode.FILE_NOT_FOUND, "404");
        server.next(FlakyServer.status(403));
        assertFails(ErrorCode.IO_FAILED, "403");
        assertThat(server.ranges()).hasSize(2);
    }

    @Test
    void a_server_without_ranges_is_read_whole_once() throws IOException {
        server.knowsRanges = false;
        server.next(FlakyServer.cut(1_000_000));
        assertThat(readAll()).isEqualTo(server.content);
        assertThat(readAll()).isEqualTo(server.content);
        assertThat(server.ranges()).hasSize(2);
    }

    @Test
    void a_file_that_changes_while_it_is_read_is_an_error() throws IOException {
        assertThat(Files.size(path())).isEqualTo(SIZE);
        server.content = bytes(2);
        server.etag = "\"two\"";
        assertFails(ErrorCode.FILE_CHANGED, "changed while it was read");
    }

    @Test
    void a_second_look_sees_a_new_version_and_keeps_an_old_one() throws IOException {
        assertThat(readAll()).isEqualTo(server.content);
        var before = Files.getLastModifiedTime(path());
        files.look(server.url());
        assertThat(readAll()).isEqualTo(server.content);
        assertThat(server.ranges()).hasSize(3);
        server.content = bytes(2);
        server.etag = "\"two\"";
        files.look(server.url());
        assertThat(readAll()).isEqualTo(server.content);
        assertThat(Files.getLastModifiedTime(path())).isNotEqualTo(before);
    }

    @Test
    void an_empty_file_has_no_bytes() throws IOException {
        server.content = new byte[0];
        assertThat(readAll()).isEmpty();
        server.knowsRanges = false;
        files.look(server.url());
        assertThat(readAll()).isEmpty();
    }

    @Test
    void many_threads_fetch_each_block_once() throws Exception {
        try (var threads = Executors.newFixedThreadPool(8)) {
            var all = Stream.generate(() -> threads.submit(this::readAll)).limit(8).toList();
            for (Future<byte[]> one : all) assertThat(one.get()).isEqualTo(server.content);
        }
        assertThat(server.bytesSent.get()).isLessThan(SIZE + 8L * RemoteFile.BLOCK_BYTES);
    }

    @Test
    void an_interrupted_reader_is_cancelled_and_the_others_read_on() throws IOException {
        assertThat(Files.size(path())).isEqualTo(SIZE);
        server.next(FlakyServer.silence(300));
        Thread.currentThread().interrupt();
        assertThatThrownBy(this::readAll).isInstanceOf(Cancelled.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(readAll()).isEqualTo(server.content);
    }
}
