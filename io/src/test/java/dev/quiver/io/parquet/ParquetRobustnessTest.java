package dev.quiver.io.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files with flipped bits, foreign bytes and cut ends are refused with a sentence, or read with
/// all their rows: in seconds, within a budget, and without a crash.
class ParquetRobustnessTest {
    private static final long POOL_BYTES = 256L << 20;
    private static final long NANOS_MAX = 5_000_000_000L;
    private static final long CI_NANOS = 8_000_000_000L;

    @TempDir private Path directory;

    /// One damaged file.
    private record Damage(String name, byte[] bytes, long rows, String what) {}

    @Test
    void a_damaged_file_is_refused_or_read_in_time_and_budget() throws IOException {
        run(50, CI_NANOS);
    }

    @Test
    @Tag("nightly")
    void thousands_of_damaged_files_are_refused_or_read_in_time_and_budget() throws IOException {
        run(2000, Long.MAX_VALUE);
    }

    private void run(int tries, long nanosMax) throws IOException {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("ParquetRobustnessTest -Dseed=" + seed);
        var random = new Random(seed);
        var files = new LinkedHashMap<String, byte[]>();
        var rows = new LinkedHashMap<String, Long>();
        for (String name : ParquetTestingFilesTest.readable()) {
            Path file = ParquetTestingFilesTest.DIRECTORY.resolve(name);
            files.put(name, Files.readAllBytes(file));
            rows.put(name, ParquetFooter.read(file).rows());
        }
        long from = System.nanoTime();
        int refused = 0;
        int read = 0;
        // File by file within each round, so that a limit of time leaves no file out.
        for (int i = 0; i < tries && System.nanoTime() - from < nanosMax; i++)
            for (var file : files.entrySet()) {
                byte[] bytes = damaged(file.getValue(), random);
                String what = "%s, try %d, seed %d".formatted(file.getKey(), i, seed);
                if (isRead(new Damage(file.getKey(), bytes, rows.get(file.getKey()), what))) read++;
                else refused++;
            }
        System.out.println("ParquetRobustnessTest: %d refused, %d read".formatted(refused, read));
    }

    private static byte[] damaged(byte[] bytes, Random random) {
        if (random.nextInt(10) == 0) return Arrays.copyOf(bytes, random.nextInt(bytes.length));
        byte[] copy = bytes.clone();
        int flips = 1 + random.nextInt(4);
        for (int i = 0; i < flips; i++) {
            // Half of the damage goes to the footer, where the lengths are.
            int at =
                    random.nextBoolean()
                            ? random.nextInt(copy.length)
                            : copy.length - 1 - random.nextInt(Math.min(copy.length, 800));
            copy[at] =
                    (byte)
                            (random.nextBoolean()
                                    ? copy[at] ^ (1 << random.nextInt(8))
                                    : random.nextInt());
        }
        return copy;
    }

    private boolean isRead(Damage damage) throws IOException {
        Path file = directory.resolve("damaged.parquet");
        Files.write(file, damage.bytes);
        long from = System.nanoTime();
        try {
            ParquetFrame frame = ParquetFrame.read(file, POOL_BYTES, true);
            if (!frame.schema().fields().isEmpty())
                assertThat(frame.rows()).as(damage.what).hasSize((int) damage.rows);
            return true;
        } catch (QuiverException e) {
            assertThat(e.getSuppressed()).as("leaks: %s", damage.what).isEmpty();
            return false;
        } catch (RuntimeException | Error e) {
            keep(damage);
            throw new AssertionError(damage.what, e);
        } finally {
            assertThat(System.nanoTime() - from).as(damage.what).isLessThan(NANOS_MAX);
        }
    }

    private static void keep(Damage damage) throws IOException {
        Path kept = Files.createTempFile("damaged-", "-" + damage.name);
        Files.write(kept, damage.bytes);
        System.out.println("kept: " + kept);
    }
}
