package dev.quiver.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.How;
import dev.quiver.dataframe.On;
import dev.quiver.dataframe.Row;
import dev.quiver.dataframe.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Long runs: streamed a bit at a time, and left in the middle.
@Timeout(120)
class StreamTest {
    record Name(long k, String name) {}

    private static final int ROWS = 400_000;

    @TempDir static Path directory;

    private static Session q;
    private static Path file;

    @BeforeAll
    static void write() throws IOException {
        q = Quiver.local(Options.defaults().slots(2).memory("1GB").quiet());
        file = directory.resolve("numbers.csv");
        var text = new StringBuilder("id,k,v\n");
        for (int i = 0; i < ROWS; i++)
            text.append(i)
                    .append(',')
                    .append(i % 1_000)
                    .append(',')
                    .append(i * 37 % 1009)
                    .append('\n');
        Files.writeString(file, text);
    }

    @AfterAll
    static void close() {
        q.close();
    }

    private static DataFrame numbers(String bytes) {
        return q.read().chunkBytes(bytes).csv(file);
    }

    private static long held() {
        return ((OpenSession) q).store().pool().usedBytes();
    }

    @Test
    void rows_of_files_stream_in_order_with_little_memory() {
        var pool = ((OpenSession) q).store().pool();
        long before = pool.usedBytes();
        pool.resetPeak();
        var names = q.of(Name.class, List.of(new Name(3, "three"), new Name(5, "five")));
        var joined = numbers("50KB").join(names, How.INNER, On.keys("k"));
        long expected = 3;
        try (Rows rows = joined.rows()) {
            for (Row row : rows) {
                assertThat(row.getLong("id")).isEqualTo(expected);
                expected += expected % 1_000 == 3 ? 2 : 998;
            }
        }
        assertThat(expected).isEqualTo(ROWS + 3);
        long sum = 0;
        try (Rows rows = numbers("50KB").rows()) {
            for (Row row : rows) sum += row.getLong("id");
        }
        assertThat(sum).isEqualTo((long) ROWS * (ROWS - 1) / 2);
        assertThat(pool.peakBytes() - before).isLessThan(8 << 20);
    }

    @Test
    void a_stream_that_is_closed_stops_its_query() {
        long before = held();
        Rows rows = numbers("50KB").rows();
        assertThat(rows.iterator().next().getLong("id")).isZero();
        rows.close();
        var worker = ((OpenSession) q).conversation().backend().worker().orElseThrow();
        while (worker.running() > 0 || held() > before) Thread.onSpinWait();
        assertThatThrownBy(rows::iterator).isInstanceOf(IllegalStateException.class);
    }
}
