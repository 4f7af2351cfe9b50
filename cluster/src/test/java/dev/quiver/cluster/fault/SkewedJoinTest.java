package dev.quiver.cluster.fault;

import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.sum;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.How;
import dev.quiver.dataframe.Row;
import dev.quiver.dataframe.Table;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A join whose readers are planned when its exchanges have finished: what one process computes,
/// also when a worker is lost meanwhile.
@Timeout(180)
final class SkewedJoinTest {
    private static final int FILES = 8;
    private static final int ROWS = 600_000;

    /// Little enough that the table isn't made once for all.
    private static final long MEMORY_BYTES = 48_000_000;

    @TempDir private Path directory;

    @Scenario
    void a_split_bucket_is_read_again_where_a_worker_is_lost()
            throws IOException, InterruptedException {
        long seed = Long.getLong("seed", new Random().nextInt(10_000));
        System.out.println("SkewedJoinTest -Dseed=" + seed);
        var random = new Random(seed);
        make("probed", i -> i % 20 < 13 ? 7 : i % 300_000);
        make("built", i -> i);
        List<Long> expected;
        try (Session local = Quiver.local(Options.defaults().memory("48 MB").quiet())) {
            expected = bits(joined(local));
        }

        try (TestCluster cluster = TestCluster.start(directory, 2, MEMORY_BYTES);
                Session q = cluster.connect()) {
            long begin = System.nanoTime();
            assertThat(bits(joined(q))).isEqualTo(expected);
            int millis = (int) ((System.nanoTime() - begin) / 1_000_000);
            assertThat(joined(q).analyze().toString())
                    .contains("16 buckets in 17 tasks, 1 split in 2");
            var running = CompletableFuture.supplyAsync(() -> bits(joined(q)));

            Thread.sleep(random.nextInt(millis));
            cluster.worker(random.nextInt(2)).destroyForcibly();

            assertThat(running.join()).isEqualTo(expected);
        }
    }

    private interface Key {
        int of(int row);
    }

    private void make(String name, Key key) throws IOException {
        Path folder = Files.createDirectories(directory.resolve(name));
        for (int file = 0; file < FILES; file++)
            try (Writer lines = Files.newBufferedWriter(folder.resolve(file + ".csv"))) {
                lines.write("k,id,v\n");
                for (int i = file; i < ROWS; i += FILES)
                    lines.write("%d,%d,%d.5%n".formatted(key.of(i), i, i % 97));
            }
    }

    private DataFrame joined(Session session) {
        DataFrame probed = session.read().csv(directory.resolve("probed") + "/*.csv");
        DataFrame built = session.read().csv(directory.resolve("built") + "/*.csv");
        return probed.join(built.select(col("k"), col("v").as("w")), How.LEFT, "k");
    }

    /// Ids of rows in their order, and the bits of a sum of floats.
    private static List<Long> bits(DataFrame rows) {
        var bits = new ArrayList<Long>();
        try (Table table = rows.select("id").collect()) {
            for (Row row : table.rows()) bits.add(row.getLong("id"));
        }
        try (Table table = rows.agg(sum(col("w").multiply(0.1)).as("w")).collect()) {
            bits.add(Double.doubleToRawLongBits(table.row(0).getDouble("w")));
        }
        return bits;
    }
}
