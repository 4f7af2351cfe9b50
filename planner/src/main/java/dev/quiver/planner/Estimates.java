package dev.quiver.planner;

import dev.quiver.dataframe.plan.InputFile;
import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.ParquetInput;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Named;
import dev.quiver.schema.DataType;
import java.util.IdentityHashMap;
import java.util.List;

/// Rows and bytes that steps of plans are expected to give. Remembers what it was asked; for one
/// planning in one thread.
public final class Estimates {
    private static final double EQUAL = 0.1;
    private static final double RANGE = 0.35;
    private static final double OTHER = 0.5;
    private static final double GROUPS_PER_ROW = 0.1;

    private final SourceCatalog catalog;
    private final IdentityHashMap<LogicalPlan, Estimate> known = new IdentityHashMap<>();

    public Estimates(SourceCatalog catalog) {
        this.catalog = catalog;
    }

    SourceCatalog catalog() {
        return catalog;
    }

    public Estimate of(LogicalPlan plan) {
        Estimate before = known.get(plan);
        if (before != null) return before;
        Estimate estimate = compute(plan);
        known.put(plan, estimate);
        return estimate;
    }

    private Estimate compute(LogicalPlan plan) {
        double width = Widths.ofRow(plan.schema());
        return switch (plan) {
            case LogicalPlan.ScanCsv scan ->
                    Estimate.of(
                            scan.input().files().stream().mapToLong(InputFile::rows).sum(),
                            width,
                            false);
            case LogicalPlan.ScanFiles scan ->
                    Estimate.of(
                            scan.input().files().stream().mapToLong(InputFile::rows).sum(),
                            width,
                            false);
            case LogicalPlan.ScanParquet scan -> Estimate.of(groupRows(scan), width, true);
            case LogicalPlan.ScanTable scan -> Estimate.of(scan.input().rows(), width, false);
            case LogicalPlan.Held held -> held(held, width);
            case LogicalPlan.Filter(var input, var condition, _) ->
                    Estimate.about(rows(input) * selectivity(condition), width);
            case LogicalPlan.Project(var input, _, _, _) ->
                    Estimate.of(of(input).rows(), width, of(input).exact());
            case LogicalPlan.Aggregate(var input, var keys, _, _, _) ->
                    keys.isEmpty()
                            ? Estimate.of(1, width, true)
                            : Estimate.about(groups(rows(input), keys, input), width);
            case LogicalPlan.Expand(var input, var rows, _, _) ->
                    Estimate.of(of(input).rows() * rows.size(), width, of(input).exact());
            case LogicalPlan.Join join -> Estimate.about(joined(join), width);
            case LogicalPlan.Sort(var input, _, _) ->
                    Estimate.of(of(input).rows(), width, of(input).exact());
            case LogicalPlan.TopK(var input, _, var rows, _) ->
                    Estimate.of(Math.min(rows, of(input).rows()), width, of(input).exact());
            case LogicalPlan.Limit(var input, var rows, _) ->
                    Estimate.of(Math.min(rows, of(input).rows()), width, of(input).exact());
            case LogicalPlan.Distinct(var input, _) ->
                    Estimate.about(rows(input) * GROUPS_PER_ROW, width);
            case LogicalPlan.Union(var inputs, _, _) -> union(inputs, width);
            case LogicalPlan.Gate gate ->
                    Estimate.about(rows(gate.input()) * (gate.rejects() ? EQUAL : 1), width);
            case LogicalPlan.MapBatches map -> Estimate.about(rows(map.input()), width);
            case LogicalPlan.MapRecords map ->
                    Estimate.about(
                            rows(map.input()) * (map.output() == Boolean.class ? OTHER : 1), width);
        };
    }

    private double rows(LogicalPlan plan) {
        return (double) of(plan).rows();
    }

    private static long groupRows(LogicalPlan.ScanParquet scan) {
        long rows = 0;
        for (ParquetInput.ParquetFile file : scan.input().files()) {
            for (ParquetInput.RowGroup group : file.groups()) rows += group.rows();
        }
        return rows;
    }

    private Estimate held(LogicalPlan.Held held, double width) {
        SourceCatalog.HeldChunks chunks = catalog.held(held.id());
        long bytes = chunks.bytes();
        return new Estimate(
                chunks.rows(),
                bytes > 0 ? bytes : Estimate.of(chunks.rows(), width, true).bytes(),
                true);
    }

    private Estimate union(List<LogicalPlan> inputs, double width) {
        long rows = 0;
        boolean exact = true;
        for (LogicalPlan input : inputs) {
            rows += of(input).rows();
            exact &= of(input).exact();
        }
        return Estimate.of(rows, width, exact);
    }

    private double joined(LogicalPlan.Join join) {
        double left = rows(join.left());
        double right = rows(join.right());
        return switch (join.kind()) {
            case INNER -> Math.max(left, right) * filtered(smaller(join));
            case LEFT -> left;
            case SEMI, ANTI -> left * OTHER;
        };
    }

    private LogicalPlan smaller(LogicalPlan.Join join) {
        return of(join.left()).rows() < of(join.right()).rows() ? join.left() : join.right();
    }

    /// Which part of its rows a side still has: a join with a filtered side keeps about that part.
    private double filtered(LogicalPlan side) {
        return switch (side) {
            case LogicalPlan.Filter(var input, var condition, _) ->
                    selectivity(condition) * filtered(input);
            case LogicalPlan.Project(var input, _, _, _) -> filtered(input);
            default -> 1;
        };
    }

    /// How many groups rows make: each key multiplies the values it may have.
    private static double groups(double rows, List<Named> keys, LogicalPlan plan) {
        double bound = 1;
        for (Named key : keys) bound *= values(key.expression(), rows, plan);
        return Math.min(bound, rows);
    }

    private static double values(Expression key, double rows, LogicalPlan plan) {
        return switch (key) {
            case Expression.Call(var function, _) ->
                    switch (function) {
                        case MONTH -> 12;
                        case QUARTER -> 4;
                        case DAY -> 31;
                        case DAY_OF_WEEK -> 7;
                        case WEEK -> 53;
                        case DAY_OF_YEAR -> 366;
                        case HOUR -> 24;
                        case MINUTE, SECOND -> 60;
                        case EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL -> 3;
                        case IS_NULL, IS_NOT_NULL, AND, OR, NOT -> 3;
                        default -> Math.max(1, rows * GROUPS_PER_ROW);
                    };
            case Expression.Column(var name)
                    when plan.schema().type(name) instanceof DataType.Bool ->
                    3;
            case Expression.Literal _ -> 1;
            default -> Math.max(1, rows * GROUPS_PER_ROW);
        };
    }

    /// Which part of the rows fulfils a condition.
    static double selectivity(Expression condition) {
        return switch (condition) {
            case Expression.Literal(var value, _) -> Boolean.TRUE.equals(value) ? 1 : 0;
            case Expression.In(_, var values) -> Math.min(0.9, EQUAL * values.size());
            case Expression.Call(var function, var arguments) ->
                    switch (function) {
                        case AND -> selectivity(arguments.get(0)) * selectivity(arguments.get(1));
                        case OR ->
                                Math.min(
                                        1,
                                        selectivity(arguments.get(0))
                                                + selectivity(arguments.get(1)));
                        case NOT -> 1 - selectivity(arguments.getFirst());
                        case EQUAL, IS_NULL, IS_NAN, STARTS_WITH, ENDS_WITH, CONTAINS, MATCHES ->
                                EQUAL;
                        case NOT_EQUAL, IS_NOT_NULL -> 1 - EQUAL;
                        case LESS, LESS_EQUAL, GREATER, GREATER_EQUAL -> RANGE;
                        default -> OTHER;
                    };
            default -> OTHER;
        };
    }
}
