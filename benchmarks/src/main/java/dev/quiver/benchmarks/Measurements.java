package dev.quiver.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The raw runs of one benchmark, in the order in which they were made.
final class Measurements {
    /// One run.
    ///
    /// @param question such as `q1`
    /// @param value in `unit`
    record Run(
            String question, String engine, String version, int round, double value, String unit) {}

    /// What an engine answered: rows, and the sum of each result column.
    record Answer(long rows, Map<String, Double> sums) {
        private static final double TOLERANCE = 1e-9;

        boolean agreesWith(Answer other) {
            if (rows != other.rows || !sums.keySet().equals(other.sums.keySet())) return false;
            return sums.entrySet().stream()
                    .allMatch(e ->
                            near(e.getValue(), other.sums.getOrDefault(e.getKey(), Double.NaN)));
        }

        private static boolean near(double a, double b) {
            return Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b));
        }
    }

    private final String benchmark;
    private final List<Run> runs = new ArrayList<>();

    Measurements(String benchmark) {
        this.benchmark = benchmark;
    }

    void add(Run run) {
        runs.add(run);
    }

    /// The median of an engine's runs of a question, but for the first `warmUps` rounds.
    double median(String question, String engine, int warmUps) {
        double[] values =
                runs.stream()
                        .filter(r -> r.question.equals(question) && r.engine.equals(engine))
                        .filter(r -> r.round >= warmUps)
                        .mapToDouble(Run::value)
                        .sorted()
                        .toArray();
        return median(values);
    }

    /// NaN of none.
    static double median(double[] sorted) {
        if (sorted.length == 0) return Double.NaN;
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// The smallest value that is no less than a share of the values.
    static double quantile(double[] sorted, double share) {
        return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }

    /// Appends the runs to a CSV file, with what is known of the machine.
    void write(Path file) {
        var lines = new ArrayList<String>();
        if (!Files.exists(file))
            lines.add("time,benchmark,question,engine,version,round,value,unit,cores,java,machine");
        String time = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        String machine =
                "%s %s".formatted(System.getProperty("os.name"), System.getProperty("os.arch"));
        for (Run run : runs)
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "%s,%s,%s,%s,%s,%d,%.4f,%s,%d,%s,%s",
                            time,
                            benchmark,
                            run.question,
                            run.engine,
                            run.version,
                            run.round,
                            run.value,
                            run.unit,
                            Runtime.getRuntime().availableProcessors(),
                            System.getProperty("java.version"),
                            machine));
        try {
            if (file.getParent() != null) Files.createDirectories(file.getParent());
            Files.write(
                    file,
                    lines,
                    java.nio.file.StandardOpenOption.CREATE,
                    java.nio.file.StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
