package dev.quiver.benchmarks;

import static dev.quiver.dataframe.Functions.asc;
import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.count;
import static dev.quiver.dataframe.Functions.desc;
import static dev.quiver.dataframe.Functions.sum;

import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.Action;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.How;
import dev.quiver.dataframe.QFuture;
import dev.quiver.dataframe.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/// The kinds of work that [CancelBench] cancels.
final class CancelWork implements AutoCloseable {
    /// Begins work of one kind.
    interface Kind {
        Begun begin();
    }

    /// Work that was begun: a query in a thread of its own, or a task.
    interface Begun {
        /// As a user does: by an interrupt of the query's thread, or by the task's future.
        void cancel();

        boolean hasEnded();

        /// Waits for the end.
        ///
        /// @return whether it was cancelled; false when it was done before
        /// @throws IllegalStateException when it failed otherwise
        boolean end();
    }

    private static final String TEXT_OUT = "cancelled.csv";
    private static final String PARQUET_OUT = "cancelled.parquet";
    private static final String FOLDERS_OUT = "cancelled/";

    private final Session q;
    private final Path folder;
    private final Path gzip;
    private final DataFrame x;
    private final DataFrame y;

    /// @param folder of generated files
    CancelWork(Session q, Path folder, int rows) {
        this.q = q;
        this.folder = folder;
        Path csv = DbBenchmarkRows.csv(folder, rows);
        this.gzip = gzip(q, csv, folder.resolve("G1_%d.csv.gz".formatted(rows)));
        this.x = q.read().csv(csv).persist();
        this.y = x.select(col("id3"), col("id6"), col("v3").as("w")).persist();
    }

    private static Path gzip(Session q, Path csv, Path gzip) {
        if (!Files.exists(gzip)) q.read().csv(csv).write().compression("gzip").csv(gzip.toString());
        return gzip;
    }

    /// Work that ends by itself, by name.
    Map<String, Kind> queries() {
        var kinds = new LinkedHashMap<String, Kind>();
        kinds.put("sort", () -> collect(x.sort(asc("id6"), desc("v3"))));
        kinds.put("sort by text", () -> collect(x.sort("id3", "id1")));
        kinds.put(
                "group-by",
                () -> collect(x.groupBy("id3", "id6").agg(sum("v1").as("v1"), count().as("n"))));
        kinds.put("join", () -> collect(x.join(y, How.INNER, "id3", "id6")));
        kinds.put(
                "gzip scan",
                () -> collect(q.read().csv(gzip).groupBy("id1").agg(sum("v1").as("v1"))));
        kinds.put("gzip to memory", () -> collect(q.read().csv(gzip)));
        kinds.put("write CSV", () -> new Query(() -> x.write().overwrite().csv(out(TEXT_OUT))));
        kinds.put(
                "write Parquet",
                () -> new Query(() -> x.write().overwrite().parquet(out(PARQUET_OUT))));
        kinds.put(
                "write folders",
                () ->
                        new Query(() ->
                                x.write()
                                        .partitionBy("id1")
                                        .overwrite()
                                        .parquet(out(FOLDERS_OUT))));
        return kinds;
    }

    /// Work that never ends by itself, by name.
    Map<String, Kind> loops() {
        var kinds = new LinkedHashMap<String, Kind>();
        kinds.put("loop that blocks", () -> task(() -> new CountDownLatch(1).await()));
        kinds.put(
                "loop that asks",
                () ->
                        task(() -> {
                            while (true) Quiver.checkCancelled();
                        }));
        return kinds;
    }

    private String out(String name) {
        return folder.resolve(name) + (name.endsWith("/") ? "/" : "");
    }

    private static Begun collect(DataFrame frame) {
        return new Query(() -> {
            try (Table table = frame.collect()) {
                if (table.rowCount() == 0) throw new IllegalStateException("no rows");
            }
        });
    }

    private Begun task(Action action) {
        return new Task(q.run(action));
    }

    /// Removes what writes made.
    void removeFiles() {
        for (Path path : written()) {
            try (Stream<Path> all = Files.walk(path)) {
                for (Path one : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(one);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// What writes have left in the folder, under a final or a temporary name.
    List<Path> written() {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(p -> p.getFileName().toString().contains("cancelled")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        x.release();
        y.release();
    }

    private static final class Query implements Begun {
        private final Thread thread;
        private final Ending ending = new Ending();

        Query(Runnable run) {
            this.thread = Thread.ofPlatform().name("query").start(() -> ending.of(run));
        }

        @Override
        public void cancel() {
            thread.interrupt();
        }

        @Override
        public boolean hasEnded() {
            return !thread.isAlive();
        }

        @Override
        public boolean end() {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException("the benchmark was interrupted", e);
            }
            return ending.check();
        }
    }

    private record Task(QFuture<Void> future) implements Begun {
        @Override
        public void cancel() {
            future.cancel();
        }

        @Override
        public boolean hasEnded() {
            return future.status().isFinal();
        }

        @Override
        public boolean end() {
            var ending = new Ending();
            ending.of(future::result);
            return ending.check();
        }
    }
}
