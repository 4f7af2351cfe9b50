package dev.quiver.io.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.DictionarySet;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Damaged files are refused with a sentence, or read as if nothing had happened; they never crash,
/// hang or leak.
class ParquetDamageTest {
    private static final int TRIES_A_FILE = 25;
    private static final int FILE_BYTES_MAX = 100_000;
    private static final int OWN_TRIES = 150;

    @TempDir Path directory;

    @Test
    void a_damaged_file_of_another_writer_is_read_or_refused() throws IOException {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("ParquetDamageTest -Dseed=" + seed);
        var random = new Random(seed);
        Path file = directory.resolve("damaged.parquet");
        for (String name : ParquetTestingFilesTest.readable()) {
            byte[] bytes = Files.readAllBytes(ParquetTestingFilesTest.DIRECTORY.resolve(name));
            if (bytes.length > FILE_BYTES_MAX) continue;
            for (int i = 0; i < TRIES_A_FILE; i++) {
                Files.write(file, damage(bytes, bytes.length, random));
                read(file, "%s, try %d, seed %d".formatted(name, i, seed));
            }
        }
    }

    @Test
    void damage_in_the_pages_of_our_own_files_is_found_by_checksums() throws IOException {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("ParquetDamageTest -Dseed=" + seed);
        var random = new Random(seed);
        Path file = directory.resolve("own.parquet");
        writeOwn(file, seed, "snappy");
        byte[] bytes = Files.readAllBytes(file);
        Path damaged = directory.resolve("damaged.parquet");
        var expected = comparable(ParquetFrame.read(file));
        int footer = footerBytes(bytes);
        for (int i = 0; i < OWN_TRIES; i++) {
            byte[] copy = bytes.clone();
            copy[4 + random.nextInt(bytes.length - footer - 12)] ^= (byte) (1 << random.nextInt(8));
            Files.write(damaged, copy);

            Optional<ParquetFrame> frame = read(damaged, "try %d, seed %d".formatted(i, seed));

            if (frame.isPresent())
                assertThat(comparable(frame.get())).as("seed %d", seed).isEqualTo(expected);
        }
    }

    @Test
    void a_file_that_was_cut_off_is_refused() throws IOException {
        Path file = directory.resolve("own.parquet");
        writeOwn(file, 1, "zstd");
        byte[] bytes = Files.readAllBytes(file);
        Path cut = directory.resolve("cut.parquet");
        for (int length = 0; length < bytes.length; length += 1 + bytes.length / 100) {
            Files.write(cut, Arrays.copyOf(bytes, length));

            assertThatThrownBy(() -> ParquetFooter.read(cut))
                    .isInstanceOfSatisfying(
                            QuiverException.class,
                            e -> {
                                assertThat(e.code()).isEqualTo(ErrorCode.FILE_CORRUPT);
                                assertThat(e.getMessage())
                                        .contains("cut.parquet")
                                        .contains("fix: ");
                            });
        }
    }

    @Test
    void a_file_that_is_missing_or_a_directory_is_named() {
        assertThatThrownBy(() -> ParquetFooter.read(directory.resolve("none.parquet")))
                .isInstanceOfSatisfying(
                        QuiverException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_NOT_FOUND));
        assertThatThrownBy(() -> ParquetFooter.read(directory))
                .isInstanceOfSatisfying(
                        QuiverException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.IO_FAILED));
    }

    @Test
    void a_file_that_changed_since_the_plan_is_refused() throws IOException {
        Path file = directory.resolve("own.parquet");
        writeOwn(file, 1, "none");
        ParquetFooter footer = ParquetFooter.read(file);
        var scan = ParquetFrame.scan(footer, footer.schema(), Optional.empty());
        Files.setLastModifiedTime(file, FileTime.fromMillis(1));

        try (var pool = new MemoryPool(1 << 26);
                var account = pool.account(new Owner("test", "read", 0));
                var dictionaries = new DictionarySet(account)) {
            assertThatThrownBy(() -> ParquetReader.open(scan, 0, dictionaries, account))
                    .isInstanceOfSatisfying(
                            QuiverException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_CHANGED));
        }
    }

    @Test
    void a_writer_that_is_not_finished_leaves_no_file() throws IOException {
        Path file = directory.resolve("half.parquet");
        try (var pool = new MemoryPool(1 << 26);
                var account = pool.account(new Owner("test", "write", 0))) {
            ParquetWriter.open(file, Schema.of(), "snappy", account).close();
        }
        assertThat(file).doesNotExist();
    }

    private void writeOwn(Path file, long seed, String codec) {
        var frames = new RandomFrames(seed);
        Schema schema = frames.schema(RandomFrames.TYPES);
        var columns = new ArrayList<List<@Nullable Object>>();
        for (var field : schema.fields()) {
            DataType type = field.type();
            columns.add(frames.values(type, 300, RandomFrames.Shape.FEW));
        }
        try (var pool = new MemoryPool(1 << 28);
                var account = pool.account(new Owner("test", "write", 0))) {
            RandomFrames.write(file, schema, columns, 128, codec, true, account);
        }
    }

    private static int footerBytes(byte[] bytes) {
        int at = bytes.length - 8;
        return (bytes[at] & 255)
                | (bytes[at + 1] & 255) << 8
                | (bytes[at + 2] & 255) << 16
                | (bytes[at + 3] & 255) << 24;
    }

    private static byte[] damage(byte[] bytes, int length, Random random) {
        byte[] copy = bytes.clone();
        int flips = 1 + random.nextInt(4);
        for (int i = 0; i < flips; i++) {
            // Half of the damage goes to the footer, where the lengths are.
            int at =
                    random.nextBoolean()
                            ? random.nextInt(length)
                            : length - 1 - random.nextInt(Math.min(length, 600));
            copy[at] =
                    (byte)
                            (random.nextBoolean()
                                    ? copy[at] ^ (1 << random.nextInt(8))
                                    : random.nextInt());
        }
        return copy;
    }

    private static Optional<ParquetFrame> read(Path file, String what) {
        try {
            return Optional.of(ParquetFrame.read(file));
        } catch (QuiverException e) {
            assertThat(e.getSuppressed()).as("leaks: %s", what).isEmpty();
            return Optional.empty();
        } catch (RuntimeException | Error e) {
            throw new AssertionError(what, e);
        }
    }

    private static List<String> comparable(ParquetFrame frame) {
        return frame.rows().stream()
                .map(row -> Arrays.deepToString(row.stream().toArray()))
                .toList();
    }
}
