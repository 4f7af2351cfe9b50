package dev.quiver.benchmarks;

import dev.quiver.benchmarks.Contest.Question;
import dev.quiver.benchmarks.Contest.Timed;
import dev.quiver.benchmarks.Measurements.Answer;
import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Table;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// The group-by table of the db-benchmark sorted, all nine columns, persisted and materialised: by
/// a float64 (s1), by an int32 with many ties (s2), by a categorical and the float64 (s3).
///
/// The answer's `ordered` is the sum of each row's last key times its place.
final class SortBench {
    private SortBench() {}

    static void run(BenchOptions options) {
        try (Session q = Quiver.local(Options.defaults().slots(options.slots()).quiet());
                var contest =
                        new Contest("sort, %,d rows".formatted(options.rows()), "sort", options)) {
            Path parquet = GroupByBench.parquet(q, options);
            DataFrame x = GroupByBench.frame(q, parquet).persist();
            contest.load("parquet", parquet.toString());
            Map<String, Question> questions = new LinkedHashMap<>();
            questions.put("s1", () -> ask(x.sort("v3"), "v3"));
            questions.put("s2", () -> ask(x.sort("id6"), "id6"));
            questions.put("s3", () -> ask(x.sort("id3", "v3"), "v3"));
            contest.run(questions);
            x.release();
        }
    }

    private static Timed ask(DataFrame query, String lastKey) {
        long begin = System.nanoTime();
        try (Table table = query.collect()) {
            double millis = (System.nanoTime() - begin) / 1e6;
            var sums = new LinkedHashMap<String, Double>();
            double ordered = 0;
            double[] keys = table.doubles(lastKey);
            for (int place = 0; place < keys.length; place++) ordered += place * keys[place];
            sums.put("ordered", ordered);
            double total = 0;
            for (double value : table.doubles("v1")) total += value;
            sums.put("v1", total);
            return new Timed(new Answer(table.rowCount(), sums), millis);
        }
    }
}
