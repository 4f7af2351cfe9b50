package dev.quiver.benchmarks;

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
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Tasks and queries over persisted tables in a cluster of two workers of one slot, in turns with
/// the same queries in this process and with clusters of other engines.
final class ClusterContest {
    private static final int ROUND_TRIPS = 200;

    private final Map<String, Question> questions = new LinkedHashMap<>();

    private ClusterContest() {}

    static void run(BenchOptions options, Session cluster) {
        try (Session local = Quiver.local(Options.defaults().slots(options.slots()).quiet());
                var contest =
                        new Contest(
                                "Clusters of two workers, %,d rows".formatted(options.rows()),
                                "cluster",
                                "cluster.py",
                                options)) {
            Path rows = GroupByBench.parquet(local, options);
            Path tables = JoinBench.parquet(local, options);
            contest.load("parquet", rows.toString());
            contest.load("join", tables.toString());
            var all = new ClusterContest();
            all.tasks(cluster);
            all.queries("", cluster, rows, tables);
            all.queries(" in one process", local, rows, tables);
            contest.run(all.questions);
        }
    }

    private void tasks(Session q) {
        questions.put("map 10000", () -> timed(10_000, () -> TaskWork.map(q, 10_000)));
        questions.put("map 100000", () -> timed(100_000, () -> TaskWork.map(q, 100_000)));
        questions.put("graph", () -> timed(TaskWork.GRAPH_TASKS, () -> TaskWork.graph(q)));
        questions.put("round trip", () -> roundTrip(q));
    }

    /// Whose results were looked at.
    private static Timed timed(int tasks, Runnable work) {
        long begin = System.nanoTime();
        work.run();
        return new Timed(new Answer(tasks, Map.of()), (System.nanoTime() - begin) / 1e6);
    }

    /// The median of some.
    private static Timed roundTrip(Session q) {
        var millis = new double[ROUND_TRIPS];
        for (int i = 0; i < ROUND_TRIPS; i++) {
            int number = i;
            long begin = System.nanoTime();
            int answer = q.submit(() -> number + 1).result();
            millis[i] = (System.nanoTime() - begin) / 1e6;
            if (answer != number + 1) throw new IllegalStateException("task answers " + answer);
        }
        Arrays.sort(millis);
        return new Timed(new Answer(1, Map.of()), millis[ROUND_TRIPS / 2]);
    }

    private void queries(String where, Session q, Path rows, Path tables) {
        DataFrame x = GroupByBench.frame(q, rows).persist();
        Map<String, Contest.Question> groups = GroupByBench.questions(x);
        for (String group : List.of("q1", "q3", "q5"))
            questions.put(group + where, groups.get(group));
        DataFrame left = JoinBench.frame(q, tables, "x");
        DataFrame right = JoinBench.frame(q, tables, "big");
        questions.put(
                "join" + where,
                () ->
                        GroupByBench.ask(
                                left.join(right, How.INNER, JoinRows.key("big"))
                                        .agg(
                                                count().as("rows"),
                                                sum("v1").as("v1"),
                                                sum("v2").as("v2")),
                                "rows",
                                "v1",
                                "v2"));
    }
}
