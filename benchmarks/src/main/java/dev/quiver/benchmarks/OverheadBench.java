package dev.quiver.benchmarks;

import static dev.quiver.dataframe.Functions.sum;

import com.sun.management.OperatingSystemMXBean;
import dev.quiver.benchmarks.Measurements.Run;
import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Table;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;

/// What a task costs: processor time of the whole process a task, and round trips.
final class OverheadBench {
    private static final int ROUND_TRIPS = 2_000;
    private static final int WARM_UPS = 20;

    /// A row of the small table.
    record Pair(int key, long value) {}

    private final Measurements measurements = new Measurements("overhead");
    private final BenchOptions options;

    private OverheadBench(BenchOptions options) {
        this.options = options;
    }

    static void run(BenchOptions options) {
        new OverheadBench(options).run();
    }

    private void run() {
        System.out.printf(
                "%nCost of a task, median of %d rounds after %d warm-ups, %d slots%n%n",
                options.rounds() - options.warmUps(), options.warmUps(), options.slots());
        System.out.printf("%-14s %10s %14s %14s%n", "case", "tasks", "cpu us/task", "wall us/task");
        try (Session q = Quiver.local(Options.defaults().slots(options.slots()).quiet())) {
            warmUp(q);
            for (int tasks : new int[] {10_000, 50_000}) {
                measure("submit", tasks, () -> TaskWork.submit(q, tasks));
                measure("map", tasks, () -> TaskWork.map(q, tasks));
            }
            measure("graph", TaskWork.GRAPH_TASKS, () -> TaskWork.graph(q));
            measure("submit", 1_000_000, () -> TaskWork.submit(q, 1_000_000));
            roundTrips(q);
        }
        for (String peer : options.against()) peer(peer);
        options.out().ifPresent(measurements::write);
    }

    /// Long enough for the JIT to be done with all cases before the first is measured.
    private static void warmUp(Session q) {
        for (int i = 0; i < WARM_UPS; i++) {
            TaskWork.submit(q, 50_000);
            TaskWork.map(q, 50_000);
            TaskWork.graph(q);
        }
    }

    private void measure(String name, int tasks, Runnable work) {
        var processor = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        for (int round = 0; round < options.rounds(); round++) {
            long cpu = processor.getProcessCpuTime();
            long wall = System.nanoTime();
            work.run();
            double wallMicros = (System.nanoTime() - wall) / 1e3 / tasks;
            double cpuMicros = (processor.getProcessCpuTime() - cpu) / 1e3 / tasks;
            add(name + "_cpu_" + tasks, round, cpuMicros);
            add(name + "_wall_" + tasks, round, wallMicros);
        }
        System.out.printf(
                "%-14s %10d %14.2f %14.2f%n",
                name,
                tasks,
                measurements.median(name + "_cpu_" + tasks, Contest.QUIVER, options.warmUps()),
                measurements.median(name + "_wall_" + tasks, Contest.QUIVER, options.warmUps()));
    }

    private void add(String question, int round, double micros) {
        measurements.add(new Run(question, Contest.QUIVER, Versions.QUIVER, round, micros, "us"));
    }

    private void roundTrips(Session q) {
        System.out.printf("%n%-34s %10s%n", "round trip, p50", "us");
        roundTrip("submit().result()", () -> q.submit(() -> 1).result());
        var rows = new ArrayList<Pair>();
        for (int i = 0; i < 10_000; i++) rows.add(new Pair(i % 10, i));
        DataFrame small = q.of(Pair.class, rows).persist();
        roundTrip("collect() of a 10-row group-by", () -> collect(small));
        small.release();
    }

    private static void collect(DataFrame small) {
        try (Table table = small.groupBy("key").agg(sum("value")).collect()) {
            if (table.rowCount() != 10) throw new IllegalStateException("not 10 groups");
        }
    }

    private void roundTrip(String name, Runnable work) {
        var micros = new double[ROUND_TRIPS];
        for (int i = 0; i < 2 * ROUND_TRIPS; i++) {
            long begin = System.nanoTime();
            work.run();
            micros[i % ROUND_TRIPS] = (System.nanoTime() - begin) / 1e3;
        }
        Arrays.sort(micros);
        double median = micros[ROUND_TRIPS / 2];
        add("p50 " + name, options.warmUps(), median);
        System.out.printf("%-34s %10.1f%n", name, median);
    }

    private void peer(String name) {
        if (!name.equals("dask")) return;
        System.out.printf("%n%-34s %14s %14s%n", "dask.distributed", "cpu us/task", "wall us/task");
        for (Map<String, String> line : Peer.run("overhead.py", "10000", "3")) {
            double cpu = Double.parseDouble(line.getOrDefault("cpu_us", "NaN"));
            double wall = Double.parseDouble(line.getOrDefault("wall_us", "NaN"));
            String question = line.get("case") + "_cpu_" + line.get("tasks");
            measurements.add(
                    new Run(question, "dask", line.getOrDefault("version", "?"), 0, cpu, "us"));
            System.out.printf(
                    "%-34s %14.1f %14.1f%n", line.get("case") + " " + line.get("tasks"), cpu, wall);
        }
    }
}
