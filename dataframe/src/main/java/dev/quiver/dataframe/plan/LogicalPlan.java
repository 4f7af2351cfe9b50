package dev.quiver.dataframe.plan;

import dev.quiver.expression.Expression;
import dev.quiver.expression.ExpressionPrinter;
import dev.quiver.expression.Named;
import dev.quiver.operator.GateLimits;
import dev.quiver.operator.GateRule;
import dev.quiver.operator.JoinKind;
import dev.quiver.operator.NamedAggregate;
import dev.quiver.operator.OrderBy;
import dev.quiver.operator.Quarantine;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

/// What a query means. Every expression is bound to the schema of the input it reads (see
/// `Binder`), so a plan that exists makes sense.
public sealed interface LogicalPlan {
    /// How many columns a label shows.
    int COLUMNS_SHOWN_MAX = 8;

    Schema schema();

    RowOrder order();

    /// What it reads, left before right.
    List<LogicalPlan> inputs();

    /// The same step over other inputs, which must have the columns that it uses.
    LogicalPlan withInputs(List<LogicalPlan> inputs);

    /// The line of the user's program that asked for it.
    Origin origin();

    /// One line that says what it is, such as `Scan[flights.csv]`.
    String label();

    /// Where a column of this plan is looked up, for an error: the label of the step that made the
    /// columns.
    default String place() {
        return switch (this) {
            case Filter filter -> filter.input().place();
            case Sort sort -> sort.input().place();
            case TopK top -> top.input().place();
            case Limit limit -> limit.input().place();
            case Distinct distinct -> distinct.input().place();
            case Gate gate -> gate.rejects() ? gate.label() : gate.input().place();
            case ScanCsv _,
                    ScanFiles _,
                    ScanParquet _,
                    ScanTable _,
                    Held _,
                    Project _,
                    Aggregate _,
                    Expand _,
                    Join _,
                    Union _,
                    MapRecords _,
                    MapBatches _ ->
                    label();
        };
    }

    /// A step without inputs.
    sealed interface Leaf extends LogicalPlan
            permits ScanCsv, ScanFiles, ScanParquet, ScanTable, Held {
        @Override
        default List<LogicalPlan> inputs() {
            return List.of();
        }

        @Override
        default LogicalPlan withInputs(List<LogicalPlan> inputs) {
            return this;
        }

        @Override
        default RowOrder order() {
            return RowOrder.SOURCE;
        }
    }

    /// A step with one input.
    sealed interface Unary extends LogicalPlan
            permits Filter,
                    Project,
                    Aggregate,
                    Expand,
                    Sort,
                    TopK,
                    Limit,
                    Distinct,
                    MapRecords,
                    MapBatches {
        LogicalPlan input();

        /// The same step over another input.
        LogicalPlan withInput(LogicalPlan input);

        @Override
        default List<LogicalPlan> inputs() {
            return List.of(input());
        }

        @Override
        default LogicalPlan withInputs(List<LogicalPlan> inputs) {
            return withInput(inputs.getFirst());
        }
    }

    /// Rows of CSV files.
    ///
    /// @param schema the columns that are read, in this order
    record ScanCsv(CsvInput input, Schema schema, Origin origin) implements Leaf {
        @Override
        public String label() {
            return "Scan[" + input.label() + "]";
        }
    }

    /// Rows of files of other formats.
    ///
    /// @param schema the columns that are read, in this order
    record ScanFiles(FilesInput input, Schema schema, Origin origin) implements Leaf {
        @Override
        public String label() {
            return "Scan[" + input.label() + "]";
        }
    }

    /// Rows of Parquet files.
    ///
    /// @param schema the columns that are read, in this order
    /// @param filter rows that can't fulfil it may be left out
    record ScanParquet(
            ParquetInput input, Schema schema, Optional<Expression> filter, Origin origin)
            implements Leaf {
        @Override
        public String label() {
            return "Scan[" + input.label() + "]";
        }
    }

    /// Rows of a database.
    ///
    /// @param schema the columns that are read, in this order
    record ScanTable(TableInput input, Schema schema, Origin origin) implements Leaf {
        @Override
        public String label() {
            return "Scan[" + input.query().label() + "]";
        }
    }

    /// Chunks that a session keeps: rows of Java objects, a table, a persisted frame.
    ///
    /// @param holding what all plans share that read them
    /// @param schema the columns that are read, in this order
    record Held(Holding holding, String label, Schema schema, RowOrder order, Origin origin)
            implements Leaf {
        /// Chunks that are held as long as the session likes.
        public Held(String id, String label, Schema schema, RowOrder order, Origin origin) {
            this(new Holding(id), label, schema, order, origin);
        }

        /// Under which the session knows them.
        public String id() {
            return holding.id();
        }
    }

    /// The rows whose condition is true.
    record Filter(LogicalPlan input, Expression condition, Origin origin) implements Unary {
        @Override
        public Schema schema() {
            return input.schema();
        }

        @Override
        public RowOrder order() {
            return input.order();
        }

        @Override
        public Filter withInput(LogicalPlan other) {
            return new Filter(other, condition, origin);
        }

        @Override
        public String label() {
            return "Filter[" + ExpressionPrinter.brief(condition) + "]";
        }
    }

    /// These columns.
    record Project(LogicalPlan input, List<Named> columns, Schema schema, Origin origin)
            implements Unary {
        public Project {
            columns = List.copyOf(columns);
        }

        @Override
        public RowOrder order() {
            return input.order();
        }

        @Override
        public Project withInput(LogicalPlan other) {
            return new Project(other, columns, schema, origin);
        }

        @Override
        public String label() {
            return "Select[" + LogicalPlan.text(columns) + "]";
        }
    }

    /// A row for each group: keys, then aggregates.
    record Aggregate(
            LogicalPlan input,
            List<Named> keys,
            List<NamedAggregate> aggregates,
            Schema schema,
            Origin origin)
            implements Unary {
        public Aggregate {
            keys = List.copyOf(keys);
            aggregates = List.copyOf(aggregates);
        }

        @Override
        public RowOrder order() {
            return RowOrder.NONE;
        }

        @Override
        public Aggregate withInput(LogicalPlan other) {
            return new Aggregate(other, keys, aggregates, schema, origin);
        }

        @Override
        public String label() {
            String makes = String.join(", ", aggregates.stream().map(LogicalPlan::text).toList());
            if (keys.isEmpty()) return "Aggregate[" + makes + "]";
            return "GroupBy["
                    + LogicalPlan.text(keys)
                    + (makes.isEmpty() ? "" : ": " + makes)
                    + "]";
        }
    }

    /// Several rows for each row of the input (which has one or few), each made by a projection.
    record Expand(LogicalPlan input, List<List<Named>> rows, Schema schema, Origin origin)
            implements Unary {
        public Expand {
            rows = rows.stream().map(List::copyOf).toList();
        }

        @Override
        public RowOrder order() {
            return RowOrder.SOURCE;
        }

        @Override
        public Expand withInput(LogicalPlan other) {
            return new Expand(other, rows, schema, origin);
        }

        @Override
        public String label() {
            return "Expand[%d rows a row]".formatted(rows.size());
        }
    }

    /// Rows of both sides with equal keys.
    ///
    /// @param taken the columns of the right that go to the output, and their names there
    /// @param schema the left columns, then the taken ones
    /// @param build the side whose hash table is made; the other is probed
    record Join(
            LogicalPlan left,
            LogicalPlan right,
            JoinKind kind,
            List<Expression> leftKeys,
            List<Expression> rightKeys,
            List<Taken> taken,
            Side build,
            Schema schema,
            Origin origin)
            implements LogicalPlan {
        public Join {
            leftKeys = List.copyOf(leftKeys);
            rightKeys = List.copyOf(rightKeys);
            taken = List.copyOf(taken);
        }

        /// A join whose schema follows from its parts.
        public static Join of(
                LogicalPlan left,
                LogicalPlan right,
                JoinKind kind,
                List<Expression> leftKeys,
                List<Expression> rightKeys,
                List<Taken> taken,
                Side build,
                Origin origin) {
            var fields = new ArrayList<>(left.schema().fields());
            for (Taken column : taken) {
                Field field = right.schema().field(column.column());
                boolean nullable = field.nullable() || kind == JoinKind.LEFT;
                fields.add(new Field(column.name(), field.type(), nullable));
            }
            return new Join(
                    left,
                    right,
                    kind,
                    leftKeys,
                    rightKeys,
                    taken,
                    build,
                    new Schema(fields),
                    origin);
        }

        @Override
        public RowOrder order() {
            return RowOrder.NONE;
        }

        @Override
        public List<LogicalPlan> inputs() {
            return List.of(left, right);
        }

        @Override
        public LogicalPlan withInputs(List<LogicalPlan> inputs) {
            return of(
                    inputs.get(0), inputs.get(1), kind, leftKeys, rightKeys, taken, build, origin);
        }

        @Override
        public String label() {
            var pairs = new ArrayList<String>();
            for (int i = 0; i < leftKeys.size(); i++) {
                String l = ExpressionPrinter.brief(leftKeys.get(i));
                String r = ExpressionPrinter.brief(rightKeys.get(i));
                pairs.add(l.equals(r) ? l : l + " = " + r);
            }
            String word = kind.name().toLowerCase(java.util.Locale.ROOT);
            return "Join[%s: %s]".formatted(word, String.join(", ", pairs));
        }
    }

    /// A column of a join's right side and its name in the output.
    record Taken(String column, String name) {}

    /// A side of a join.
    enum Side {
        LEFT,
        RIGHT
    }

    /// All rows in an order, stably.
    record Sort(LogicalPlan input, List<OrderBy> keys, Origin origin) implements Unary {
        public Sort {
            keys = List.copyOf(keys);
        }

        @Override
        public Schema schema() {
            return input.schema();
        }

        @Override
        public RowOrder order() {
            return new RowOrder.Ordered(keys);
        }

        @Override
        public Sort withInput(LogicalPlan other) {
            return new Sort(other, keys, origin);
        }

        @Override
        public String label() {
            return "Sort[" + RowOrder.text(keys) + "]";
        }
    }

    /// The first rows of an order; ties by arrival.
    record TopK(LogicalPlan input, List<OrderBy> keys, long rows, Origin origin) implements Unary {
        public TopK {
            keys = List.copyOf(keys);
        }

        @Override
        public Schema schema() {
            return input.schema();
        }

        @Override
        public RowOrder order() {
            return new RowOrder.Ordered(keys);
        }

        @Override
        public TopK withInput(LogicalPlan other) {
            return new TopK(other, keys, rows, origin);
        }

        @Override
        public String label() {
            return "TopK[%d by %s]".formatted(rows, RowOrder.text(keys));
        }
    }

    /// The first rows.
    record Limit(LogicalPlan input, long rows, Origin origin) implements Unary {
        @Override
        public Schema schema() {
            return input.schema();
        }

        @Override
        public RowOrder order() {
            return input.order();
        }

        @Override
        public Limit withInput(LogicalPlan other) {
            return new Limit(other, rows, origin);
        }

        @Override
        public String label() {
            return "Limit[%d]".formatted(rows);
        }
    }

    /// Each different row once.
    record Distinct(LogicalPlan input, Origin origin) implements Unary {
        @Override
        public Schema schema() {
            return input.schema();
        }

        @Override
        public RowOrder order() {
            return RowOrder.NONE;
        }

        @Override
        public Distinct withInput(LogicalPlan other) {
            return new Distinct(other, origin);
        }

        @Override
        public String label() {
            return "Distinct";
        }
    }

    /// The rows of all inputs, one input after the other. All have the columns of `schema` in its
    /// order.
    record Union(List<LogicalPlan> inputs, Schema schema, Origin origin) implements LogicalPlan {
        public Union {
            inputs = List.copyOf(inputs);
        }

        @Override
        public RowOrder order() {
            boolean ordered =
                    inputs.stream().allMatch(input -> input.order() instanceof RowOrder.Ordered);
            return ordered ? RowOrder.SOURCE : RowOrder.NONE;
        }

        @Override
        public LogicalPlan withInputs(List<LogicalPlan> others) {
            return new Union(others, schema, origin);
        }

        @Override
        public String label() {
            return "Union[%d inputs]".formatted(inputs.size());
        }
    }

    /// A call of the user's code for each row, seen as a record.
    ///
    /// @param function a function of the dataframe module's own type
    /// @param output the class of the rows that it makes, or `Boolean.class` for a filter
    record MapRecords(
            LogicalPlan input,
            Serializable function,
            Class<?> parameter,
            Class<?> output,
            Schema schema,
            Origin origin)
            implements Unary {
        @Override
        public RowOrder order() {
            return input.order();
        }

        @Override
        public MapRecords withInput(LogicalPlan other) {
            return new MapRecords(other, function, parameter, output, schema, origin);
        }

        @Override
        public String label() {
            return output == Boolean.class
                    ? "Filter[%s -> …]".formatted(parameter.getSimpleName())
                    : "Map[%s -> %s]".formatted(parameter.getSimpleName(), output.getSimpleName());
        }
    }

    /// A call of the user's code for some rows at a time, seen as columns.
    ///
    /// @param function a function of the dataframe module's own type
    record MapBatches(LogicalPlan input, Serializable function, Schema schema, Origin origin)
            implements Unary {
        @Override
        public RowOrder order() {
            // the function keeps or reorders a batch's rows as it likes, batches keep their order
            return input.order().equals(RowOrder.NONE) ? RowOrder.NONE : RowOrder.SOURCE;
        }

        @Override
        public MapBatches withInput(LogicalPlan other) {
            return new MapBatches(other, function, schema, origin);
        }

        @Override
        public String label() {
            return "MapBatches[%s]".formatted(String.join(", ", schema.names()));
        }
    }

    /// The rows that fulfil all rules, or those that don't.
    ///
    /// @param references frames that rules look values up in
    /// @param quarantine where bad rows are kept; without one the first stops the query
    /// @param rejects whether the bad rows come out instead of the good ones
    /// @param hidden columns whose values are shown nowhere but in rows that pass
    record Gate(
            LogicalPlan input,
            List<LogicalPlan> references,
            List<GateRule> rules,
            Optional<Kept> quarantine,
            boolean rejects,
            List<String> hidden,
            Origin origin)
            implements LogicalPlan {
        public Gate {
            references = List.copyOf(references);
            rules = List.copyOf(rules);
            hidden = List.copyOf(hidden);
        }

        /// @param path as the user wrote it
        public record Kept(String path, GateLimits limits) {}

        @Override
        public Schema schema() {
            return rejects ? Quarantine.SCHEMA : input.schema();
        }

        @Override
        public RowOrder order() {
            return input.order();
        }

        @Override
        public List<LogicalPlan> inputs() {
            var all = new ArrayList<LogicalPlan>();
            all.add(input);
            all.addAll(references);
            return all;
        }

        @Override
        public Gate withInputs(List<LogicalPlan> others) {
            return new Gate(
                    others.getFirst(),
                    others.subList(1, others.size()),
                    rules,
                    quarantine,
                    rejects,
                    hidden,
                    origin);
        }

        @Override
        public String label() {
            var names = new StringJoiner(", ");
            rules.stream().limit(COLUMNS_SHOWN_MAX).forEach(rule -> names.add(rule.name()));
            return (rejects ? "Rejects[" : "Gate[") + names + "]";
        }
    }

    /// Columns as people read them: `carrier, dep_delay * 2 as twice`. Only the first of many.
    static String text(List<Named> columns) {
        var text = new StringJoiner(", ");
        for (Named column : columns.subList(0, Math.min(columns.size(), COLUMNS_SHOWN_MAX))) {
            String tree = ExpressionPrinter.brief(column.expression());
            text.add(tree.equals(column.name()) ? tree : tree + " as " + column.name());
        }
        int hidden = columns.size() - COLUMNS_SHOWN_MAX;
        return hidden > 0 ? "%s and %d more".formatted(text, hidden) : text.toString();
    }

    /// An aggregate as people read it: `sum(distance) as total`.
    static String text(NamedAggregate aggregate) {
        return ExpressionPrinter.brief(aggregate.aggregate()) + " as " + aggregate.name();
    }
}
