package dev.quiver.worker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ObjectStoreTest {
    private static final int MEGABYTE = 1 << 20;

    @TempDir Path temporary;

    private final MemoryPool pool = new MemoryPool(16 * MEGABYTE);
    private final MemoryAccount account = pool.account(new Owner("test", "Objects", -1));
    private final ObjectStore store = new ObjectStore();

    @AfterEach
    void nothing_is_left() {
        store.close();
        assertThat(pool.usedBytes()).isZero();
        pool.close();
    }

    private SpillDirectory spilling(long bytesMax) {
        var room = new SpillRoom(temporary.resolve("spill"), OptionalLong.of(bytesMax));
        var directory = new SpillDirectory(room);
        store.spillTo(directory, account, MemoryLadder.DEFAULT);
        return directory;
    }

    private static byte[] object(int number, int bytes) {
        var made = new byte[bytes];
        new Random(number).nextBytes(made);
        return made;
    }

    private void put(int number, int bytes) {
        store.put(1, number, 1, ObjectBytes.counted(object(number, bytes), account));
    }

    private byte[] found(int number) {
        try (ObjectBytes bytes = Objects.requireNonNull(store.find(1, number, 1))) {
            return Arrays.copyOf(bytes.array(), bytes.array().length);
        }
    }

    private Stream<Path> files() throws IOException {
        return Files.walk(temporary).filter(file -> file.toString().endsWith(".spill"));
    }

    @Test
    void more_than_the_memory_holds_is_there_when_it_is_asked_for() throws IOException {
        try (SpillDirectory directory = spilling(100 * MEGABYTE)) {
            for (int i = 0; i < 40; i++) put(i, MEGABYTE);

            assertThat(pool.usedBytes()).isLessThan(12 * MEGABYTE);
            assertThat(directory.bytes()).isGreaterThan(25 * MEGABYTE);
            for (int i = 0; i < 40; i++) assertThat(found(i)).isEqualTo(object(i, MEGABYTE));
            assertThat(directory.traffic().readBytes()).isGreaterThan(25 * MEGABYTE);

            for (int i = 0; i < 40; i++) store.drop(1, i, 1);
            assertThat(pool.usedBytes()).isZero();
            assertThat(directory.bytes()).isZero();
            try (Stream<Path> left = files()) {
                assertThat(left).isEmpty();
            }
        }
    }

    @Test
    void packed_objects_are_smaller_and_as_they_were() {
        var room =
                new SpillRoom(
                        temporary.resolve("spill"),
                        OptionalLong.of(100 * MEGABYTE),
                        SpillCompression.ZSTD);
        try (var directory = new SpillDirectory(room)) {
            store.spillTo(directory, account, MemoryLadder.DEFAULT);
            for (int i = 0; i < 40; i++)
                store.put(1, i, 1, ObjectBytes.counted(new byte[MEGABYTE], account));
            put(40, MEGABYTE);
            for (int i = 41; i < 80; i++)
                store.put(1, i, 1, ObjectBytes.counted(new byte[MEGABYTE], account));

            assertThat(directory.bytes()).isBetween(0L + MEGABYTE, 2L * MEGABYTE);
            assertThat(found(0)).isEqualTo(new byte[MEGABYTE]);
            assertThat(found(40)).isEqualTo(object(40, MEGABYTE));
            for (int i = 0; i < 80; i++) store.drop(1, i, 1);
            assertThat(directory.bytes()).isZero();
        }
    }

    @Test
    void small_objects_stay_in_memory() {
        try (SpillDirectory directory = spilling(100 * MEGABYTE)) {
            for (int i = 0; i < 1000; i++) put(i, 10_000);
            for (int i = 1000; i < 1010; i++) put(i, MEGABYTE);

            assertThat(store.spillableBytes()).isLessThan(10 * MEGABYTE);
            assertThat(directory.bytes() % MEGABYTE).isZero();
            assertThat(found(7)).isEqualTo(object(7, 10_000));
        }
    }

    @Test
    void a_later_attempt_takes_the_place_of_an_earlier_one_and_not_the_other_way() {
        try (SpillDirectory _ = spilling(100 * MEGABYTE)) {
            store.put(1, 0, 2, ObjectBytes.counted(object(2, MEGABYTE), account));
            store.put(1, 0, 1, ObjectBytes.counted(object(1, MEGABYTE), account));

            assertThat(store.find(1, 0, 1)).isNull();
            try (ObjectBytes second = Objects.requireNonNull(store.find(1, 0, 2))) {
                assertThat(second.array()).isEqualTo(object(2, MEGABYTE));
            }
            store.drop(1, 0, 1);
            assertThat(pool.usedBytes()).isPositive();
        }
    }

    @Test
    void without_room_on_the_disk_memory_is_refused_and_says_why() {
        try (SpillDirectory _ = spilling(2 * MEGABYTE)) {
            assertThatThrownBy(() -> IntStream.range(0, 40).forEach(i -> put(i, MEGABYTE)))
                    .isInstanceOfSatisfying(
                            QuiverException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.MEMORY_REFUSED))
                    .hasMessageContaining("spilling: ");
        }
    }

    @Test
    void a_file_that_has_gone_is_an_error_that_names_it() throws IOException {
        try (SpillDirectory _ = spilling(100 * MEGABYTE)) {
            for (int i = 0; i < 40; i++) put(i, MEGABYTE);
            try (Stream<Path> left = files()) {
                for (Path file : left.toList()) Files.delete(file);
            }

            assertThatThrownBy(() -> found(0)).hasMessageContaining("can't read back");
        }
    }

    @Test
    void many_threads_put_read_and_drop() throws Exception {
        try (SpillDirectory directory = spilling(200 * MEGABYTE);
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            var ends =
                    IntStream.range(0, 4)
                            .<Future<?>>mapToObj(t -> threads.submit(() -> churn(t)))
                            .toList();
            for (Future<?> end : ends) end.get();

            assertThat(pool.usedBytes()).isZero();
            assertThat(directory.bytes()).isZero();
        }
    }

    /// Each thread has numbers of its own.
    private void churn(int thread) {
        for (int i = 0; i < 100; i++) {
            int number = thread * 1000 + i;
            put(number, MEGABYTE);
            if (i >= 4) {
                assertThat(found(number - 4)).isEqualTo(object(number - 4, MEGABYTE));
                store.drop(1, number - 4, 1);
            }
        }
        for (int i = 96; i < 100; i++) store.drop(1, thread * 1000 + i, 1);
    }
}
