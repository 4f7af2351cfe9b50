package dev.quiver.client;

import static dev.quiver.dataframe.Functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.dataframe.ChunkSize;
import dev.quiver.dataframe.Chunks;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Row;
import dev.quiver.dataframe.Table;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rows are read and written in pieces of exactly the size that was asked for.
class ChunkSizeTest {
    private static final int ROWS = 50_003;
    private static final int LARGE_ROW = 20_000;
    private static final int LARGE_BYTES = 300_000;

    @TempDir static Path folder;

    private static Session q;
    private static Path csv;

    @BeforeAll
    static void open() throws IOException {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("ChunkSizeTest: -Dseed=" + seed);
        var random = new Random(seed);
        var text = new StringBuilder("id,flag,name,kind\n");
        for (int i = 0; i < ROWS; i++) {
            text.append(i).append(',').append(random.nextBoolean()).append(',');
            if (i == LARGE_ROW) text.append("y".repeat(LARGE_BYTES));
            else if (random.nextInt(5) > 0) text.append(i).append("x".repeat(random.nextInt(40)));
            text.append(",kind ").append(random.nextInt(9)).append('\n');
        }
        csv = Files.writeString(folder.resolve("rows.csv"), text);
        q = Quiver.local(Options.defaults().slots(2).memory("512MB").quiet());
    }

    @AfterAll
    static void close() {
        q.close();
    }

    private static DataFrame frame() {
        return q.read().chunkBytes("64KB").csv(csv);
    }

    /// What is measured of a piece: its ids and the bytes of its values, by hand.
    private record Piece(List<Long> ids, long bytes, long firstRowBytes) {}

    private static List<Piece> pieces(ChunkSize size) {
        var pieces = new ArrayList<Piece>();
        try (Chunks chunks = frame().chunks(size)) {
            for (Table chunk : chunks) {
                var ids = new ArrayList<Long>();
                long bits = 0;
                long first = 0;
                for (Row row : chunk.rows()) {
                    ids.add(row.getLong("id"));
                    bits += bits(row);
                    if (ids.size() == 1) first = bits;
                }
                pieces.add(new Piece(ids, (bits + 7) / 8, (first + 7) / 8));
            }
        }
        return pieces;
    }

    private static long bits(Row row) {
        long bits = 64 + 1;
        for (String name : List.of("name", "kind")) {
            String text = row.isNull(name) ? "" : row.getString(name);
            bits += 8 * (4 + text.getBytes(StandardCharsets.UTF_8).length);
        }
        return bits;
    }

    private static List<Long> ids(List<Piece> pieces) {
        return pieces.stream().flatMap(p -> p.ids.stream()).toList();
    }

    private static List<Long> allIds() {
        return Stream.iterate(0L, i -> i + 1).limit(ROWS).toList();
    }

    @Test
    void all_chunks_but_the_last_have_the_rows_asked_for() {
        List<Piece> pieces = pieces(ChunkSize.rows(7_001));

        assertThat(pieces.stream().map(p -> p.ids.size()))
                .containsExactly(7_001, 7_001, 7_001, 7_001, 7_001, 7_001, 7_001, 996);
        assertThat(ids(pieces)).isEqualTo(allIds());
    }

    @Test
    void chunks_have_as_many_rows_as_fit_into_the_bytes_asked_for() {
        long most = 100 << 10;

        List<Piece> pieces = pieces(ChunkSize.bytes("100KB"));

        assertThat(ids(pieces)).isEqualTo(allIds());
        for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            if (piece.ids.size() > 1) assertThat(piece.bytes).isLessThanOrEqualTo(most);
            if (i + 1 == pieces.size()) continue;
            assertThat(piece.bytes + pieces.get(i + 1).firstRowBytes).isGreaterThan(most);
        }
        assertThat(pieces.stream().filter(p -> p.bytes > most).map(Piece::ids))
                .containsExactly(List.of((long) LARGE_ROW));
    }

    @Test
    void chunks_fit_into_the_memory_asked_for() {
        long most = 256 << 10;

        List<Piece> pieces = pieces(ChunkSize.memory("256KB"));

        assertThat(ids(pieces)).isEqualTo(allIds());
        // Eight bytes of an id alone: how much all columns take is measured in RowMeterTest.
        assertThat(pieces).allMatch(p -> p.ids.size() * 8 <= most).hasSizeGreaterThan(2);
    }

    @Test
    void files_of_a_directory_have_the_rows_asked_for() throws IOException {
        Path out = folder.resolve("out");

        frame().write().fileSize(ChunkSize.rows(9_999)).parquet(out + "/");

        try (Stream<Path> files = Files.list(out).filter(p -> p.toString().endsWith(".parquet"))) {
            assertThat(files.sorted().map(file -> q.read().parquet(file).count()))
                    .containsExactly(9_999L, 9_999L, 9_999L, 9_999L, 9_999L, 8L);
        }
        try (Table all = q.read().parquet(out + "/").select(col("id")).collect()) {
            assertThat(all.longs("id"))
                    .containsExactly(allIds().stream().mapToLong(i -> i).toArray());
        }
    }

    @Test
    void sizes_that_cannot_be_say_what_can() {
        assertThatThrownBy(() -> ChunkSize.rows(0))
                .isInstanceOf(QuiverException.class)
                .hasMessageContaining("ChunkSize.rows(0): a chunk has at least one row");
        assertThatThrownBy(() -> frame().chunks(ChunkSize.bytes("many")))
                .hasMessageContaining("'many' is not a size");
        assertThatThrownBy(() -> frame().chunks(ChunkSize.memory("0MB")))
                .hasMessageContaining("a chunk of '0MB'");
        assertThatThrownBy(() -> ChunkSize.rows(1).and(ChunkSize.rows(2)))
                .hasMessageContaining("say rows, bytes and memory once each");
        assertThatThrownBy(() ->
                        frame().write()
                                .fileSize(ChunkSize.rows(5))
                                .csv(folder.resolve("one.csv").toString()))
                .hasMessageContaining("write to a directory: a path that ends in /");
    }

    @Test
    void leaving_early_stops_the_query_and_gives_memory_back() throws InterruptedException {
        long before = q.usage().memoryBytes();
        try (Chunks chunks = frame().chunks(ChunkSize.rows(10))) {
            assertThat(chunks.iterator().next().rowCount()).isEqualTo(10);
        }

        long until = System.nanoTime() + 10_000_000_000L;
        long idle = 16 << 20; // dictionaries that wait for another reader
        while (q.usage().memoryBytes() > before + idle && System.nanoTime() < until)
            Thread.sleep(1);
        assertThat(q.usage().memoryBytes()).isLessThanOrEqualTo(before + idle);
    }
}
