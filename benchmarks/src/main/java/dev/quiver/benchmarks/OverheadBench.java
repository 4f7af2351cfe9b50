package dev.quiver.benchmarks;

import static dev.quiver.dataframe.Functions.sum;

import com.sun.management.OperatingSystemMXBean;
import dev.quiver.benchmarks.Measurements.Run;
import dev.quiver.client.Delayed;
import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.QFuture;
import dev.quiver.dataframe.Table;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// What a task costs: processor time of the whole process a task, and round trips.
final class OverheadBench {
    private static final int GRAPH_WIDTH = 100;
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
                measure("submit", tasks, () -> submitAll(q, tasks));
                measure("map", tasks, () -> mapAll(q, tasks));
            }
            measure("graph", GRAPH_WIDTH * GRAPH_WIDTH, () -> graph(q));
            measure("submit", 1_000_000, () -> submitAll(q, 1_000_000));
            roundTrips(q);
        }
        for (String peer : options.against()) peer(peer);
        options.out().ifPresent(measurements::write);
    }

    /// Long enough for the JIT to be done with all cases before the first is measured.
    private static void warmUp(Session q) {
        for (int i = 0; i < WARM_UPS; i++) {
            submitAll(q, 50_000);
            mapAll(q, 50_000);
            graph(q);
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

    private static void submitAll(Session q, int tasks) {
        var futures = new ArrayList<QFuture<Integer>>(tasks);
        for (int i = 0; i < tasks; i++) {
            int number = i;
            futures.add(q.submit(() -> number + 1));
        }
        check(q.gather(futures), tasks);
    }

    private static void mapAll(Session q, int tasks) {
        List<Integer> items = IntStream.range(0, tasks).boxed().toList();
        check(q.gather(q.map(x -> x + 1, items)), tasks);
    }

    private static void check(List<Integer> results, int tasks) {
        if (results.size() != tasks || results.get(tasks - 1) != tasks)
            throw new IllegalStateException("wrong results of %d tasks".formatted(tasks));
    }

    /// 100 layers of 100 tasks, each with two inputs of the layer before.
    private static void graph(Session q) {
        var layer = new ArrayList<Delayed<Long>>();
        for (int j = 0; j < GRAPH_WIDTH; j++) {
            long number = j + 1L;
            layer.add(q.delayed(() -> number));
        }
        for (int i = 1; i < GRAPH_WIDTH; i++) {
            var next = new ArrayList<Delayed<Long>>();
            for (int j = 0; j < GRAPH_WIDTH; j++)
                next.add(
                        layer.get(j)
                                .with(layer.get((j + 1) % GRAPH_WIDTH), (a, b) -> (a + b) % 1000));
            layer = next;
        }
        List<Long> results = Delayed.all(layer).compute();
        if (results.size() != GRAPH_WIDTH) throw new IllegalStateException("lost results");
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
