package dev.quiver.benchmarks;

import dev.quiver.benchmarks.ClusterProcesses.Cpu;
import dev.quiver.benchmarks.Measurements.Run;
import dev.quiver.client.Session;
import java.util.Arrays;

/// What a task costs in a cluster of processes: processor time of client, scheduler and workers a
/// task, wall time, and round trips. No case has more tasks than a table would have rows.
final class ClusterBench {
    private static final int WORKERS = 2;
    private static final String WORKER_MEMORY = "3GB";
    private static final int WARM_UPS = 40;
    private static final int WARM_UP_TASKS = 50_000;
    private static final int ROUND_TRIPS = 2_000;

    private final Measurements measurements = new Measurements("cluster");
    private final BenchOptions options;

    private ClusterBench(BenchOptions options) {
        this.options = options;
    }

    static void run(BenchOptions options) {
        new ClusterBench(options).run();
    }

    private void run() {
        try (var cluster =
                new ClusterProcesses(options.data().resolve("cluster"), WORKERS, WORKER_MEMORY)) {
            Session q = cluster.session();
            for (int i = 0; i < WARM_UPS; i++) {
                TaskWork.map(q, WARM_UP_TASKS);
                TaskWork.graph(q);
            }
            head();
            for (int tasks : new int[] {10_000, 100_000, 1_000_000})
                if (tasks <= options.rows())
                    measure(cluster, "map", tasks, () -> TaskWork.map(q, tasks));
            measure(cluster, "submit", 10_000, () -> TaskWork.submit(q, 10_000));
            measure(cluster, "graph", TaskWork.GRAPH_TASKS, () -> TaskWork.graph(q));
            roundTrips(q);
            options.out().ifPresent(measurements::write);
            ClusterContest.run(options, cluster);
        }
    }

    private void head() {
        System.out.printf(
                "%nCost of a task, median of %d rounds after %d warm-ups, %d workers of 1 slot%n%n",
                options.rounds() - options.warmUps(), options.warmUps(), WORKERS);
        System.out.printf(
                "%-8s %9s %12s %12s %8s %10s %8s%n",
                "case", "tasks", "wall us/task", "cpu us/task", "client", "scheduler", "workers");
    }

    private void measure(ClusterProcesses cluster, String name, int tasks, Runnable work) {
        for (int round = 0; round < options.rounds(); round++) {
            Cpu before = cluster.cpu();
            long begin = System.nanoTime();
            work.run();
            double wall = (System.nanoTime() - begin) / 1e9;
            Cpu used = cluster.cpu().since(before);
            add(question(name, "wall", tasks), round, wall / tasks);
            add(question(name, "cpu", tasks), round, used.total() / tasks);
            add(question(name, "cpu_client", tasks), round, used.client() / tasks);
            add(question(name, "cpu_scheduler", tasks), round, used.scheduler() / tasks);
            add(question(name, "cpu_workers", tasks), round, used.workers() / tasks);
        }
        System.out.printf(
                "%-8s %9d %12.2f %12.2f %8.2f %10.2f %8.2f%n",
                name,
                tasks,
                median(question(name, "wall", tasks)),
                median(question(name, "cpu", tasks)),
                median(question(name, "cpu_client", tasks)),
                median(question(name, "cpu_scheduler", tasks)),
                median(question(name, "cpu_workers", tasks)));
    }

    private static String question(String name, String what, int tasks) {
        return "%s_%s_%d".formatted(name, what, tasks);
    }

    private double median(String question) {
        return measurements.median(question, Contest.QUIVER, options.warmUps());
    }

    private void add(String question, int round, double seconds) {
        measurements.add(
                new Run(question, Contest.QUIVER, Versions.QUIVER, round, seconds * 1e6, "us"));
    }

    private void roundTrips(Session q) {
        var seconds = new double[ROUND_TRIPS];
        for (int i = 0; i < 2 * ROUND_TRIPS; i++) {
            int number = i;
            long begin = System.nanoTime();
            int answer = q.submit(() -> number + 1).result();
            seconds[i % ROUND_TRIPS] = (System.nanoTime() - begin) / 1e9;
            if (answer != number + 1) throw new IllegalStateException("task answers " + answer);
        }
        Arrays.sort(seconds);
        double median = seconds[ROUND_TRIPS / 2];
        double slow = seconds[ROUND_TRIPS * 99 / 100];
        add("p50 submit().result()", options.warmUps(), median);
        add("p99 submit().result()", options.warmUps(), slow);
        System.out.printf(
                "%nround trip of submit().result(): p50 %.0f us, p99 %.0f us%n",
                median * 1e6, slow * 1e6);
    }
}
