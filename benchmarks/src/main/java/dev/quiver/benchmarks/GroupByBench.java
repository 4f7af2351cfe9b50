package dev.quiver.benchmarks;

import static dev.quiver.dataframe.Functions.mean;
import static dev.quiver.dataframe.Functions.sum;

import dev.quiver.benchmarks.Contest.Question;
import dev.quiver.benchmarks.Contest.Timed;
import dev.quiver.benchmarks.Measurements.Answer;
import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Table;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// The db-benchmark's group-by questions over a persisted table with categorical keys, answers
/// materialised.
final class GroupByBench {
    private GroupByBench() {}

    static void run(BenchOptions options) {
        try (Session q = Quiver.local(Options.defaults().slots(options.slots()).quiet());
                var contest =
                        new Contest(
                                "db-benchmark group-by, %,d rows".formatted(options.rows()),
                                "groupby",
                                options)) {
            Path parquet = parquet(q, options);
            DataFrame x = frame(q, parquet).persist();
            contest.load("parquet", parquet.toString());
            contest.run(questions(x));
            x.release();
        }
    }

    static Path parquet(Session q, BenchOptions options) {
        Path parquet = options.data().resolve("G1_%d.parquet".formatted(options.rows()));
        if (Files.exists(parquet)) return parquet;
        Path csv = DbBenchmarkRows.csv(options.data(), options.rows());
        q.read()
                .type("id4", DataType.INT32)
                .type("id5", DataType.INT32)
                .type("id6", DataType.INT32)
                .type("v1", DataType.INT32)
                .type("v2", DataType.INT32)
                .csv(csv)
                .write()
                .parquet(parquet.toString());
        return parquet;
    }

    static DataFrame frame(Session q, Path parquet) {
        return q.read()
                .type("id1", DataType.CATEGORICAL)
                .type("id2", DataType.CATEGORICAL)
                .type("id3", DataType.CATEGORICAL)
                .parquet(parquet.toString());
    }

    static Map<String, Question> questions(DataFrame x) {
        var questions = new LinkedHashMap<String, Question>();
        questions.put("q1", () -> ask(x.groupBy("id1").agg(sum("v1").as("v1")), "v1"));
        questions.put("q2", () -> ask(x.groupBy("id1", "id2").agg(sum("v1").as("v1")), "v1"));
        questions.put(
                "q3",
                () ->
                        ask(
                                x.groupBy("id3").agg(sum("v1").as("v1"), mean("v3").as("v3")),
                                "v1",
                                "v3"));
        questions.put(
                "q4",
                () ->
                        ask(
                                x.groupBy("id4")
                                        .agg(
                                                mean("v1").as("v1"),
                                                mean("v2").as("v2"),
                                                mean("v3").as("v3")),
                                "v1",
                                "v2",
                                "v3"));
        questions.put(
                "q5",
                () ->
                        ask(
                                x.groupBy("id6")
                                        .agg(
                                                sum("v1").as("v1"),
                                                sum("v2").as("v2"),
                                                sum("v3").as("v3")),
                                "v1",
                                "v2",
                                "v3"));
        return questions;
    }

    static Timed ask(DataFrame query, String... columns) {
        long begin = System.nanoTime();
        try (Table table = query.collect()) {
            double millis = (System.nanoTime() - begin) / 1e6;
            return new Timed(answer(table, columns), millis);
        }
    }

    /// Rows and column sums of a result.
    static Answer answer(Table table, String... columns) {
        var sums = new LinkedHashMap<String, Double>();
        for (String column : columns) sums.put(column, total(table, table.schema().field(column)));
        return new Answer(table.rowCount(), sums);
    }

    private static double total(Table table, Field field) {
        double total = 0;
        if (field.type() instanceof DataType.Int)
            for (long value : table.longs(field.name())) total += value;
        else for (double value : table.doubles(field.name())) total += value;
        return total;
    }
}
