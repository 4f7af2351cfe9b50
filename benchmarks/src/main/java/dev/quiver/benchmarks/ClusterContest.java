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
import dev.quiver.dataframe.On;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Tasks and queries in a cluster of two workers of one slot, in turns with the same queries in
/// this process and with clusters of other engines. Tables are persisted, but for those of the
/// question `flights`, whose files each question reads.
final class ClusterContest {
    private static final int ROUND_TRIPS = 200;

    private ClusterContest() {}

    static void run(BenchOptions options, ClusterProcesses cluster) {
        tasks(options, cluster);
        queries(options, cluster);
    }

    /// Once: Dask takes half a minute for ten thousand, and who is warm by now is Quiver.
    private static void tasks(BenchOptions options, ClusterProcesses cluster) {
        Session q = cluster.session();
        try (Contest contest = contest("tasks", options.once())) {
            var questions = new LinkedHashMap<String, Question>();
            questions.put("map 10000", () -> timed(10_000, () -> TaskWork.map(q, 10_000)));
            questions.put("map 100000", () -> timed(100_000, () -> TaskWork.map(q, 100_000)));
            questions.put("graph", () -> timed(TaskWork.GRAPH_TASKS, () -> TaskWork.graph(q)));
            questions.put("round trip", () -> roundTrip(q));
            questions.replaceAll((_, question) -> cluster.watched(question));
            contest.run(questions);
        }
    }

    private static void queries(BenchOptions options, ClusterProcesses cluster) {
        try (Session local = Quiver.local(Options.defaults().slots(options.slots()).quiet());
                Contest contest = contest("%,d rows".formatted(options.rows()), options)) {
            Path rows = GroupByBench.parquet(local, options);
            Path tables = JoinBench.parquet(local, options);
            Path flights = ClusterProcesses.root().resolve("examples").resolve("nycflights13");
            contest.load("parquet", rows.toString());
            contest.load("join", tables.toString());
            contest.load("flights", flights.toString());
            var questions = new LinkedHashMap<String, Question>();
            queries(cluster.session(), rows, tables, flights)
                    .forEach((name, ask) -> questions.put(name, cluster.watched(ask)));
            queries(local, rows, tables, flights)
                    .forEach((name, ask) -> questions.put(name + " in one process", ask));
            contest.run(questions);
        }
    }

    private static Contest contest(String what, BenchOptions options) {
        return new Contest("Clusters of two workers: " + what, "cluster", "cluster.py", options);
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

    private static Map<String, Question> queries(
            Session q, Path rows, Path tables, Path flightFiles) {
        var asked = new LinkedHashMap<String, Question>();
        DataFrame x = GroupByBench.frame(q, rows).persist();
        Map<String, Question> groups = GroupByBench.questions(x);
        for (String group : List.of("q1", "q3", "q5")) asked.put(group, groups.get(group));
        DataFrame left = JoinBench.frame(q, tables, "x");
        DataFrame right = JoinBench.frame(q, tables, "big");
        DataFrame join =
                left.join(right, How.INNER, JoinRows.key("big"))
                        .agg(count().as("rows"), sum("v1").as("v1"), sum("v2").as("v2"));
        asked.put("join", () -> GroupByBench.ask(join, "rows", "v1", "v2"));
        DataFrame flights = flights(q, flightFiles);
        asked.put(
                "flights",
                () ->
                        GroupByBench.ask(
                                flights, "departure", "destinations", "seats", "visibility"));
        return asked;
    }

    /// Flights with what is known about them, by airline, as the demo joins them.
    private static DataFrame flights(Session q, Path folder) {
        DataFrame airlines = csv(q, folder, "airlines.csv").rename("name", "airline");
        DataFrame airports =
                csv(q, folder, "airports.csv").select(col("faa"), col("name").as("destination"));
        DataFrame planes = csv(q, folder, "planes.csv").select("tailnum", "seats");
        DataFrame weather = csv(q, folder, "weather.csv.gz").select("origin", "time_hour", "visib");
        return csv(q, folder, "flights.csv.gz")
                .join(airlines, How.LEFT, On.keys("carrier"))
                .join(airports, How.LEFT, On.pair("dest", "faa"))
                .join(planes, How.LEFT, On.keys("tailnum"))
                .join(weather, How.LEFT, On.keys("origin", "time_hour"))
                .groupBy("airline")
                .agg(
                        sum("dep_delay").as("departure"),
                        col("destination").count().as("destinations"),
                        sum("seats").as("seats"),
                        sum("visib").as("visibility"));
    }

    private static DataFrame csv(Session q, Path folder, String name) {
        return q.read().nulls("NA").csv(folder.resolve(name).toString());
    }
}
