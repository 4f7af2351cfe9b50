package dev.quiver.benchmarks;

import static dev.quiver.dataframe.Functions.sum;

import dev.quiver.benchmarks.Contest.Question;
import dev.quiver.benchmarks.Contest.Timed;
import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.Table;
import java.nio.file.Path;
import java.util.LinkedHashMap;

/// Reading the db-benchmark's CSV file: all of it into memory (`csv`), and streamed through a
/// group-by (`csv_sum`), with types inferred as each engine does by default.
final class CsvBench {
    private CsvBench() {}

    static void run(BenchOptions options) {
        Path csv = DbBenchmarkRows.csv(options.data(), options.rows());
        try (Session q = Quiver.local(Options.defaults().slots(options.slots()).quiet());
                var contest =
                        new Contest(
                                "CSV, %,d rows, %,d MB"
                                        .formatted(options.rows(), csv.toFile().length() >> 20),
                                "csv",
                                options)) {
            contest.load("csv", csv.toString());
            var memory = new AnonymousMemory();
            // Alone and first: the pool keeps what a whole table took for the next one.
            memory.watch(() -> sums(q, csv));
            var questions = new LinkedHashMap<String, Question>();
            questions.put("csv_sum", () -> sums(q, csv));
            questions.put("csv", () -> all(q, csv));
            contest.run(questions);
            System.out.printf(
                    "%npeak anonymous memory of the streamed aggregation: %,d MB%n",
                    memory.peakBytes() >> 20);
        }
    }

    private static Timed all(Session q, Path csv) {
        long begin = System.nanoTime();
        try (Table table = q.read().csv(csv).collect()) {
            double millis = (System.nanoTime() - begin) / 1e6;
            return new Timed(GroupByBench.answer(table, "v1", "v2", "v3"), millis);
        }
    }

    private static Timed sums(Session q, Path csv) {
        long begin = System.nanoTime();
        try (Table table =
                q.read()
                        .csv(csv)
                        .groupBy("id1")
                        .agg(sum("v1").as("v1"), sum("v3").as("v3"))
                        .collect()) {
            double millis = (System.nanoTime() - begin) / 1e6;
            return new Timed(GroupByBench.answer(table, "v1", "v3"), millis);
        }
    }
}
