package dev.quiver.cluster.process;

import static dev.quiver.dataframe.Functions.count;
import static dev.quiver.dataframe.Functions.desc;
import static dev.quiver.dataframe.Functions.sum;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.cluster.node.SchedulerNode;
import dev.quiver.cluster.node.WorkerNode;
import dev.quiver.config.Settings;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.How;
import dev.quiver.dataframe.Table;
import dev.quiver.worker.store.SpillRoom;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A cluster of one worker within this process that does a little of everything. A JVM that writes
/// down what it loads and how that is used (`-XX:AOTCacheOutput`, JEP 514 and 515) knows afterwards
/// what nodes need, so that those start several times as fast.
public final class Rehearsal {
    private static final String HOST = "127.0.0.1";
    private static final int PORT = 23_786;
    private static final long MEMORY_BYTES = 256L << 20;
    private static final int ROWS = 20_000;
    private static final int TASKS = 200;

    private Rehearsal() {}

    /// Runs it; a round takes some tenths of a second. Leaves nothing behind.
    ///
    /// @param rounds the more there are, the more is known of how what was loaded is used
    /// @throws dev.quiver.error.QuiverException when a cluster can't be had on this machine
    public static void run(int rounds) {
        try {
            Path folder = Files.createTempDirectory("quiver-rehearsal");
            try {
                rehearse(folder, rounds);
            } finally {
                remove(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void rehearse(Path folder, int rounds) throws IOException {
        Path rows = Files.write(folder.resolve("rows.csv"), lines());
        var keeping = new SchedulerNode.Keeping.Nothing();
        try (SchedulerNode scheduler =
                        SchedulerNode.start(new SchedulerNode.Setup(HOST, PORT, keeping));
                WorkerNode _ =
                        WorkerNode.start(
                                new WorkerNode.Setup(
                                        scheduler.place(),
                                        "rehearsal",
                                        HOST,
                                        2,
                                        MEMORY_BYTES,
                                        SpillRoom.of(Settings.ofProcess())),
                                DriverProcesses.Launcher.NONE);
                Session q = Quiver.connect(scheduler.address(), Options.defaults().quiet())) {
            for (int round = 0; round < rounds; round++) play(q, rows, folder);
        }
    }

    private static List<String> lines() {
        return Stream.concat(
                        Stream.of("key,name,value"),
                        IntStream.range(0, ROWS)
                                .mapToObj(i ->
                                        "%d,name %d,%d.5".formatted(i % 1000, i % 100, i % 77)))
                .toList();
    }

    private static void play(Session q, Path csv, Path folder) {
        List<Integer> squares =
                q.gather(q.map(i -> i * i, IntStream.range(0, TASKS).boxed().toList()));
        DataFrame rows = q.read().csv(csv.toString()).persist();
        try (Table joined =
                rows.join(rows.groupBy("key").agg(count().as("rows")), How.INNER, "key")
                        .groupBy("name")
                        .agg(sum("value").as("sum"), sum("rows").as("all"))
                        .sort(desc("sum"), desc("name"))
                        .collect()) {
            rows.write().overwrite().parquet(folder.resolve("rows.parquet").toString());
            if (squares.size() != TASKS || joined.rowCount() != 100)
                throw new IllegalStateException("the rehearsal went wrong");
        } finally {
            rows.release();
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }
}
