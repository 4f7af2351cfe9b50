package dev.quiver.benchmarks;

import dev.quiver.benchmarks.Contest.Figure;
import dev.quiver.benchmarks.Contest.Question;
import dev.quiver.benchmarks.Contest.Timed;
import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// Files made out of files, each engine streaming: the db-benchmark's CSV file to Parquet
/// (`to_parquet`) and its Parquet file to CSV (`to_csv`), snappy and one file everywhere.
///
/// Answers are the rows of the file that was made and the sums of three of its columns, which each
/// engine's reader finds; the sizes of the files are told too.
final class FilesBench {
    private static final String[] SUMMED = {"v1", "v2", "v3"};

    private FilesBench() {}

    static void run(BenchOptions options) {
        try (Session q = Quiver.local(Options.defaults().slots(options.slots()).quiet());
                var contest =
                        new Contest(
                                "files, %,d rows".formatted(options.rows()), "files", options)) {
            Path csv = DbBenchmarkRows.csv(options.data(), options.rows());
            Path parquet = GroupByBench.parquet(q, options);
            contest.load("files", "%s %s".formatted(csv, parquet));
            var questions = new LinkedHashMap<String, Question>();
            questions.put("to_parquet", () -> toParquet(q, csv, options.data()));
            questions.put("to_csv", () -> toCsv(q, parquet, options.data()));
            contest.run(questions);
        }
    }

    private static Timed toParquet(Session q, Path csv, Path folder) {
        Path made = folder.resolve("made-by-quiver.parquet");
        long begin = System.nanoTime();
        q.read().csv(csv).write().overwrite().compression("snappy").parquet(made.toString());
        double millis = millisSince(begin);
        return made(millis, made, summed(q.read().parquet(made.toString())), SUMMED);
    }

    private static Timed toCsv(Session q, Path parquet, Path folder) {
        Path made = folder.resolve("made-by-quiver.csv");
        long begin = System.nanoTime();
        q.read().parquet(parquet.toString()).write().overwrite().csv(made.toString());
        double millis = millisSince(begin);
        return made(millis, made, summed(q.read().csv(made)), SUMMED);
    }

    private static DataFrame summed(DataFrame rows) {
        return rows.select("v1", "v2", "v3");
    }

    static double millisSince(long begin) {
        return (System.nanoTime() - begin) / 1e6;
    }

    /// What a file holds that took `millis` to make; it is deleted.
    static Timed made(double millis, Path file, DataFrame rows, String... summed) {
        try (Table table = rows.collect()) {
            var timed =
                    new Timed(
                            GroupByBench.answer(table, summed),
                            millis,
                            Map.of(Figure.FILE, Files.size(file) / 1e6));
            Files.delete(file);
            return timed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
