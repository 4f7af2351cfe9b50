package dev.quiver.benchmarks;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.NearestName;
import dev.quiver.error.QuiverException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What `quiver bench` was told.
///
/// @param rows of the table
/// @param rounds how often each question is asked of each engine, warm-up rounds included
/// @param warmUps rounds that medians leave out
/// @param slots threads, for Quiver and its peers alike
/// @param against peers that run beside Quiver
/// @param data folder of generated files, reused from run to run
/// @param out CSV file that the raw runs are added to
/// @param url of a database, as JDBC has them
record BenchOptions(
        int rows,
        int rounds,
        int warmUps,
        int slots,
        List<String> against,
        Path data,
        Optional<Path> out,
        Optional<String> url) {
    private static final List<String> NAMES =
            List.of(
                    "--rows",
                    "--rounds",
                    "--warm-ups",
                    "--slots",
                    "--against",
                    "--data",
                    "--out",
                    "--url");

    static BenchOptions defaults() {
        return new BenchOptions(
                10_000_000,
                10,
                5,
                Runtime.getRuntime().availableProcessors(),
                List.of(),
                Path.of(System.getProperty("java.io.tmpdir"), "quiver-bench"),
                Optional.empty(),
                Optional.empty());
    }

    BenchOptions withRounds(int count) {
        return new BenchOptions(rows, count, warmUps, slots, against, data, out, url);
    }

    /// Every question is asked once, and that counts.
    BenchOptions once() {
        return new BenchOptions(rows, 1, 0, slots, against, data, out, url);
    }

    /// @param defaults for what isn't said
    /// @throws QuiverException (ARGUMENT_INVALID) for an unknown option or a value that isn't one
    static BenchOptions parse(List<String> arguments, BenchOptions defaults) {
        BenchOptions options = defaults;
        for (int i = 0; i < arguments.size(); i += 2) {
            String name = arguments.get(i);
            if (!NAMES.contains(name)) throw unknown(name);
            if (i + 1 == arguments.size())
                throw invalid("%s needs a value".formatted(name), "write it behind the option");
            options = options.with(name, arguments.get(i + 1));
        }
        if (options.rounds <= options.warmUps)
            throw invalid(
                    "%d rounds with %d warm-ups leave nothing to measure"
                            .formatted(options.rounds, options.warmUps),
                    "give more --rounds or fewer --warm-ups");
        return options;
    }

    private BenchOptions with(String name, String value) {
        return switch (name) {
            case "--rows" ->
                    new BenchOptions(
                            number(name, value), rounds, warmUps, slots, against, data, out, url);
            case "--rounds" -> withRounds(number(name, value));
            case "--warm-ups" ->
                    new BenchOptions(
                            rows, rounds, number(name, value), slots, against, data, out, url);
            case "--slots" ->
                    new BenchOptions(
                            rows, rounds, warmUps, number(name, value), against, data, out, url);
            case "--against" ->
                    new BenchOptions(
                            rows,
                            rounds,
                            warmUps,
                            slots,
                            List.of(value.split(",", -1)),
                            data,
                            out,
                            url);
            case "--data" ->
                    new BenchOptions(
                            rows, rounds, warmUps, slots, against, Path.of(value), out, url);
            case "--url" ->
                    new BenchOptions(
                            rows, rounds, warmUps, slots, against, data, out, Optional.of(value));
            default ->
                    new BenchOptions(
                            rows,
                            rounds,
                            warmUps,
                            slots,
                            against,
                            data,
                            Optional.of(Path.of(value)),
                            url);
        };
    }

    private static int number(String name, String value) {
        try {
            return (int) Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw invalid(
                    "%s is not a number: '%s'".formatted(name, value), "write for example 1e7");
        }
    }

    private static QuiverException unknown(String name) {
        return invalid(
                "unknown option '%s'".formatted(name),
                NearestName.of(name, NAMES)
                        .map(nearest -> "did you mean '%s'?".formatted(nearest))
                        .orElse("the options are " + String.join(", ", NAMES)));
    }

    private static QuiverException invalid(String what, String fix) {
        return new QuiverException(ErrorCode.ARGUMENT_INVALID, what, List.of(), fix);
    }
}
