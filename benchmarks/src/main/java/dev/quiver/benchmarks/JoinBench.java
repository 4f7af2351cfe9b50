package dev.quiver.benchmarks;

import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.count;
import static dev.quiver.dataframe.Functions.sum;

import dev.quiver.benchmarks.Contest.Question;
import dev.quiver.benchmarks.Contest.Timed;
import dev.quiver.benchmarks.Measurements.Answer;
import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.How;
import dev.quiver.dataframe.Table;
import dev.quiver.schema.DataType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/// Joins like the db-benchmark's, of persisted tables, answers materialised: a small, a medium and
/// a big table by whole numbers (j1, j2, j5), the medium one also from the left (j3) and by a
/// categorical key (j4).
final class JoinBench {
    private JoinBench() {}

    static void run(BenchOptions options) {
        try (Session q = Quiver.local(Options.defaults().slots(options.slots()).quiet());
                var contest =
                        new Contest("join, %,d rows".formatted(options.rows()), "join", options)) {
            Path folder = parquet(q, options);
            Map<String, DataFrame> tables = new LinkedHashMap<>();
            tables.put("x", frame(q, folder, "x"));
            for (String table : JoinRows.BUILD_SIDES) tables.put(table, frame(q, folder, table));
            contest.load("join", folder.toString());
            contest.run(questions(tables));
            tables.values().forEach(DataFrame::release);
        }
    }

    static Path parquet(Session q, BenchOptions options) {
        Path folder = JoinRows.csv(options.data(), options.rows());
        write(q, folder, "x");
        for (String table : JoinRows.BUILD_SIDES) write(q, folder, table);
        return folder;
    }

    private static void write(Session q, Path folder, String table) {
        Path parquet = folder.resolve(table + ".parquet");
        if (Files.exists(parquet)) return;
        DataFrame read = q.read().csv(folder.resolve(table + ".csv"));
        for (String name : read.schema().names())
            if (read.schema().type(name).equals(DataType.INT64))
                read = read.withColumn(name, col(name).cast(DataType.INT32));
        read.write().parquet(parquet.toString());
    }

    static DataFrame frame(Session q, Path folder, String table) {
        boolean hasText = table.equals("x") || table.equals("text");
        var read = q.read();
        if (hasText) read = read.type("id5", DataType.CATEGORICAL);
        return read.parquet(folder.resolve(table + ".parquet").toString()).persist();
    }

    private static Map<String, Question> questions(Map<String, DataFrame> tables) {
        var questions = new LinkedHashMap<String, Question>();
        add(questions, "j1", tables, "small", How.INNER);
        add(questions, "j2", tables, "medium", How.INNER);
        add(questions, "j3", tables, "medium", How.LEFT);
        add(questions, "j4", tables, "text", How.INNER);
        add(questions, "j5", tables, "big", How.INNER);
        return questions;
    }

    private static void add(
            Map<String, Question> questions,
            String name,
            Map<String, DataFrame> tables,
            String table,
            How how) {
        DataFrame left = Objects.requireNonNull(tables.get("x"));
        DataFrame right = Objects.requireNonNull(tables.get(table));
        questions.put(name, () -> ask(left.join(right, how, JoinRows.key(table))));
    }

    private static Timed ask(DataFrame query) {
        long begin = System.nanoTime();
        try (Table table = query.collect()) {
            double millis = (System.nanoTime() - begin) / 1e6;
            return new Timed(answer(table), millis);
        }
    }

    private static Answer answer(Table table) {
        DataFrame totals =
                table.df().agg(count().as("rows"), sum("v1").as("v1"), sum("v2").as("v2"));
        try (Table total = totals.collect()) {
            var sums = new LinkedHashMap<String, Double>();
            for (String name : new String[] {"v1", "v2"}) sums.put(name, total.doubles(name)[0]);
            return new Answer(total.longs("rows")[0], sums);
        }
    }
}
