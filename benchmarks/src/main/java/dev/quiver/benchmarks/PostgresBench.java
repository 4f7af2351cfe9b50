package dev.quiver.benchmarks;

import dev.quiver.benchmarks.Contest.Question;
import dev.quiver.benchmarks.Contest.Timed;
import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Table;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;

/// The db-benchmark's rows between memory and a PostgreSQL server: a new table of them
/// (`to_postgres`), and a table as a frame in memory (`from_postgres`).
///
/// Answers are the rows and the sums of three columns: of the table, as the server finds them, or
/// of the frame.
final class PostgresBench {
    private static final String SOURCE = "quiver_bench_rows";
    private static final String MADE = "quiver_bench_made";
    private static final String[] SUMMED = {"v1", "v2", "v3"};

    private PostgresBench() {}

    static void run(BenchOptions options) {
        String url =
                options.url()
                        .filter(u -> u.startsWith("jdbc:postgresql:"))
                        .orElseThrow(PostgresBench::noServer);
        try (Session q = Quiver.local(Options.defaults().slots(options.slots()).quiet());
                var contest =
                        new Contest(
                                "PostgreSQL, %,d rows".formatted(options.rows()),
                                "postgres",
                                options)) {
            Path parquet = GroupByBench.parquet(q, options);
            DataFrame rows = q.read().parquet(parquet.toString()).persist();
            rows.write().overwrite().jdbc(url).table(SOURCE);
            // What libpq takes is the same without the first word.
            contest.load("postgres", "%s %s".formatted(parquet, url.substring("jdbc:".length())));
            var questions = new LinkedHashMap<String, Question>();
            questions.put("to_postgres", () -> write(q, rows, url));
            questions.put("from_postgres", () -> read(q, url));
            contest.run(questions);
            rows.release();
        }
    }

    private static QuiverException noServer() {
        return new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "which PostgreSQL server?",
                List.of("its tables %s and %s are made anew".formatted(SOURCE, MADE)),
                "give --url 'jdbc:postgresql://HOST/DATABASE?user=…&password=…'");
    }

    private static Timed write(Session q, DataFrame rows, String url) {
        long begin = System.nanoTime();
        rows.write().overwrite().jdbc(url).table(MADE);
        double millis = FilesBench.millisSince(begin);
        try (Table table = q.read().jdbc(url).table(MADE).select("v1", "v2", "v3").collect()) {
            return new Timed(GroupByBench.answer(table, SUMMED), millis);
        }
    }

    private static Timed read(Session q, String url) {
        long begin = System.nanoTime();
        try (Table table = q.read().jdbc(url).table(SOURCE).collect()) {
            double millis = FilesBench.millisSince(begin);
            return new Timed(GroupByBench.answer(table, SUMMED), millis);
        }
    }
}
