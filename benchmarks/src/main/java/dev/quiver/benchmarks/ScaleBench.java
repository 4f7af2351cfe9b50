package dev.quiver.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.quiver.benchmarks.Measurements.Run;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.simulation.FleetJob;
import dev.quiver.simulation.FleetJob.Kind;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a task costs the scheduler as workers become many: its state over workers that are
/// imitated, in made-up time, where tasks take 10 ms and each report is an event of its own.
///
/// The processor's time is that of the whole process, garbage collection included, by the share of
/// the time that the scheduler took. Bytes are what is in use after a collection, the imitated
/// workers' part included: the most of after the submission, at half of the tasks, and at the end
/// before the release.
final class ScaleBench {
    private static final long TASK_NANOS = 10_000_000;
    private static final int WARM_UP_TASKS = 300_000;
    private static final int LOSSES = 10;

    private final Measurements measurements = new Measurements("scale");
    private int tasks = 1_000_000;
    private List<Integer> workers = List.of(1, 10, 100, 1_000);
    private List<Kind> kinds = List.of(Kind.values());
    private Optional<Path> out = Optional.empty();

    private ScaleBench() {}

    /// @param arguments `[--tasks N] [--workers N,…] [--graphs map,…] [--out FILE]`
    static void run(List<String> arguments) {
        var bench = new ScaleBench();
        for (int i = 0; i < arguments.size(); i += 2) {
            if (i + 1 == arguments.size()) throw wrong(arguments.get(i), null);
            bench.set(arguments.get(i), arguments.get(i + 1));
        }
        bench.run();
    }

    private void set(String name, String value) {
        try {
            switch (name) {
                case "--tasks" -> tasks = number(value);
                case "--workers" -> workers = list(value).map(ScaleBench::number).toList();
                case "--graphs" ->
                        kinds =
                                list(value)
                                        .map(k -> Kind.valueOf(k.toUpperCase(Locale.ROOT)))
                                        .toList();
                case "--out" -> out = Optional.of(Path.of(value));
                default -> throw wrong(name, null);
            }
        } catch (IllegalArgumentException e) {
            throw wrong(name + " " + value, e);
        }
    }

    private static Stream<String> list(String value) {
        return List.of(value.split(",", -1)).stream();
    }

    private static int number(String value) {
        return (int) Double.parseDouble(value);
    }

    private static QuiverException wrong(String argument, @Nullable Throwable cause) {
        return new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "'%s' makes no sense here".formatted(argument),
                List.of("graphs: map, tree, listed, shuffle"),
                "write: quiver bench scale [--tasks 1e7] [--workers 10,1000] [--graphs map,tree]"
                        + " [--out FILE]",
                cause);
    }

    private void run() {
        System.out.printf("%nThe scheduler's part of a task, %,d tasks%n%n", tasks);
        System.out.printf(
                "%-8s %8s %8s %12s %12s %14s%n",
                "graph", "workers", "lost", "cpu us/task", "bytes/task", "longer than ideal");
        for (Kind kind : kinds) {
            for (int count : workers) measure(kind, count, 0);
            int most = workers.getLast();
            if (most > LOSSES) measure(kind, most, LOSSES);
        }
        out.ifPresent(measurements::write);
    }

    private void measure(Kind kind, int count, int losses) {
        new FleetJob(kind, Math.min(tasks, WARM_UP_TASKS), count, losses, TASK_NANOS)
                .run(System::nanoTime, FleetJob.Gauge.NONE);
        var job = new FleetJob(kind, tasks, count, losses, TASK_NANOS);
        var gauge = new Heap();
        long cpu = cpuNanos();
        FleetJob.Result result = job.run(System::nanoTime, gauge);
        cpu = cpuNanos() - cpu - gauge.cpuNanos;
        double share = (double) result.schedulerNanos() / (result.wallNanos() - gauge.wallNanos);
        double micros = cpu * share / 1e3 / result.tasks();
        double bytes = result.bytesATaskMax();
        double ideal = (double) result.tasks() * TASK_NANOS / FleetJob.SLOTS / count;
        System.out.printf(
                "%-8s %8d %8d %12.2f %12.1f %14.2f%n",
                kind.name().toLowerCase(Locale.ROOT),
                count,
                losses,
                micros,
                bytes,
                result.madeUpNanos() / ideal);
        String question =
                "%s tasks=%d workers=%d lost=%d"
                        .formatted(kind.name().toLowerCase(Locale.ROOT), tasks, count, losses);
        add(question, micros, "us/task");
        add(question + " memory", bytes, "bytes/task");
    }

    private void add(String question, double value, String unit) {
        measurements.add(new Run(question, Contest.QUIVER, Versions.QUIVER, 0, value, unit));
    }

    private static long cpuNanos() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean process)
            return process.getProcessCpuTime();
        throw new IllegalStateException("this JVM doesn't tell its processor time");
    }

    /// The heap after a collection, and what looking at it has cost.
    private static final class Heap implements FleetJob.Gauge {
        private long cpuNanos;
        private long wallNanos;

        @Override
        public long usedBytes() {
            long cpu = cpuNanos();
            long wall = System.nanoTime();
            System.gc();
            long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            cpuNanos += cpuNanos() - cpu;
            wallNanos += System.nanoTime() - wall;
            return used;
        }
    }
}
