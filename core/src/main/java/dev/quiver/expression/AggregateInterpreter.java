package dev.quiver.expression;

import dev.quiver.error.QuiverException;
import dev.quiver.expression.Expression.Aggregate;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Schema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Computes an aggregate over rows: the definition that aggregation kernels are tested against.
/// General, not fast.
public final class AggregateInterpreter {
    private AggregateInterpreter() {}

    /// The aggregate of the rows that pass its filter, in order.
    ///
    /// @param bound to the schema by [Binder]
    /// @throws QuiverException when a row or the result has no value, such as an overflow
    public static @Nullable Object evaluate(
            Aggregate bound, Schema schema, List<Interpreter.Row> rows) {
        Optional<Interpreter> filter = bound.filter().map(f -> Interpreter.of(f, schema));
        List<Interpreter.Row> passing =
                rows.stream()
                        .filter(row ->
                                filter.isEmpty() || Boolean.TRUE.equals(filter.get().evaluate(row)))
                        .toList();
        if (bound.input().isEmpty()) return (long) passing.size();
        Expression input = bound.input().get();
        DataType type = Binder.bind(input, schema, "an aggregate").type();
        var interpreter = Interpreter.of(input, schema);
        var values = new ArrayList<Object>();
        for (Interpreter.Row row : passing) {
            Object value = interpreter.evaluate(row);
            if (value != null) values.add(value);
        }
        try {
            return of(bound.function(), values, type);
        } catch (EvaluationFailure failure) {
            throw failure.in(bound, List.of());
        }
    }

    /// @param values not null, of `type`
    private static @Nullable Object of(
            AggregateFunction function, List<Object> values, DataType type) {
        if (function == AggregateFunction.COUNT) return (long) values.size();
        if (function == AggregateFunction.COUNT_DISTINCT) {
            var distinct = new TreeSet<>(Ordering.of(type));
            distinct.addAll(values);
            return (long) distinct.size();
        }
        if (values.isEmpty()) return null;
        return switch (function) {
            case SUM -> sum(values, type);
            case MIN -> values.stream().min(Ordering.of(type)).orElseThrow();
            case MAX -> last(values, Ordering.of(type));
            case MEAN -> mean(values, type);
            case VARIANCE -> variance(values, type);
            case STANDARD_DEVIATION -> {
                Double variance = variance(values, type);
                yield variance == null ? null : Math.sqrt(variance);
            }
            case FIRST -> values.getFirst();
            case LAST -> values.getLast();
            case COUNT, COUNT_DISTINCT ->
                    throw new IllegalStateException("counted before: " + function);
        };
    }

    private static Object last(List<Object> values, Comparator<Object> order) {
        return values.stream().max(order).orElseThrow();
    }

    private static Object sum(List<Object> values, DataType type) {
        return switch (type) {
            case DataType.FloatingPoint _ -> floatingSum(values);
            case DataType.Decimal(_, int scale) ->
                    Casts.fit(
                            exactSum(values),
                            new DataType.Decimal(DataType.Decimal.PRECISION_MAX, scale));
            case DataType.Duration(var unit) -> {
                Duration total = Duration.ZERO;
                for (Object value : values) total = total.plus((Duration) value);
                Moments.count(total, unit);
                yield total;
            }
            default ->
                    Casts.whole(
                            exactSum(values).toBigIntegerExact(), (DataType.Int) DataType.INT64);
        };
    }

    private static double floatingSum(List<Object> values) {
        double total = 0;
        for (Object value : values) total += (Double) value;
        return total;
    }

    private static BigDecimal exactSum(List<Object> values) {
        BigDecimal total = BigDecimal.ZERO;
        for (Object value : values) total = total.add(exact(value));
        return total;
    }

    private static BigDecimal exact(Object value) {
        return switch (value) {
            case Long number -> BigDecimal.valueOf(number);
            case BigInteger number -> new BigDecimal(number);
            default -> (BigDecimal) value;
        };
    }

    /// The sum, exact where the values are, as float64, divided by the count.
    private static double mean(List<Object> values, DataType type) {
        double total =
                type instanceof DataType.FloatingPoint
                        ? floatingSum(values)
                        : exactSum(values).doubleValue();
        return total / values.size();
    }

    private static @Nullable Double variance(List<Object> values, DataType type) {
        if (values.size() < 2) return null;
        double mean = mean(values, type);
        double squares = 0;
        for (Object value : values) {
            double distance = ((Number) value).doubleValue() - mean;
            squares += distance * distance;
        }
        return squares / (values.size() - 1);
    }
}
