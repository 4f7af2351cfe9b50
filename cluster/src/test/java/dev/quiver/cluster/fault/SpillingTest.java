package dev.quiver.cluster.fault;

import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.count;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.cluster.control.Answer;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.How;
import dev.quiver.dataframe.QFuture;
import dev.quiver.dataframe.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Workers that have less memory than a query's rows take.
class SpillingTest {
    private static final int ROWS = 1_500_000;
    private static final long MEMORY_BYTES = 96L << 20;

    @TempDir static Path directory;
    private static Path file;
    private static TestCluster cluster;

    @BeforeAll
    static void start() throws IOException {
        file = directory.resolve("rows.csv");
        var random = new SplittableRandom(2);
        try (var out = Files.newBufferedWriter(file)) {
            out.write("id,k,t\n");
            for (int i = 0; i < ROWS; i++) {
                int key = random.nextInt(ROWS);
                out.write("%d,%d,a text that is somewhat longer %d\n".formatted(i, key, key ^ 777));
            }
        }
        cluster = TestCluster.start(directory, 2, MEMORY_BYTES);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static String joined(Session session) {
        DataFrame rows = session.read().csv(file.toString());
        DataFrame other = rows.select("k", "t").rename("k", "id").rename("t", "u");
        DataFrame answer =
                rows.join(other, How.INNER, "id")
                        .agg(count().as("n"), col("t").max().as("t"), col("u").min().as("u"));
        try (Table table = answer.collect()) {
            return table.toString();
        }
    }

    @Test
    void a_join_of_more_than_the_workers_memory_answers_as_a_local_session() throws Exception {
        try (Session remote = cluster.connect();
                Session local = Quiver.local(Options.defaults().quiet())) {
            String expected = joined(local);

            String actual = joined(remote);

            assertThat(actual).as(cluster::logs).isEqualTo(expected);
            for (int i = 0; i < 200 && !haveToldTraffic(); i++) Thread.sleep(50);
            assertThat(haveToldTraffic()).as(() -> cluster.members().toString()).isTrue();
        }
    }

    /// Each worker says what it wrote into files and read back, and what it gave the other one.
    private static boolean haveToldTraffic() {
        return cluster.members().stream()
                .map(Answer.Member::resources)
                .allMatch(told ->
                        told.spillWrittenBytes() > 1 << 20
                                && told.spillReadBytes() > 1 << 20
                                && told.sentBytes() > 1 << 20
                                && told.receivedBytes() > 1 << 20
                                && told.heapBytes() > 1 << 20);
    }

    @Test
    void a_persisted_frame_that_the_workers_have_no_memory_for_is_in_files() throws Exception {
        try (Session remote = cluster.connect()) {
            DataFrame rows = remote.read().csv(file.toString()).persist();

            long count = rows.count();
            for (int i = 0; i < 100 && remote.usage().spilledBytes() == 0; i++) Thread.sleep(50);

            assertThat(count).isEqualTo(ROWS);
            assertThat(remote.usage().spilledBytes()).isPositive();
            rows.release();
        }
    }

    @Test
    void results_of_tasks_that_the_workers_have_no_memory_for_arrive() {
        try (Session remote = cluster.connect()) {
            List<QFuture<byte[]>> objects =
                    remote.map(SpillingTest::object, IntStream.range(0, 60).boxed().toList());

            for (int i = 0; i < 60; i++)
                assertThat(objects.get(i).result()).as(cluster::logs).isEqualTo(object(i));
        }
    }

    private static byte[] object(int number) {
        var made = new byte[2 << 20];
        new Random(number).nextBytes(made);
        return made;
    }
}
