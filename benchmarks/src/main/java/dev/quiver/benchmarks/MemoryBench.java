package dev.quiver.benchmarks;

import dev.quiver.benchmarks.Measurements.Run;
import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.Gate;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.pipeline.Load;
import dev.quiver.pipeline.Pipeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/// The anonymous memory of this process while the db-benchmark's CSV file, of any size, goes to one
/// Parquet file (`convert`) and through a pipeline with a gate (`pipeline`), under a budget of 256
/// MB. The JVM itself and what it compiles may take 300 MB more; a run that takes more than both
/// fails.
final class MemoryBench {
    private static final long BUDGET_BYTES = 256L << 20;
    private static final long OVER_BYTES = 300L << 20;

    private MemoryBench() {}

    static void run(BenchOptions options) {
        Path csv = DbBenchmarkRows.csv(options.data(), options.rows());
        Path folder = options.data().resolve("memory");
        var measurements = new Measurements("memory");
        System.out.printf(
                "%nmemory, %,d rows, %,d MB of CSV, a budget of %d MB%n%n",
                options.rows(), csv.toFile().length() >> 20, BUDGET_BYTES >> 20);
        remove(folder);
        try (Session q =
                Quiver.local(Options.defaults().slots(options.slots()).memory("256MB").quiet())) {
            measure("convert", measurements, options, () -> convert(q, csv, folder));
            measure("pipeline", measurements, options, () -> pipeline(q, csv, folder));
        } finally {
            remove(folder);
        }
        options.out().ifPresent(measurements::write);
    }

    private static void measure(
            String name, Measurements measurements, BenchOptions options, LongSupplier work) {
        var memory = new AnonymousMemory();
        long begin = System.nanoTime();
        long rows = memory.watch(work::getAsLong);
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf(
                "%-10s %,13d rows %7.1f s, peak anonymous memory %,d MB%n",
                name, rows, seconds, memory.peakBytes() >> 20);
        String engine = Contest.QUIVER;
        measurements.add(new Run(name, engine, Versions.QUIVER, 0, seconds, "s"));
        measurements.add(
                new Run(name + " MB", engine, Versions.QUIVER, 0, memory.peakBytes() / 1e6, "MB"));
        boolean within = memory.peakBytes() <= BUDGET_BYTES + OVER_BYTES;
        if (rows == options.rows() && within) return;
        throw new QuiverException(
                ErrorCode.INTERNAL,
                "%s: %,d of %,d rows with %,d MB at the peak"
                        .formatted(name, rows, options.rows(), memory.peakBytes() >> 20),
                List.of(
                        "expected: all rows, at most %d MB"
                                .formatted(BUDGET_BYTES + OVER_BYTES >> 20)),
                "find what grows with the rows");
    }

    private static long convert(Session q, Path csv, Path folder) {
        return q.read().csv(csv).write().parquet(folder.resolve("made.parquet").toString()).rows();
    }

    private static long pipeline(Session q, Path csv, Path folder) {
        return Pipeline.named("memory")
                .ledger(folder.resolve("ledger").toString())
                .extract(read -> read.csv(csv))
                .gate(Gate.rules().notNull("id1").range("v1", 1, 5))
                .load(Load.parquet(folder.resolve("made").toString()))
                .run(q)
                .rowsLoaded();
    }

    private static void remove(Path folder) {
        if (!Files.exists(folder)) return;
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
