package dev.quiver.benchmarks;

import dev.quiver.benchmarks.Measurements.Run;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/// The benchmarks that JMH runs: kernels, and the decisions of scheduler and worker. Each gets a
/// JVM of its own and few, short iterations: enough to see a change of a tenth on a quiet machine.
final class JmhBench {
    private static final int WARM_UPS = 2;
    private static final int ITERATIONS = 3;

    /// A family of benchmarks.
    ///
    /// @param prefix of the names of its classes
    /// @param size the parameter that says how many things an operation goes through
    private record Family(String name, String prefix, String size, String unit) {}

    private static final Family KERNELS =
            new Family("kernels", "dev.quiver.benchmarks.kernel.", "rows", "ns/row");
    private static final Family SCHEDULER =
            new Family("scheduler", "dev.quiver.benchmarks.scheduler.", "tasks", "ns/task");

    private JmhBench() {}

    /// @param arguments `[NAME] [--out FILE]`, where NAME is a part of the benchmarks' names
    static void kernels(List<String> arguments) {
        run(KERNELS, arguments);
    }

    /// @param arguments as of [#kernels]
    static void scheduler(List<String> arguments) {
        run(SCHEDULER, arguments);
    }

    private static void run(Family family, List<String> arguments) {
        String name = "";
        Optional<Path> out = Optional.empty();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("--out") && i + 1 < arguments.size())
                out = Optional.of(Path.of(arguments.get(++i)));
            else if (i == 0 && !argument.startsWith("-")) name = argument;
            else throw unknown(family, argument);
        }
        var measurements = new Measurements(family.name);
        Collection<RunResult> results = results(family, name);
        System.out.printf(
                "%n%-64s %10s%n", "median of %d, one thread".formatted(ITERATIONS), family.unit);
        for (RunResult result : results) add(family, result, measurements);
        out.ifPresent(measurements::write);
    }

    private static Collection<RunResult> results(Family family, String name) {
        ChainedOptionsBuilder options =
                new OptionsBuilder()
                        .include(pattern(family, name))
                        .mode(Mode.AverageTime)
                        .timeUnit(TimeUnit.NANOSECONDS)
                        .warmupIterations(WARM_UPS)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(ITERATIONS)
                        .measurementTime(TimeValue.seconds(1))
                        .forks(1);
        // Ten million tasks take minutes: they are for a run by JMH's own command.
        if (family.equals(SCHEDULER)) options.param("tasks", "10000", "1000000");
        try {
            return new Runner(options.build()).run();
        } catch (NoBenchmarksException e) {
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "no benchmark of %s is called '%s'".formatted(family.name, name),
                    List.of(),
                    "name a part of a class and its method, as in: quiver bench kernels Sort.order",
                    e);
        } catch (RunnerException e) {
            throw new QuiverException(
                    ErrorCode.INTERNAL,
                    "JMH stopped: %s".formatted(e.getMessage()),
                    List.of(),
                    "what went wrong stands above",
                    e);
        }
    }

    /// Of names as results have them: without the classes' last word.
    private static String pattern(Family family, String name) {
        return "(?i)^%s.*%s"
                .formatted(family.prefix.replace(".", "\\."), name.replace(".", "(Benchmark)?\\."));
    }

    private static void add(Family family, RunResult result, Measurements measurements) {
        BenchmarkParams params = result.getParams();
        double size = Double.parseDouble(params.getParam(family.size));
        String question = question(family, params);
        for (BenchmarkResult fork : result.getBenchmarkResults()) {
            int round = 0;
            for (IterationResult iteration : fork.getIterationResults()) {
                double nanos = iteration.getPrimaryResult().getScore() / size;
                measurements.add(
                        new Run(
                                question,
                                Contest.QUIVER,
                                Versions.QUIVER,
                                round++,
                                nanos,
                                family.unit));
            }
        }
        System.out.printf(
                "%-64s %10.2f%n", question, measurements.median(question, Contest.QUIVER, 0));
    }

    /// Such as `Sort.order keys=TWO rows=1000000`.
    private static String question(Family family, BenchmarkParams params) {
        var text = new StringBuilder();
        text.append(
                params.getBenchmark().substring(family.prefix.length()).replace("Benchmark", ""));
        for (String key : params.getParamsKeys())
            text.append(
                    String.format(
                            Locale.ROOT,
                            " %s=%s",
                            key,
                            params.getParam(key).toLowerCase(Locale.ROOT)));
        return text.toString();
    }

    private static QuiverException unknown(Family family, String argument) {
        return new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "unknown argument '%s'".formatted(argument),
                List.of(),
                "write: quiver bench %s [NAME] [--out FILE]".formatted(family.name));
    }
}
