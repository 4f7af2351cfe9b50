package dev.quiver.columnar.kernel;

import dev.quiver.expression.AggregateFunction;
import dev.quiver.operator.NamedAggregate;
import dev.quiver.schema.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Grouping by the book: lists of Java values.
record AggregationTwin(
        List<DataType> keyTypes,
        List<DataType> inputTypes,
        List<NamedAggregate> aggregates,
        Map<Object, Group> groups) {
    record Group(List<@Nullable Object> keys, List<List<Object>> values) {}

    AggregationTwin(
            List<DataType> keyTypes, List<DataType> inputTypes, List<NamedAggregate> aggregates) {
        this(keyTypes, inputTypes, aggregates, new LinkedHashMap<>());
        if (keyTypes.isEmpty()) group(List.of());
    }

    static Object key(List<@Nullable Object> row, int keyCount) {
        List<@Nullable Object> key = new ArrayList<>();
        for (int k = 0; k < keyCount; k++) key.add(RandomColumns.comparable(row.get(k)));
        return key;
    }

    private Group group(List<@Nullable Object> keys) {
        return groups.computeIfAbsent(
                key(keys, keys.size()),
                _ -> {
                    List<List<Object>> values = new ArrayList<>();
                    for (var _ : aggregates) values.add(new ArrayList<>());
                    return new Group(keys, values);
                });
    }

    void update(
            List<List<@Nullable Object>> keys,
            List<List<@Nullable Object>> inputs,
            List<List<@Nullable Object>> filters,
            int rows) {
        for (int i = 0; i < rows; i++) {
            List<@Nullable Object> key = new ArrayList<>();
            for (var column : keys) key.add(column.get(i));
            Group group = group(key);
            for (int a = 0; a < aggregates.size(); a++) {
                boolean filtered = aggregates.get(a).aggregate().filter().isPresent();
                Object value = inputs.get(a).get(i);
                if (value == null || filtered && !Boolean.TRUE.equals(filters.get(a).get(i)))
                    continue;
                group.values().get(a).add(value);
            }
        }
    }

    List<List<@Nullable Object>> rows() {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (Group group : groups.values()) {
            List<@Nullable Object> row = new ArrayList<>(group.keys());
            for (int a = 0; a < aggregates.size(); a++)
                row.add(result(aggregates.get(a), inputTypes.get(a), group.values().get(a)));
            rows.add(row);
        }
        return rows;
    }

    private static @Nullable Object result(
            NamedAggregate aggregate, DataType type, List<Object> values) {
        int count = values.size();
        return switch (aggregate.aggregate().function()) {
            case COUNT -> (long) count;
            case COUNT_DISTINCT -> {
                var distinct = new HashSet<@Nullable Object>();
                for (Object value : values) distinct.add(RandomColumns.comparable(value));
                yield (long) distinct.size();
            }
            case SUM -> count == 0 ? null : sum(type, values);
            case MEAN -> count == 0 ? null : mean(type, values);
            case VARIANCE -> count < 2 ? null : variance(values);
            case STANDARD_DEVIATION -> count < 2 ? null : Math.sqrt(variance(values));
            case MIN -> extreme(type, values, 1);
            case MAX -> extreme(type, values, -1);
            case FIRST -> count == 0 ? null : values.getFirst();
            case LAST -> count == 0 ? null : values.getLast();
        };
    }

    private static Object sum(DataType type, List<Object> values) {
        if (type instanceof DataType.FloatingPoint)
            return values.stream().mapToDouble(v -> (Double) v).sum();
        if (type instanceof DataType.Decimal(_, var scale))
            return values.stream()
                    .map(v -> (BigDecimal) v)
                    .reduce(BigDecimal.ZERO.setScale(scale), BigDecimal::add);
        return values.stream().mapToLong(v -> (Long) v).sum();
    }

    private static double mean(DataType type, List<Object> values) {
        if (type instanceof DataType.FloatingPoint)
            return values.stream().mapToDouble(v -> (Double) v).sum() / values.size();
        BigDecimal sum = BigDecimal.ZERO;
        for (Object value : values) sum = sum.add(decimal(value));
        return sum.divide(BigDecimal.valueOf(values.size()), java.math.MathContext.DECIMAL128)
                .doubleValue();
    }

    private static BigDecimal decimal(Object value) {
        return switch (value) {
            case BigDecimal number -> number;
            case BigInteger number -> new BigDecimal(number);
            case Long number -> BigDecimal.valueOf(number);
            default -> throw new IllegalArgumentException(value.toString());
        };
    }

    /// Of the values as doubles; exact but for the last step.
    private static double variance(List<Object> values) {
        BigDecimal sum = BigDecimal.ZERO;
        BigDecimal squares = BigDecimal.ZERO;
        for (Object value : values) {
            double number = ((Number) value).doubleValue();
            if (!Double.isFinite(number)) return Double.NaN;
            BigDecimal exact = new BigDecimal(number);
            sum = sum.add(exact);
            squares = squares.add(exact.multiply(exact));
        }
        BigDecimal n = BigDecimal.valueOf(values.size());
        BigDecimal deviations = squares.multiply(n).subtract(sum.multiply(sum));
        return deviations
                .divide(n.multiply(n.subtract(BigDecimal.ONE)), java.math.MathContext.DECIMAL128)
                .doubleValue();
    }

    /// How far from the exact result one may be that was added up in doubles: deviations from a
    /// mean are known to a few of the last bits of the largest value, however small they are.
    ///
    /// @return for each of the [#rows] the doubts of its aggregates
    List<double[]> doubts() {
        var doubts = new ArrayList<double[]>();
        for (Group group : groups.values()) {
            var each = new double[aggregates.size()];
            for (int a = 0; a < each.length; a++)
                each[a] = doubt(aggregates.get(a).aggregate().function(), group.values().get(a));
            doubts.add(each);
        }
        return doubts;
    }

    private static double doubt(AggregateFunction function, List<Object> values) {
        boolean deviates =
                function == AggregateFunction.VARIANCE
                        || function == AggregateFunction.STANDARD_DEVIATION;
        if (!deviates || values.size() < 2) return 0;
        double largest = 0;
        for (Object value : values)
            largest = Math.max(largest, Math.abs(((Number) value).doubleValue()));
        if (!Double.isFinite(largest)) return 0;
        double step = 2 * Math.ulp(largest);
        if (function == AggregateFunction.STANDARD_DEVIATION) return step;
        return step * (2 * Math.sqrt(variance(values)) + step);
    }

    private static @Nullable Object extreme(DataType type, List<Object> values, int sign) {
        Object best = null;
        for (Object value : values)
            if (best == null || RandomColumns.compare(type, value, best) * sign < 0) best = value;
        return best;
    }
}
