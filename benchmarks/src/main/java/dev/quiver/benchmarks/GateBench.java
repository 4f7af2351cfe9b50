package dev.quiver.benchmarks;

import static dev.quiver.dataframe.Functions.count;

import com.sun.management.OperatingSystemMXBean;
import dev.quiver.benchmarks.Contest.Question;
import dev.quiver.benchmarks.Contest.Timed;
import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Gate;
import dev.quiver.dataframe.Table;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.stream.IntStream;

/// What gates cost over a scan of the db-benchmark's CSV file whose columns are all read (`scan`):
/// not-null, range, length and allowed values on five columns (`gate`), a foreign key (`gate_key`)
/// and uniqueness of two columns together over the whole file (`gate_unique`).
///
/// Times are of the processor, all threads together: what a gate adds is work, and other programs
/// on the machine don't blur it.
final class GateBench {
    private static final int GROUPS = 100;

    private GateBench() {}

    static void run(BenchOptions options) {
        Path csv = DbBenchmarkRows.csv(options.data(), options.rows());
        try (Session q = Quiver.local(Options.defaults().slots(options.slots()).quiet());
                var contest =
                        new Contest(
                                "Gates over CSV, %,d rows, %,d MB"
                                        .formatted(options.rows(), csv.toFile().length() >> 20),
                                "gate",
                                options)) {
            var questions = new LinkedHashMap<String, Question>();
            questions.put("scan", () -> counts(q.read().csv(csv)));
            questions.put("gate", () -> counts(q.read().csv(csv).gate(values())));
            DataFrame known =
                    q.of(
                            Known.class,
                            IntStream.rangeClosed(1, GROUPS).mapToObj(GateBench::known).toList());
            Gate key = Gate.rules().foreignKey("id1", known, "id");
            questions.put("gate_key", () -> counts(q.read().csv(csv).gate(key)));
            Gate unique = Gate.rules().unique("id6", "v3");
            questions.put("gate_unique", () -> rejects(q.read().csv(csv), unique));
            contest.run(questions);
        }
    }

    private static long cpuNanos() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean process)
            return process.getProcessCpuTime();
        throw new IllegalStateException("this JVM doesn't tell its processor time");
    }

    record Known(String id) {}

    private static Known known(int number) {
        return new Known("id%03d".formatted(number));
    }

    private static Gate values() {
        return Gate.rules()
                .notNull("id1")
                .oneOf(
                        "id1",
                        IntStream.rangeClosed(1, GROUPS).mapToObj("id%03d"::formatted).toList())
                .notNull("id3")
                .length("id3", 12, 12)
                .notNull("v1")
                .range("v1", 1, 5)
                .notNull("v2")
                .range("v2", 1, 15)
                .notNull("v3")
                .range("v3", 0, 100);
    }

    private static Timed counts(DataFrame rows) {
        long begin = cpuNanos();
        try (Table table =
                rows.agg(
                                count("id1").as("id1"),
                                count("id2").as("id2"),
                                count("id3").as("id3"),
                                count("id4").as("id4"),
                                count("id5").as("id5"),
                                count("id6").as("id6"),
                                count("v1").as("v1"),
                                count("v2").as("v2"),
                                count("v3").as("v3"))
                        .collect()) {
            double millis = (cpuNanos() - begin) / 1e6;
            return new Timed(GroupByBench.answer(table, "id1", "v3"), millis);
        }
    }

    private static Timed rejects(DataFrame rows, Gate gate) {
        long begin = cpuNanos();
        try (Table table = rows.rejects(gate).agg(count().as("rejects")).collect()) {
            double millis = (cpuNanos() - begin) / 1e6;
            return new Timed(GroupByBench.answer(table, "rejects"), millis);
        }
    }
}
