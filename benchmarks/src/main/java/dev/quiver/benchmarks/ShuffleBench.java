package dev.quiver.benchmarks;

import static dev.quiver.dataframe.Functions.count;
import static dev.quiver.dataframe.Functions.sum;

import dev.quiver.benchmarks.Contest.Question;
import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Expr;
import dev.quiver.dataframe.How;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Two large tables that lie on two workers of one slot and are joined by a key: every row goes to
/// the worker that its key belongs to, which is the other one for half of them.
final class ShuffleBench {
    private static final int WORKERS = 2;
    private static final String WORKER_MEMORY = "4GB";
    private static final String QUESTION = "shuffle";

    private ShuffleBench() {}

    static void run(BenchOptions options) {
        double gigabytes = ShuffleRows.bytes(options.rows()) / 1e9;
        Path folder = tables(options);
        try (var cluster =
                        new ClusterProcesses(
                                options.data().resolve("shuffle"), WORKERS, WORKER_MEMORY);
                var contest =
                        new Contest(
                                "Shuffle of %.2f GB between two workers".formatted(gigabytes),
                                "shuffle",
                                "cluster.py",
                                options)) {
            contest.load(QUESTION, folder.toString());
            DataFrame left = read(cluster.session(), folder, "left");
            DataFrame right = read(cluster.session(), folder, "right");
            contest.run(Map.of(QUESTION, cluster.watched(question(left, right))));
            System.out.printf("%nQuiver: %.2f GB/s%n", gigabytes / contest.median(QUESTION) * 1e3);
        }
    }

    private static Path tables(BenchOptions options) {
        try (Session local = Quiver.local(Options.defaults().slots(options.slots()).quiet())) {
            return ShuffleRows.parquet(local, options.data(), options.rows());
        }
    }

    private static DataFrame read(Session q, Path folder, String table) {
        return q.read().parquet(folder.resolve(table + ".parquet").toString()).persist();
    }

    private static Question question(DataFrame left, DataFrame right) {
        var names = new ArrayList<String>();
        for (String table : ShuffleRows.TABLES) names.addAll(ShuffleRows.values(table));
        List<Expr> sums = names.stream().map(name -> sum(name).as(name)).toList();
        DataFrame joined =
                left.join(right, How.INNER, "key")
                        .agg(count().as("rows"), sums.toArray(Expr[]::new));
        names.add("rows");
        return () -> GroupByBench.ask(joined, names.toArray(String[]::new));
    }
}
