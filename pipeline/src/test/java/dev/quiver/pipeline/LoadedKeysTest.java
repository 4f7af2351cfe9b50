package dev.quiver.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.error.MemoryRefused;
import dev.quiver.error.QuiverException;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sets of keys in memory and in mapped files: what they hold, and what they cost.
final class LoadedKeysTest {
    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

    @TempDir private Path directory;

    private final MemoryPool pool = new MemoryPool(4L << 30);
    private final MemorySegment key = MemorySegment.ofArray(new byte[32]);

    private LoadedKeys open(long inMemoryMax, long length) {
        return open(directory, pool, inMemoryMax, length, 1);
    }

    /// @param last the last unit of run 1 that the ledger has
    private static LoadedKeys open(
            Path directory, MemoryPool pool, long inMemoryMax, long length, int last) {
        MemoryAccount account = pool.account(new Owner("test", "keys", -1));
        Path file = directory.resolve("seen");
        return LoadedKeys.open(
                new LoadedKeys.Place(new LocalDisk(), file, inMemoryMax),
                account,
                length,
                (run, unit) -> run == 1 && unit <= last);
    }

    private boolean isNew(LoadedKeys keys, long number, long position) {
        key.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, number * MULTIPLIER);
        return keys.first(key, 0, 8, position) == position;
    }

    private int countNew(LoadedKeys keys, long from, long to) {
        int count = 0;
        for (long i = from; i < to; i++) if (isNew(keys, i, i)) count++;
        return count;
    }

    /// Loads keys as a unit of run 1.
    private int load(LoadedKeys keys, int unit, long from, long to) {
        int count = countNew(keys, from, to);
        keys.write(1, unit);
        keys.done();
        keys.confirm();
        return count;
    }

    @Test
    void a_unit_that_is_loaded_again_decides_as_before_until_it_is_confirmed() {
        try (LoadedKeys keys = open(100, 0)) {
            assertThat(countNew(keys, 0, 50)).isEqualTo(50);
            assertThat(countNew(keys, 0, 50)).isEqualTo(50);
            assertThat(isNew(keys, 7, 51)).isFalse();

            keys.write(1, 0);
            keys.done();
            keys.confirm();

            assertThat(countNew(keys, 0, 60)).isEqualTo(10);
            assertThat(keys.size()).isEqualTo(50);
        }
        assertThat(pool.usedBytes()).isZero();
    }

    @Test
    void a_map_grows_is_found_again_when_it_was_closed_and_is_made_anew_when_not()
            throws IOException {
        LoadedKeys keys = open(100, 0);
        try (keys) {
            load(keys, 0, 0, 5_000);
            assertThat(keys.isMapped()).isTrue();
            assertThat(countNew(keys, 4_000, 6_000)).isEqualTo(1_000);
            keys.write(1, 1);
        }
        long length = Files.size(directory.resolve("seen"));
        long unfinished = length - 20 - 1_000L * KeyDigest.BYTES;

        // The second unit was written, not confirmed: it is read from the log.
        try (LoadedKeys again = open(100, unfinished)) {
            assertThat(again.size()).isEqualTo(6_000);
            assertThat(countNew(again, 0, 6_010)).isEqualTo(10);
        }
        Files.delete(directory.resolve("seen.map.ok"));
        try (LoadedKeys anew = open(100, length)) {
            assertThat(anew.size()).isEqualTo(6_000);
        }
        // A run that was given up, or a unit that isn't done, is forgotten.
        try (LoadedKeys first = open(100, 0)) {
            countNew(first, 10_000, 10_100);
            first.write(2, 5);
        }
        try (LoadedKeys forgotten = open(100, length)) {
            assertThat(forgotten.size()).isEqualTo(6_000);
            assertThat(countNew(forgotten, 10_000, 10_100)).isEqualTo(100);
        }
    }

    @Test
    void a_map_whose_bytes_are_others_is_made_anew() throws IOException {
        try (LoadedKeys keys = open(100, 0)) {
            load(keys, 0, 0, 5_000);
        }
        Path map = directory.resolve("seen.map");
        byte[] whole = Files.readAllBytes(map);
        long length = Files.size(directory.resolve("seen"));
        List<UnaryOperator<byte[]>> damages =
                List.of(
                        _ -> new byte[0],
                        _ -> "not a map".getBytes(StandardCharsets.UTF_8),
                        bytes -> Arrays.copyOf(bytes, bytes.length / 2),
                        bytes -> changed(bytes, bytes.length / 4, bytes.length / 2),
                        bytes -> changed(bytes, 0, bytes.length),
                        bytes -> changed(bytes, bytes.length / 3, bytes.length / 3 + 1));
        for (int i = 0; i < damages.size(); i++) {
            // Each finds what the one before it closed.
            Files.write(map, damages.get(i).apply(whole));
            try (LoadedKeys keys = open(100, length)) {
                assertThat(keys.isMapped()).as("damage %d", i).isTrue();
                assertThat(keys.size()).as("damage %d", i).isEqualTo(5_000);
                assertThat(countNew(keys, 0, 5_010)).as("damage %d", i).isEqualTo(10);
            }
            whole = Files.readAllBytes(map);
        }
    }

    private static byte[] changed(byte[] bytes, int from, int to) {
        byte[] others = bytes.clone();
        for (int i = from; i < to; i++) others[i] = (byte) (i == from ? ~bytes[i] : 0);
        return others;
    }

    @Test
    void a_map_that_cannot_grow_stops_the_load_and_no_key_is_lost_or_counted_too_early()
            throws IOException {
        Path inTheWay = directory.resolve("seen.map.new/file");
        try (LoadedKeys keys = open(100, 0)) {
            load(keys, 0, 0, 200);
            Files.createDirectories(LocalDisk.parent(inTheWay));
            Files.createFile(inTheWay);
            assertThatThrownBy(() -> load(keys, 1, 200, 5_000))
                    .isInstanceOf(QuiverException.class)
                    .hasMessageContaining("can't keep a set of the keys in '" + directory)
                    .hasMessageContaining("the space on its disk");
            assertThatThrownBy(() -> isNew(keys, 7, 7)).hasMessageContaining("can't keep a set");

            Files.delete(inTheWay);
            assertThat(countNew(keys, 0, 5_100)).isEqualTo(100);
            keys.write(1, 2);
            keys.done();
        }
        assertThat(directory.resolve("seen.map.ok")).doesNotExist();
        // The run may go on with its units, or be given up.
        try (LoadedKeys keys = open(directory, pool, 100, 0, 2)) {
            assertThat(keys.size()).isEqualTo(5_100);
        }
        try (LoadedKeys keys = open(directory, pool, 100, 0, 0)) {
            assertThat(keys.size()).isEqualTo(200);
            assertThat(countNew(keys, 0, 300)).isEqualTo(100);
        }
    }

    @Test
    void keys_that_the_budget_has_no_room_for_go_into_a_map() {
        var small = new MemoryPool(512 << 10);
        try (LoadedKeys keys = open(directory, small, 1_000_000, 0, -1)) {
            for (int unit = 0; unit < 20; unit++)
                assertThat(load(keys, unit, unit * 2_000L, unit * 2_000L + 2_100))
                        .isEqualTo(unit == 0 ? 2_100 : 2_000);
            assertThat(keys.isMapped()).isTrue();
            assertThat(keys.size()).isEqualTo(40_100);
        }
        assertThat(small.usedBytes()).isZero();
    }

    @Test
    void without_chronicle_map_or_its_flags_it_is_said_what_to_add() throws Exception {
        String classes =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        String others =
                Arrays.stream(classes.split(File.pathSeparator))
                        .filter(jar -> !jar.contains("chronicle"))
                        .collect(Collectors.joining(File.pathSeparator));

        Path place = Files.createDirectory(directory.resolve("flags"));
        assertThat(bare(classes, place))
                .contains("keys of a load, and no memory for more")
                .contains("start Java with --add-opens=java.base/java.lang=ALL-UNNAMED")
                .contains("--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED");
        assertThat(bare(others, Files.createDirectory(directory.resolve("jars"))))
                .contains("keys of a load, and no memory for more")
                .contains("put net.openhft:chronicle-map:2026.1 on the class path");
        assertThat(KeysInMap.missing()).isEmpty();

        // With these all is there that was loaded without.
        try (LoadedKeys keys = open(place, pool, 100, 0, Bare.UNITS)) {
            assertThat(keys.isMapped()).isTrue();
            assertThat(keys.size()).isGreaterThan(10_000);
            assertThat(countNew(keys, 0, keys.size())).isZero();
        }
    }

    private static String bare(String classes, Path place) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process =
                new ProcessBuilder(
                                List.of(
                                        java,
                                        "-cp",
                                        classes,
                                        Bare.class.getName(),
                                        place.toString()))
                        .redirectErrorStream(true)
                        .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /// Loads keys in a plain `java -cp` until its budget is used up.
    static final class Bare {
        static final int UNITS = 1_000;

        private Bare() {}

        public static void main(String[] arguments) {
            var test = new LoadedKeysTest();
            try (LoadedKeys keys =
                    open(Path.of(arguments[0]), new MemoryPool(1 << 20), 1_000, 0, -1)) {
                for (int unit = 0; unit < UNITS; unit++)
                    test.load(keys, unit, unit * 1_000L, unit * 1_000L + 1_000);
                System.out.println("all fit");
            } catch (MemoryRefused e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    @Tag("nightly")
    void ten_million_keys_in_a_map_take_less_than_64_bytes_each() throws IOException {
        for (int keys : new int[] {1_000_000, 10_000_000}) measure(keys);
    }

    private void measure(int count) throws IOException {
        Path file = directory.resolve("map" + count);
        var digest = new byte[KeyDigest.BYTES + 1];
        var digests = new KeyDigest();
        long began = System.nanoTime();
        long bytes;
        try (KeysInMap map = KeysInMap.create(file, count)) {
            double opened = seconds(began);
            began = System.nanoTime();
            for (int i = 0; i < count; i++) {
                key.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, i * MULTIPLIER);
                digests.of(key, 0, 8, digest);
                map.add(digest);
            }
            double added = seconds(began);
            began = System.nanoTime();
            for (int i = 0; i < count; i++) {
                key.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, i * MULTIPLIER);
                digests.of(key, 0, 8, digest);
                assertThat(map.contains(digest)).isTrue();
            }
            bytes = Files.size(file);
            System.out.printf(
                    "%,d keys: opened in %.1f s, %,.0f inserts/s, %,.0f look-ups/s, %.1f bytes a"
                            + " key%n",
                    count, opened, count / added, count / seconds(began), (double) bytes / count);
            assertThat(map.size()).isEqualTo(count);
        }
        assertThat((double) bytes / count).isLessThan(64);
    }

    private static double seconds(long began) {
        return (System.nanoTime() - began) / 1e9;
    }
}
