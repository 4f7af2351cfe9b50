package dev.quiver.dataframe;

import dev.quiver.dataframe.Clause.NamedClause;
import dev.quiver.dataframe.plan.CsvInput;
import dev.quiver.dataframe.plan.FilesInput;
import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.Origin;
import dev.quiver.dataframe.plan.ReadOptions;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TypeMismatch;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Function;
import dev.quiver.expression.Literals;
import dev.quiver.expression.Simplification;
import dev.quiver.expression.Traversal;
import dev.quiver.operator.FileFormat;
import dev.quiver.operator.GateRule;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A gate's rules bound to the columns of a frame.
final class GateBinding {
    private final LogicalPlan input;
    private final PlannedFrame frame;
    private final Instant now;
    private final List<LogicalPlan> references = new ArrayList<>();

    private GateBinding(LogicalPlan input, PlannedFrame frame, Instant now) {
        this.input = input;
        this.frame = frame;
        this.now = now;
    }

    /// @param rejects whether the bad rows come out, in place of the good ones
    static LogicalPlan of(PlannedFrame frame, Gate gate, boolean rejects) {
        LogicalPlan input = frame.plan();
        gate.privacy().check(input);
        for (NamedClause named : gate.clauses())
            if (named.clause() instanceof Clause.Type(var column, var type))
                input = typed(input, column, type);
        var binding = new GateBinding(input, frame, gate.now());
        var values = new ArrayList<GateRule>();
        var functions = new ArrayList<GateRule>();
        var unique = new ArrayList<GateRule>();
        for (NamedClause named : gate.clauses()) {
            if (named.clause() instanceof Clause.Type) continue;
            GateRule rule = binding.rule(named);
            switch (rule.test()) {
                case GateRule.Holds _, GateRule.Known _ -> values.add(rule);
                case GateRule.Agrees _ -> functions.add(rule);
                case GateRule.First _, GateRule.Unseen _ -> unique.add(rule);
            }
        }
        values.addAll(functions);
        values.addAll(unique);
        Optional<LogicalPlan.Gate.Kept> kept =
                rejects
                        ? Optional.empty()
                        : gate.quarantinePath()
                                .map(path -> new LogicalPlan.Gate.Kept(path, gate.limits()));
        if (kept.isEmpty()
                && !rejects
                && !gate.limits().equals(dev.quiver.operator.GateLimits.NONE))
            throw Gate.invalid(
                    "a gate that lets some bad rows pass by, but keeps them nowhere",
                    "say where: quarantine(\"out/bad/\")");
        List<String> hidden = gate.privacy().names(input);
        var bound =
                new LogicalPlan.Gate(
                        input, binding.references, values, kept, rejects, hidden, Origin.here());
        return rejects ? bound : gate.privacy().over(bound);
    }

    /// The rows whose keys nobody has loaded before.
    ///
    /// @param seen under which the worker holds the keys
    static LogicalPlan unseen(PlannedFrame frame, List<String> columns, String seen) {
        var binding = new GateBinding(frame.plan(), frame, Instant.EPOCH);
        for (String column : columns)
            Columns.refuseNested(binding.type(column), binding.column(column), "dropSeen");
        String names = String.join(", ", columns);
        var rule =
                new GateRule(
                        "unseen " + names,
                        names,
                        new GateRule.Unseen(columns.stream().map(binding::column).toList(), seen));
        return new LogicalPlan.Gate(
                frame.plan(),
                List.of(),
                List.of(rule),
                Optional.empty(),
                false,
                List.of(),
                Origin.here());
    }

    /// The plan with a column of that type: one of a CSV, JSON or XML file is read so, also where
    /// only its first rows are, any other must be so already.
    private static LogicalPlan typed(LogicalPlan plan, String column, DataType type) {
        Field field = plan.schema().field(plan.schema().indexOf(column, plan.place()));
        if (field.type().equals(type)) return plan;
        if (plan instanceof LogicalPlan.ScanCsv(var csv, var schema, var origin)) {
            var declared = new Field(column, type, true);
            var file =
                    new CsvInput(
                            csv.label(),
                            csv.files(),
                            csv.format(),
                            csv.schema().with(declared),
                            csv.partitionBytes());
            return new LogicalPlan.ScanCsv(file, schema.with(declared), origin);
        }
        if (plan instanceof LogicalPlan.ScanFiles(var files, var schema, var origin)
                && !(files.format() instanceof FileFormat.Arrow)) {
            var declared = new Field(column, type, true);
            var input =
                    new FilesInput(
                            files.label(),
                            files.files(),
                            files.format(),
                            files.schema().with(declared),
                            files.partitionBytes());
            return new LogicalPlan.ScanFiles(input, schema.with(declared), origin);
        }
        // The first rows are the same ones, however they are read.
        if (plan instanceof LogicalPlan.Limit(var rows, var count, var origin))
            return new LogicalPlan.Limit(typed(rows, column, type), count, origin);
        throw new TypeMismatch(
                "the gate asks for '%s' of %s, but it is %s".formatted(column, type, field.type()),
                List.of("in: " + plan.place()),
                "cast it before the gate: withColumn(\"%s\", col(\"%s\").cast(…))"
                        .formatted(column, column));
    }

    private GateRule rule(NamedClause named) {
        return switch (named.clause()) {
            case Clause.NotNull(var column) ->
                    holds(named, column, call(Function.IS_NOT_NULL, column(column)));
            case Clause.Range(var column, var min, var max) ->
                    holds(named, column, range(column, min, max));
            case Clause.Length(var column, var min, var max) ->
                    holds(named, column, length(column, min, max));
            case Clause.Matches(var column, var regex) ->
                    holds(
                            named,
                            column,
                            call(
                                    Function.MATCHES,
                                    column(column),
                                    literal("\\A(?:%s)\\z".formatted(regex))));
            case Clause.OneOf(var column, var values) -> {
                DataType type = type(column);
                List<Expression.Literal> literals =
                        values.stream().map(value -> literalOf(type, value)).toList();
                yield holds(named, column, new Expression.In(column(column), literals));
            }
            case Clause.Check(var condition) -> holds(named, about(condition), condition);
            case Clause.Fresh(var column, var within) ->
                    holds(
                            named,
                            column,
                            atLeast(column(column), moment(column, now.minus(within))));
            case Clause.Unique(var columns) -> {
                for (String column : columns) {
                    Columns.refuseNested(type(column), column(column), "a gate's unique");
                }
                yield new GateRule(
                        named.name(),
                        columns.size() == 1 ? columns.getFirst() : String.join(", ", columns),
                        new GateRule.First(columns.stream().map(this::column).toList(), ""));
            }
            case Clause.ForeignKey key -> foreignKey(named.name(), key);
            case Clause.Agrees(var type, var function) -> {
                var _ = RecordShape.of(type).reading(input.schema(), input.place());
                yield new GateRule(named.name(), "", new GateRule.Agrees(function, type));
            }
            case Clause.Type _ -> throw new IllegalStateException("types are declared, not tested");
        };
    }

    private GateRule holds(NamedClause named, String column, Expression condition) {
        Expression bound =
                Columns.condition(
                        input, new TreeExpr(condition), "gate rule '%s'".formatted(named.name()));
        return new GateRule(
                named.name(), column, new GateRule.Holds(Simplification.of(bound, input.schema())));
    }

    /// The one column that a condition reads; empty for several.
    private static String about(Expression condition) {
        var columns = Traversal.columns(condition);
        return columns.size() == 1 ? columns.iterator().next() : "";
    }

    private DataType type(String column) {
        return input.schema().field(input.schema().indexOf(column, input.place())).type();
    }

    private Expression column(String name) {
        var _ = input.schema().indexOf(name, input.place());
        return new Expression.Column(name);
    }

    private Expression range(String column, Optional<Object> min, Optional<Object> max) {
        DataType type = type(column);
        Optional<Expression> low =
                min.map(value -> atLeast(column(column), literalOf(type, value)));
        Optional<Expression> high =
                max.map(value -> atMost(column(column), literalOf(type, value)));
        if (low.isEmpty()) return high.orElseThrow();
        return high.map(bound -> and(low.get(), bound)).orElseGet(low::get);
    }

    /// Counts letters once where that is enough.
    private Expression length(String column, long min, long max) {
        Expression length = call(Function.LENGTH, column(column));
        if (min == max) return call(Function.EQUAL, length, literal(min));
        if (min == 0) return atMost(length, literal(max));
        return and(atLeast(length, literal(min)), atMost(length, literal(max)));
    }

    /// A value as a literal that the column can be compared with: texts, as YAML has them, become
    /// dates and numbers where the column holds such.
    private Expression.Literal literalOf(DataType type, Object value) {
        boolean text = value instanceof CharSequence;
        if (!text || DataType.isText(type)) return Literals.of(value);
        var cast = new Expression.Cast(literal(value), type);
        try {
            if (Simplification.of(cast, input.schema()) instanceof Expression.Literal literal)
                return literal;
        } catch (QuiverException e) {
            throw notOfType(type, value, e);
        }
        throw notOfType(type, value, null);
    }

    private static TypeMismatch notOfType(
            DataType type, Object value, @org.jspecify.annotations.Nullable QuiverException cause) {
        return new TypeMismatch(
                "the gate compares a column of %s with '%s'".formatted(type, value),
                List.of(),
                "write a value of the column's type",
                cause);
    }

    private Expression moment(String column, Instant moment) {
        return switch (type(column)) {
            case DataType.Date _ -> literal(moment.atZone(ZoneOffset.UTC).toLocalDate());
            case DataType.Timestamp(_, var zone) when zone.isPresent() -> literal(moment);
            case DataType.Timestamp _ -> literal(LocalDateTime.ofInstant(moment, ZoneOffset.UTC));
            case DataType other ->
                    throw new TypeMismatch(
                            "the gate's fresh(\"%s\", …) is about a column of %s"
                                    .formatted(column, other),
                            List.of("in: " + input.place()),
                            "name a column of dates or timestamps");
        };
    }

    private GateRule foreignKey(String name, Clause.ForeignKey key) {
        LogicalPlan other =
                key.frame()
                        .map(f -> frame.sameSession(f, "foreignKey").plan())
                        .orElseGet(() -> scan(key.file()));
        var pair = new Joining(input, other).keys(On.pair(key.column(), key.of()));
        references.add(other);
        return new GateRule(
                name,
                key.column(),
                new GateRule.Known(references.size() - 1, pair.leftKeys(), pair.rightKeys()));
    }

    private LogicalPlan scan(String file) {
        boolean parquet = file.endsWith(".parquet") || file.endsWith(".parquet/");
        List<String> paths = List.of(file);
        return parquet
                ? frame.runner().files().parquet(paths, ReadOptions.DEFAULT)
                : frame.runner().files().csv(paths, ReadOptions.DEFAULT);
    }

    private static Expression call(Function function, Expression... arguments) {
        return new Expression.Call(function, List.of(arguments));
    }

    private static Expression and(Expression a, Expression b) {
        return call(Function.AND, a, b);
    }

    private static Expression atLeast(Expression value, Expression bound) {
        return call(Function.GREATER_EQUAL, value, bound);
    }

    private static Expression atMost(Expression value, Expression bound) {
        return call(Function.LESS_EQUAL, value, bound);
    }

    private static Expression.Literal literal(Object value) {
        return Literals.of(value);
    }
}
