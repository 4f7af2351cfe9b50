package dev.quiver.io.parquet;

import dev.quiver.expression.Expression;
import dev.quiver.expression.Function;
import dev.quiver.operator.FolderValue;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Schema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Whether a row group can hold a row for which a condition is true, by its statistics alone.
///
/// Says no only where that is certain: what isn't understood, isn't known, or could be NaN (which
/// statistics leave out, and which is greater than every number) may match.
public final class RowGroupFilter {
    private RowGroupFilter() {}

    /// Says false only when no row can match.
    ///
    /// @param schema of the file; other columns than its own are not known
    /// @param group of a footer with that schema
    public static boolean mayMatch(Expression condition, Schema schema, ParquetFooter.Group group) {
        return switch (condition) {
            case Expression.Literal(var value, _) -> Boolean.TRUE.equals(value);
            case Expression.Column(var name) ->
                    mayCompare(Function.EQUAL, name, true, schema, group);
            case Expression.In(Expression.Column(var name), var values) -> {
                if (!schema.has(name)) yield true;
                for (Expression.Literal value : values)
                    if (mayCompare(Function.EQUAL, name, value.value(), schema, group)) yield true;
                yield false;
            }
            case Expression.Call call -> mayMatch(call, schema, group);
            case Expression.In _,
                    Expression.Cast _,
                    Expression.Case _,
                    Expression.Aggregate _,
                    Expression.UserCall _ ->
                    true;
        };
    }

    /// As above, of a file by its folders alone.
    ///
    /// @param rows of the file
    public static boolean mayMatch(Expression condition, List<FolderValue> folders, long rows) {
        KnownColumns known = KnownColumns.of(Schema.of(), folders, Schema.of());
        return mayMatch(
                condition,
                known.schema(),
                known.group(new ParquetFooter.Group(rows, 0, 0, List.of())));
    }

    private static boolean mayMatch(
            Expression.Call call, Schema schema, ParquetFooter.Group group) {
        return switch (call.function()) {
            case AND -> call.arguments().stream().allMatch(part -> mayMatch(part, schema, group));
            case OR -> call.arguments().stream().anyMatch(part -> mayMatch(part, schema, group));
            case IS_NULL -> mayBeNull(call, schema, group, true);
            case IS_NOT_NULL -> mayBeNull(call, schema, group, false);
            case EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL ->
                    mayCompare(call, schema, group);
            default -> true;
        };
    }

    private static boolean mayBeNull(
            Expression.Call call, Schema schema, ParquetFooter.Group group, boolean wanted) {
        if (!(call.arguments().getFirst() instanceof Expression.Column(var name))) return true;
        if (!schema.has(name)) return true;
        OptionalLong nulls = statistics(name, schema, group).nullCount();
        if (nulls.isEmpty()) return true;
        return nulls.getAsLong() != (wanted ? 0 : group.rows());
    }

    private static boolean mayCompare(
            Expression.Call call, Schema schema, ParquetFooter.Group group) {
        Expression left = call.arguments().get(0);
        Expression right = call.arguments().get(1);
        if (left instanceof Expression.Column(var name)
                && right instanceof Expression.Literal(var value, _))
            return mayCompare(call.function(), name, value, schema, group);
        if (right instanceof Expression.Column(var name)
                && left instanceof Expression.Literal(var value, _))
            return mayCompare(mirrored(call.function()), name, value, schema, group);
        return true;
    }

    private static Function mirrored(Function function) {
        return switch (function) {
            case LESS -> Function.GREATER;
            case LESS_EQUAL -> Function.GREATER_EQUAL;
            case GREATER -> Function.LESS;
            case GREATER_EQUAL -> Function.LESS_EQUAL;
            default -> function;
        };
    }

    private static boolean mayCompare(
            Function function,
            String name,
            @Nullable Object value,
            Schema schema,
            ParquetFooter.Group group) {
        if (value == null) return false;
        if (!schema.has(name)) return true;
        return mayCompare(
                function, statistics(name, schema, group), schema.type(name), value, group.rows());
    }

    private static boolean mayCompare(
            Function function,
            ColumnStatistics statistics,
            DataType type,
            Object value,
            long rows) {
        OptionalLong nulls = statistics.nullCount();
        if (nulls.isPresent() && nulls.getAsLong() == rows) return false;
        if (value instanceof Double number && number.isNaN()) return true;
        OptionalInt low =
                statistics.min().map(min -> compare(value, min)).orElse(OptionalInt.empty());
        // NaN isn't in the bounds and greater than all of them.
        OptionalInt high =
                statistics.max().map(max -> compare(value, max)).orElse(OptionalInt.empty());
        boolean mayBeNaN = type instanceof DataType.FloatingPoint;
        return switch (function) {
            case EQUAL -> !(isNegative(low) || isPositive(high));
            case LESS -> low.isEmpty() || low.getAsInt() > 0;
            case LESS_EQUAL -> low.isEmpty() || low.getAsInt() >= 0;
            case GREATER -> mayBeNaN || high.isEmpty() || high.getAsInt() < 0;
            case GREATER_EQUAL -> mayBeNaN || high.isEmpty() || high.getAsInt() <= 0;
            case NOT_EQUAL ->
                    mayBeNaN
                            || low.isEmpty()
                            || high.isEmpty()
                            || low.getAsInt() != 0
                            || high.getAsInt() != 0;
            default -> true;
        };
    }

    private static boolean isNegative(OptionalInt sign) {
        return sign.isPresent() && sign.getAsInt() < 0;
    }

    private static boolean isPositive(OptionalInt sign) {
        return sign.isPresent() && sign.getAsInt() > 0;
    }

    private static ColumnStatistics statistics(
            String name, Schema schema, ParquetFooter.Group group) {
        return schema.find(name).stream()
                .mapToObj(group.columns()::get)
                .findFirst()
                .orElse(ColumnStatistics.UNKNOWN);
    }

    /// The order of two values of one class; empty when there is none.
    private static OptionalInt compare(Object a, Object b) {
        return switch (a) {
            case Long x when b instanceof Long y -> OptionalInt.of(Long.compare(x, y));
            case Double x when b instanceof Double y -> OptionalInt.of(x < y ? -1 : x > y ? 1 : 0);
            case BigDecimal x when b instanceof BigDecimal y -> OptionalInt.of(x.compareTo(y));
            case BigInteger x when b instanceof BigInteger y -> OptionalInt.of(x.compareTo(y));
            case Boolean x when b instanceof Boolean y -> OptionalInt.of(x.compareTo(y));
            case LocalDate x when b instanceof LocalDate y -> OptionalInt.of(x.compareTo(y));
            case LocalDateTime x when b instanceof LocalDateTime y ->
                    OptionalInt.of(x.compareTo(y));
            case LocalTime x when b instanceof LocalTime y -> OptionalInt.of(x.compareTo(y));
            case Instant x when b instanceof Instant y -> OptionalInt.of(x.compareTo(y));
            case String x when b instanceof String y ->
                    OptionalInt.of(
                            Arrays.compareUnsigned(
                                    x.getBytes(StandardCharsets.UTF_8),
                                    y.getBytes(StandardCharsets.UTF_8)));
            default -> OptionalInt.empty();
        };
    }
}
