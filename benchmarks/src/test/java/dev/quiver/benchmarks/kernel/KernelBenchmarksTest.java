package dev.quiver.benchmarks.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.quiver.columnar.Hashing;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Answers before speed: each benchmark once, on few rows, against a naive loop. Closing a
/// benchmark fails when it left memory behind.
final class KernelBenchmarksTest {
    private static final int ROWS = 20_011;

    private static IntStream rows() {
        return IntStream.range(0, ROWS);
    }

    @ParameterizedTest
    @EnumSource
    void groups_have_the_results_of_a_naive_grouping(GroupByBenchmark.Keys keys) {
        for (GroupByBenchmark.Of of : GroupByBenchmark.Of.values()) {
            var benchmark = new GroupByBenchmark();
            benchmark.rows = ROWS;
            benchmark.keys = keys;
            benchmark.of = of;
            benchmark.setUp();

            double actual = benchmark.groupBy();

            benchmark.tearDown();
            assertThat(actual).as(keys + " " + of).isCloseTo(grouped(keys, of), within(1e-6));
        }
    }

    private static double grouped(GroupByBenchmark.Keys keys, GroupByBenchmark.Of of) {
        var groups = new HashMap<Object, double[]>();
        rows().forEach(row -> {
            Object key =
                    switch (keys) {
                        case INT, STRING -> RowValues.group(row, GroupByBenchmark.GROUPS_MANY, 0);
                        case CATEGORICAL -> RowValues.group(row, GroupByBenchmark.GROUPS_FEW, 0);
                        case TWO ->
                                List.of(
                                        RowValues.group(row, GroupByBenchmark.GROUPS_FEW, 0),
                                        RowValues.group(row, GroupByBenchmark.GROUPS_FEW, 1));
                    };
            double value = RowValues.number(row, 2);
            double[] state = groups.computeIfAbsent(key, _ -> new double[] {0, 0, 1e9});
            state[0] += value;
            state[1]++;
            state[2] = Math.min(state[2], value);
        });
        DoubleStream results =
                groups.values().stream()
                        .mapToDouble(state ->
                                switch (of) {
                                    case SUM -> state[0];
                                    case MEAN -> state[0] / state[1];
                                    case MIN -> state[2];
                                });
        return groups.size() + results.sum();
    }

    @ParameterizedTest
    @EnumSource
    void joins_find_each_match(JoinBenchmark.Key key) {
        var benchmark = new JoinBenchmark();
        benchmark.rows = ROWS;
        benchmark.key = key;
        benchmark.setUp();

        int built = benchmark.build();
        long actual = benchmark.probe();

        int numbers = benchmark.numbers();
        int buildRows = benchmark.buildRows();
        benchmark.tearDown();
        assertThat(built).isEqualTo(buildRows);
        assertThat(actual)
                .isEqualTo(
                        rows().map(row -> RowValues.group(row, numbers, 0))
                                .filter(number -> number < buildRows)
                                .asLongStream()
                                .sum());
    }

    @ParameterizedTest
    @EnumSource
    void rows_are_sorted_stably(SortBenchmark.Keys keys) {
        var benchmark = new SortBenchmark();
        benchmark.rows = ROWS;
        benchmark.keys = keys;
        benchmark.setUp();

        long order = benchmark.order();
        long run = benchmark.run();

        benchmark.tearDown();
        Comparator<Integer> comparison =
                switch (keys) {
                    case LONG -> Comparator.comparingLong(RowValues::sparse);
                    case DOUBLE -> Comparator.comparingDouble(RowValues::fraction);
                    case STRING -> comparing(SortBenchmark.TEXTS);
                    case TWO ->
                            comparing(SortBenchmark.GROUPS)
                                    .thenComparingDouble(RowValues::fraction);
                };
        List<Integer> sorted = rows().boxed().sorted(comparison).toList();
        long expected = rows().mapToLong(place -> (place + 1L) * sorted.get(place)).sum();
        assertThat(order).isEqualTo(expected);
        assertThat(run).isEqualTo(expected);
    }

    private static Comparator<Integer> comparing(int groups) {
        return Comparator.comparingInt(row -> RowValues.group(row, groups, 0));
    }

    @Test
    void conditions_and_arithmetic_have_the_values_of_java() {
        var benchmark = new ExpressionBenchmark();
        benchmark.rows = ROWS;
        benchmark.setUp();

        long less = benchmark.doubleLess();
        long equal = benchmark.dictionaryEqual();
        long both = benchmark.kleeneAnd();
        double kept = benchmark.filter();
        double product = benchmark.arithmetic();

        benchmark.tearDown();
        assertThat(less).isEqualTo(rows().filter(row -> RowValues.number(row, 0) < 25).count());
        assertThat(equal)
                .isEqualTo(
                        rows().filter(row ->
                                        RowValues.group(row, ExpressionBenchmark.TEXTS, 2) == 7)
                                .count());
        assertThat(both)
                .isEqualTo(
                        rows().filter(row ->
                                        RowValues.group(row, 2, 3) == 0
                                                && RowValues.group(row, 10, 4) > 0
                                                && RowValues.group(row, 3, 5) > 0
                                                && RowValues.group(row, 10, 6) > 0)
                                .count());
        assertThat(kept)
                .isEqualTo(
                        rows().filter(row -> RowValues.number(row, 0) < 25)
                                .mapToDouble(row -> RowValues.number(row, 1))
                                .sum());
        assertThat(product)
                .isCloseTo(
                        rows().mapToDouble(row ->
                                        RowValues.number(row, 0) * (1 - RowValues.number(row, 1))
                                                + 2)
                                .sum(),
                        within(1e-3));
    }

    @Test
    void moved_rows_are_the_rows_asked_for() {
        var benchmark = new MoveBenchmark();
        benchmark.rows = ROWS;
        benchmark.setUp();

        long taken = benchmark.take();
        long whole = benchmark.concat();
        long spread = benchmark.scatter();
        long hashes = benchmark.hashTexts();

        benchmark.tearDown();
        assertThat(taken)
                .isEqualTo(rows().mapToLong(row -> payload(RowValues.group(row, ROWS, 2))).sum());
        assertThat(whole).isEqualTo(rows().mapToLong(KernelBenchmarksTest::payload).sum());
        assertThat(spread)
                .isEqualTo(
                        rows().mapToLong(row ->
                                        RowValues.group(row, MoveBenchmark.BUCKETS, 3)
                                                * payload(row))
                                .sum());
        assertThat(hashes)
                .isEqualTo(
                        rows().mapToLong(row ->
                                        hash(
                                                RowValues.text(
                                                        RowValues.group(
                                                                row, MoveBenchmark.TEXTS, 1))))
                                .reduce(0, (a, b) -> a ^ b));
    }

    private static long payload(int row) {
        return row + (long) RowValues.group(row, MoveBenchmark.TEXTS, 0);
    }

    private static long hash(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.US_ASCII);
        byte[] padded = Arrays.copyOf(utf8, utf8.length + 8);
        return Hashing.bytes(MemorySegment.ofArray(padded), 0, utf8.length);
    }

    @ParameterizedTest
    @EnumSource
    void csv_files_are_read_whole(CsvBenchmark.Type type) {
        var benchmark = new CsvBenchmark();
        benchmark.rows = ROWS;
        benchmark.type = type;
        benchmark.setUp();

        double actual = benchmark.read();

        benchmark.tearDown();
        IntFunction<Double> value =
                row ->
                        IntStream.range(0, CsvBenchmark.COLUMNS)
                                .mapToDouble(column ->
                                        switch (type) {
                                            case INT ->
                                                    RowValues.group(
                                                            row, CsvBenchmark.NUMBERS, column);
                                            case DOUBLE -> RowValues.number(row, column);
                                            case STRING -> RowValues.text(0).length();
                                        })
                                .sum();
        assertThat(actual).isEqualTo(rows().mapToObj(value).collect(sum()));
    }

    private static java.util.stream.Collector<Double, ?, Double> sum() {
        return Collectors.summingDouble(Double::doubleValue);
    }

    @ParameterizedTest
    @EnumSource
    void parquet_files_are_read_whole(ParquetBenchmark.Encoding encoding) {
        var benchmark = new ParquetBenchmark();
        benchmark.rows = ROWS;
        benchmark.encoding = encoding;
        benchmark.setUp();

        long actual = benchmark.read();

        benchmark.tearDown();
        long expected =
                encoding == ParquetBenchmark.Encoding.DICTIONARY
                        ? rows().mapToLong(row ->
                                        RowValues.group(row, ParquetBenchmark.VALUES, 0)
                                                + RowValues.text(0).length())
                                .sum()
                        : rows().mapToLong(row -> 4L * row).sum();
        assertThat(actual).isEqualTo(expected);
    }
}
