package dev.quiver.io.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.error.QuiverException;
import dev.quiver.io.csv.ByteSource;
import dev.quiver.operator.FileRange;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArrowFileTest {
    private static final Path COMMITTED = Path.of("src/test/resources/arrow");
    private static final int FLIPS = Integer.getInteger("seeds.factor", 1) * 150;

    @TempDir Path directory;

    private static Random random() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("ArrowFileTest -Dseed=" + seed);
        return new Random(seed);
    }

    @Test
    void rows_of_all_types_come_back_from_files_and_streams() throws Exception {
        Random random = random();
        for (boolean stream : List.of(false, true)) {
            for (String codec : List.of("none", "zstd")) {
                for (int count : List.of(0, 1, 100, 700)) {
                    var rows = ArrowFiles.rows(random, count);
                    Path file = directory.resolve("a.arrow");
                    ArrowFiles.write(file, stream, codec, rows, 128);

                    try (ArrowFile open = ArrowFile.open(file)) {
                        assertThat(open.schema()).isEqualTo(ArrowFiles.SCHEMA);
                        assertThat(open.rows()).isEqualTo(count);
                    }
                    assertThat(ArrowFiles.texts(ArrowFiles.read(file)))
                            .isEqualTo(ArrowFiles.texts(rows));
                    byte[] once = Files.readAllBytes(file);
                    ArrowFiles.write(file, stream, codec, rows, 128);
                    assertThat(Files.readAllBytes(file)).isEqualTo(once);
                }
            }
        }
    }

    @Test
    void ranges_have_each_batch_once_and_only_the_columns_asked_for() {
        var rows = ArrowFiles.rows(random(), 600);
        for (boolean stream : List.of(false, true)) {
            Path file = directory.resolve("r.arrow");
            ArrowFiles.write(file, stream, "none", rows, 64);
            FileRange whole = ByteSource.whole(file);
            var ranges = new ArrayList<FileRange>();
            for (int i = 0; i < 7; i++)
                ranges.add(
                        new FileRange(
                                whole.path(),
                                whole.size() * i / 7,
                                whole.size() * (i + 1) / 7,
                                whole.size(),
                                whole.modifiedNanos()));
            Schema wanted = ArrowFiles.SCHEMA.select(List.of("kind", "int8"));

            List<List<@Nullable Object>> expected = new ArrayList<>();
            for (var row : rows) expected.add(java.util.Arrays.asList(row.get(19), row.get(1)));
            assertThat(ArrowFiles.read(file, wanted, ranges)).isEqualTo(expected);
        }
    }

    @Test
    void what_pyarrow_wrote_reads_as_it_says() throws Exception {
        List<String> expected = Files.readAllLines(COMMITTED.resolve("expected.txt"));
        for (String name :
                List.of(
                        "plain.arrow",
                        "stream.arrows",
                        "lz4.arrow",
                        "zstd.arrow",
                        "large.arrow",
                        "views.arrow"))
            assertThat(ArrowFiles.texts(ArrowFiles.read(COMMITTED.resolve(name))))
                    .as(name)
                    .isEqualTo(expected);
        try (ArrowFile open = ArrowFile.open(COMMITTED.resolve("plain.arrow"))) {
            assertThat(open.schema().field("kind"))
                    .isEqualTo(Field.of("kind", DataType.CATEGORICAL));
            assertThat(open.schema().type("days")).isEqualTo(DataType.DATE);
        }
    }

    @Test
    void streams_with_changed_and_grown_dictionaries_are_read() {
        assertThat(ArrowFiles.texts(ArrowFiles.read(COMMITTED.resolve("delta.arrows"))))
                .containsExactly("[a]", "[b]", "[a]", "[c]", "[x]", "[null]", "[y]");
    }

    @Test
    void a_damaged_file_is_an_error_or_reads_and_never_more() throws Exception {
        Random random = random();
        for (String name :
                List.of("plain.arrow", "lz4.arrow", "zstd.arrow", "views.arrow", "delta.arrows")) {
            byte[] good = Files.readAllBytes(COMMITTED.resolve(name));
            for (int i = 0; i < FLIPS; i++) {
                byte[] bad = good.clone();
                int kind = random.nextInt(3);
                if (kind == 0) bad = java.util.Arrays.copyOf(bad, random.nextInt(bad.length));
                else
                    for (int k = 0; k <= random.nextInt(3); k++)
                        bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
                Path file = Files.write(directory.resolve("bad.arrow"), bad);
                long begin = System.nanoTime();
                try {
                    ArrowFiles.read(file);
                } catch (QuiverException e) {
                    assertThat(e.getMessage()).isNotBlank();
                } catch (RuntimeException | Error e) {
                    throw new AssertionError("%s damaged, try %d".formatted(name, i), e);
                }
                assertThat(Duration.ofNanos(System.nanoTime() - begin))
                        .isLessThan(Duration.ofSeconds(5));
            }
        }
    }

    @Test
    void what_is_no_arrow_file_says_so() throws Exception {
        Path file = Files.writeString(directory.resolve("t.arrow"), "a,b\n1,2\n");

        assertThatThrownBy(() -> ArrowFile.open(file))
                .isInstanceOf(QuiverException.class)
                .hasMessageContaining("t.arrow");
        assertThatThrownBy(() -> ArrowFile.open(directory.resolve("none.arrow")))
                .hasMessageContaining("no file");
    }
}
