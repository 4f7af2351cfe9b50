package dev.quiver.benchmarks;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.NearestName;
import dev.quiver.error.QuiverException;
import java.util.List;
import java.util.function.Consumer;

/// The benchmarks that `quiver bench` runs: whole queries through the user's API, with peers in the
/// same run if asked for; and parts of the machinery on their own.
public final class Bench {
    private static final List<String> NAMES =
            List.of(
                    "overhead",
                    "cluster",
                    "shuffle",
                    "groupby",
                    "join",
                    "sort",
                    "csv",
                    "files",
                    "lineitem",
                    "postgres",
                    "memory",
                    "gate",
                    "cancel",
                    "interrupt",
                    "dashboard",
                    "kernels",
                    "scheduler",
                    "scale");

    private Bench() {}

    /// Runs one benchmark.
    ///
    /// @param arguments its name, then options such as `--rows 1e7 --against polars,duckdb`; for
    ///   `kernels` and `scheduler` `[NAME] [--out FILE]`; for `scale` `[--tasks 1e7]` `[--workers
    ///   10,1000] [--graphs map,tree] [--out FILE]`
    /// @return the exit status
    /// @throws QuiverException for arguments that make no sense, and when a peer is missing or
    ///   answers differ
    public static int run(List<String> arguments) {
        if (arguments.isEmpty()) throw unknown("");
        Consumer<List<String>> benchmark =
                switch (arguments.getFirst()) {
                    case "overhead" -> contest(OverheadBench::run);
                    case "cluster" -> contest(ClusterBench::run);
                    case "shuffle" -> contest(ShuffleBench::run);
                    case "groupby" -> contest(GroupByBench::run);
                    case "join" -> contest(JoinBench::run);
                    case "sort" -> contest(SortBench::run);
                    case "csv" -> contest(CsvBench::run);
                    case "files" -> contest(FilesBench::run);
                    case "lineitem" -> contest(LineitemBench::run);
                    case "postgres" -> contest(PostgresBench::run);
                    case "memory" -> contest(MemoryBench::run);
                    case "gate" -> contest(GateBench::run);
                    case "cancel" -> Bench::cancel;
                    case "interrupt" -> Bench::interrupt;
                    case "dashboard" -> Bench::dashboard;
                    case "kernels" -> JmhBench::kernels;
                    case "scheduler" -> JmhBench::scheduler;
                    case "scale" -> ScaleBench::run;
                    default -> throw unknown(arguments.getFirst());
                };
        benchmark.accept(arguments.subList(1, arguments.size()));
        return 0;
    }

    private static Consumer<List<String>> contest(Consumer<BenchOptions> benchmark) {
        return arguments ->
                benchmark.accept(BenchOptions.parse(arguments, BenchOptions.defaults()));
    }

    private static void cancel(List<String> arguments) {
        CancelBench.run(BenchOptions.parse(arguments, BenchOptions.defaults().withRounds(55)));
    }

    private static void interrupt(List<String> arguments) {
        InterruptBench.run(BenchOptions.parse(arguments, BenchOptions.defaults().withRounds(55)));
    }

    private static void dashboard(List<String> arguments) {
        DashboardBench.run(BenchOptions.parse(arguments, BenchOptions.defaults().withRounds(17)));
    }

    private static QuiverException unknown(String name) {
        return new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                name.isEmpty() ? "which benchmark?" : "no benchmark '%s'".formatted(name),
                List.of("has: " + String.join(", ", NAMES)),
                NearestName.of(name, NAMES)
                        .map(nearest -> "did you mean '%s'?".formatted(nearest))
                        .orElse("name one, as in: quiver bench groupby --rows 1e6"));
    }
}
