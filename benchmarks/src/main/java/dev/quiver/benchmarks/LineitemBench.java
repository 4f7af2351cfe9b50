package dev.quiver.benchmarks;

import static dev.quiver.dataframe.Functions.col;

import dev.quiver.benchmarks.Contest.Question;
import dev.quiver.benchmarks.Contest.Timed;
import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Table;
import dev.quiver.schema.DataType;
import java.nio.file.Path;
import java.util.LinkedHashMap;

/// TPC-H's lineitem as a Parquet file: six of its columns read into memory (`scan`), and all
/// sixteen written from memory to one file (`write`, snappy), whose size is told too.
final class LineitemBench {
    private LineitemBench() {}

    static void run(BenchOptions options) {
        try (Session q = Quiver.local(Options.defaults().slots(options.slots()).quiet());
                var contest = new Contest("lineitem, scale 1", "lineitem", options)) {
            Path parquet = Peer.lineitem(options.data());
            contest.load("lineitem", parquet.toString());
            DataFrame lines = q.read().parquet(parquet.toString()).persist();
            var questions = new LinkedHashMap<String, Question>();
            questions.put("scan", () -> scan(q, parquet));
            questions.put("write", () -> write(q, lines, options.data()));
            contest.run(questions);
            lines.release();
        }
    }

    private static Timed scan(Session q, Path parquet) {
        long begin = System.nanoTime();
        DataFrame six =
                q.read()
                        .parquet(parquet.toString())
                        .select(
                                "l_orderkey",
                                "l_quantity",
                                "l_extendedprice",
                                "l_discount",
                                "l_shipdate",
                                "l_shipmode");
        try (Table table = six.collect()) {
            double millis = FilesBench.millisSince(begin);
            return new Timed(GroupByBench.answer(table, "l_orderkey"), millis);
        }
    }

    private static Timed write(Session q, DataFrame lines, Path folder) {
        Path made = folder.resolve("lineitem-by-quiver.parquet");
        long begin = System.nanoTime();
        lines.write().overwrite().compression("snappy").parquet(made.toString());
        double millis = FilesBench.millisSince(begin);
        DataFrame written =
                q.read()
                        .parquet(made.toString())
                        .select(
                                col("l_orderkey"),
                                col("l_extendedprice").cast(DataType.FLOAT64).as("price"));
        return FilesBench.made(millis, made, written, "l_orderkey", "price");
    }
}
