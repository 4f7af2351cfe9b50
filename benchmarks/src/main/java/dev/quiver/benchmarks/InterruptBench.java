package dev.quiver.benchmarks;

import dev.quiver.benchmarks.Measurements.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How long it takes from *Interrupt the kernel* until slots and counted bytes are free again, in a
/// kernel that Jupyter has started: cells are interrupted at random moments while they work.
///
/// `free` ends with the last moment at which a slot was busy or more bytes were counted than before
/// the cell; `idle` when Jupyter hears that the cell has ended.
final class InterruptBench {
    private static final int SEED = 50;
    private static final double LIMIT_MILLIS = 100;

    private InterruptBench() {}

    static void run(BenchOptions options) {
        int tries = options.rounds() - options.warmUps();
        var measurements = new Measurements("interrupt");
        System.out.printf(
                "%nFrom an interrupt of the kernel to free slots and bytes, %d tries each, seed"
                        + " %d%n%n",
                tries, SEED);
        System.out.printf(
                "%-18s %10s %10s %10s %10s %10s %11s%n",
                "milliseconds", "p50", "p99", "max", "idle, p50", "idle, max", "bytes left");
        List<Map<String, String>> lines =
                Peer.run(
                        "interrupt.py",
                        Integer.toString(tries),
                        Integer.toString(options.warmUps()),
                        Integer.toString(SEED),
                        Peer.flights().toString());
        double worst = 0;
        for (Map.Entry<String, List<Map<String, String>>> kind : byKind(lines).entrySet()) {
            for (Map<String, String> line : kind.getValue()) add(measurements, line);
            List<Map<String, String>> measured =
                    kind.getValue().stream().filter(l -> round(l) >= options.warmUps()).toList();
            double[] free = sorted(measured, "free");
            double[] idle = sorted(measured, "idle");
            double[] bytes = sorted(measured, "bytes");
            worst = Math.max(worst, free[free.length - 1]);
            System.out.printf(
                    "%-18s %10.2f %10.2f %10.2f %10.2f %10.2f %,11.0f%n",
                    kind.getKey(),
                    Measurements.quantile(free, 0.5),
                    Measurements.quantile(free, 0.99),
                    free[free.length - 1],
                    Measurements.quantile(idle, 0.5),
                    idle[idle.length - 1],
                    bytes[bytes.length - 1]);
        }
        System.out.printf(
                "%nbelow %.0f ms in all tries: %s%n",
                LIMIT_MILLIS, worst < LIMIT_MILLIS ? "yes" : "no");
        options.out().ifPresent(measurements::write);
    }

    private static Map<String, List<Map<String, String>>> byKind(List<Map<String, String>> lines) {
        Map<String, List<Map<String, String>>> kinds = new LinkedHashMap<>();
        for (Map<String, String> line : lines)
            kinds.computeIfAbsent(word(line, "kind"), _ -> new ArrayList<>()).add(line);
        return kinds;
    }

    private static void add(Measurements measurements, Map<String, String> line) {
        String kind = word(line, "kind");
        add(measurements, kind, line, "free", "ms");
        add(measurements, kind + " (idle)", line, "idle", "ms");
        add(measurements, kind + " (bytes left)", line, "bytes", "bytes");
    }

    private static void add(
            Measurements measurements,
            String question,
            Map<String, String> line,
            String figure,
            String unit) {
        double value = Double.parseDouble(word(line, figure));
        measurements.add(
                new Run(question, Contest.QUIVER, Versions.QUIVER, round(line), value, unit));
    }

    private static int round(Map<String, String> line) {
        return Integer.parseInt(word(line, "round"));
    }

    private static double[] sorted(List<Map<String, String>> lines, String figure) {
        double[] values =
                lines.stream().mapToDouble(l -> Double.parseDouble(word(l, figure))).toArray();
        Arrays.sort(values);
        return values;
    }

    private static String word(Map<String, String> line, String name) {
        String word = line.get(name);
        if (word == null) throw new IllegalStateException("no %s in %s".formatted(name, line));
        return word;
    }
}
