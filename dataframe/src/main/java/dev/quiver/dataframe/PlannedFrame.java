package dev.quiver.dataframe;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.Origin;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.expression.Expression;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// A frame that is a plan and who runs it.
record PlannedFrame(LogicalPlan plan, QueryRunner runner) implements DataFrame {
    private static final int ROWS_SHOWN = 20;

    static PlannedFrame of(DataFrame frame) {
        if (frame instanceof PlannedFrame planned) return planned;
        throw new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "a DataFrame of class %s".formatted(frame.getClass().getName()),
                List.of(),
                "use frames that a session made");
    }

    PlannedFrame with(LogicalPlan other) {
        return new PlannedFrame(other, runner);
    }

    private static <T> List<T> list(T first, T[] more) {
        var all = new ArrayList<T>();
        all.add(first);
        all.addAll(Arrays.asList(more));
        return all;
    }

    @Override
    public Schema schema() {
        return plan.schema();
    }

    @Override
    public DataFrame select(String name, String... more) {
        var columns = new Columns(plan);
        for (String column : list(name, more)) columns.keep(column, column);
        return with(columns.project());
    }

    @Override
    public DataFrame select(Expr first, Expr... more) {
        var columns = new Columns(plan);
        for (Expr expr : list(first, more)) columns.add(expr);
        return with(columns.project());
    }

    private Columns all() {
        var columns = new Columns(plan);
        for (String name : schema().names()) columns.keep(name, name);
        return columns;
    }

    @Override
    public DataFrame withColumn(String name, Expr value) {
        return withColumns(value.as(name));
    }

    @Override
    public DataFrame withColumns(Expr first, Expr... more) {
        Columns columns = all();
        var names = new HashSet<String>();
        for (Expr expr : list(first, more)) {
            String name = Columns.name(expr);
            if (!names.add(name)) {
                throw new QuiverException(
                        ErrorCode.COLUMN_DUPLICATE,
                        "withColumns(…) makes '%s' twice".formatted(name),
                        List.of(),
                        "name one of them with .as(\"…\")");
            }
            columns.put(name, TreeExpr.treeOf(expr));
        }
        return with(columns.project());
    }

    @Override
    public DataFrame drop(String name, String... more) {
        var dropped = new HashSet<>(list(name, more));
        for (String column : list(name, more)) schema().indexOf(column, plan.place());
        var columns = new Columns(plan);
        for (String column : schema().names()) {
            if (!dropped.contains(column)) columns.keep(column, column);
        }
        if (columns.named().isEmpty()) {
            throw new QuiverException(
                    ErrorCode.PLAN_INVALID,
                    "drop(…) of all columns",
                    List.of("has: " + String.join(", ", schema().names())),
                    "keep at least one; count() counts rows of any frame");
        }
        return with(columns.project());
    }

    @Override
    public DataFrame rename(String from, String to) {
        schema().indexOf(from, plan.place());
        if (schema().has(to) && !from.equals(to)) {
            throw new QuiverException(
                    ErrorCode.COLUMN_DUPLICATE,
                    "rename of '%s' to '%s', which is there already".formatted(from, to),
                    List.of("has: " + String.join(", ", schema().names())),
                    "use another name, or drop(\"%s\") before".formatted(to));
        }
        var columns = new Columns(plan);
        for (String name : schema().names()) columns.keep(name, name.equals(from) ? to : name);
        return with(columns.project());
    }

    @Override
    public DataFrame filter(Expr condition) {
        return with(
                new LogicalPlan.Filter(
                        plan, Columns.condition(plan, condition, "filter(…)"), Origin.here()));
    }

    @Override
    public DataFrame fillNull(Object value, String... names) {
        return with(NullVerbs.fill(this, value, List.of(names)));
    }

    @Override
    public DataFrame dropNull(String... names) {
        return with(NullVerbs.drop(this, List.of(names)));
    }

    @Override
    public DataFrame limit(long rows) {
        return with(new LogicalPlan.Limit(plan, checkedRows("limit", rows), Origin.here()));
    }

    private static long checkedRows(String verb, long rows) {
        if (rows >= 0) return rows;
        throw new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "%s(%d): less than no rows".formatted(verb, rows),
                List.of(),
                "give 0 or more; for the last rows sort the other way round");
    }

    @Override
    public DataFrame topK(long rows, SortKey first, SortKey... more) {
        return with(
                new LogicalPlan.TopK(
                        plan,
                        Columns.order(plan, list(first, more)),
                        checkedRows("topK", rows),
                        Origin.here()));
    }

    @Override
    public DataFrame sort(String name, String... more) {
        return sorted(list(name, more).stream().map(Functions::asc).toList());
    }

    @Override
    public DataFrame sort(SortKey first, SortKey... more) {
        return sorted(list(first, more));
    }

    private DataFrame sorted(List<SortKey> keys) {
        return with(new LogicalPlan.Sort(plan, Columns.order(plan, keys), Origin.here()));
    }

    @Override
    public DataFrame distinct() {
        for (Field field : schema().fields()) {
            Columns.refuseNested(field.type(), new Expression.Column(field.name()), "distinct");
        }
        return with(new LogicalPlan.Distinct(plan, Origin.here()));
    }

    @Override
    public DataFrame union(DataFrame other, DataFrame... more) {
        var plans = new ArrayList<LogicalPlan>();
        plans.add(plan);
        for (DataFrame frame : list(other, more)) plans.add(sameSession(frame, "union").plan());
        return with(Uniting.plan(plans));
    }

    PlannedFrame sameSession(DataFrame frame, String verb) {
        PlannedFrame planned = of(frame);
        if (planned.runner == runner) return planned;
        throw new QuiverException(
                ErrorCode.PLAN_INVALID,
                "%s of frames of two sessions".formatted(verb),
                List.of(),
                "make both with one session");
    }

    @Override
    public GroupBy groupBy(String name, String... more) {
        return groups(list(name, more).stream().map(Functions::col).toList());
    }

    @Override
    public GroupBy groupBy(Expr first, Expr... more) {
        return groups(list(first, more));
    }

    private GroupBy groups(List<Expr> keys) {
        return new PlannedGroups(this, Grouping.keys(plan, keys));
    }

    @Override
    public DataFrame agg(Expr first, Expr... more) {
        return new PlannedGroups(this, new Columns(plan)).agg(first, more);
    }

    @Override
    public DataFrame join(DataFrame other, How how, On on) {
        LogicalPlan right = sameSession(other, "join").plan();
        return with(new Joining(plan, right).plan(how, on));
    }

    @Override
    public DataFrame gate(Gate gate) {
        return with(GateBinding.of(this, gate, false));
    }

    @Override
    public DataFrame rejects(Gate gate) {
        return with(GateBinding.of(this, gate, true));
    }

    @Override
    public DataFrame mapBatches(Schema makes, Fn<Batch, Batch> function) {
        return with(new LogicalPlan.MapBatches(plan, function, makes, Origin.here()));
    }

    @Override
    public DataFrame describe() {
        return with(Description.plan(plan));
    }

    @Override
    public <R extends Record> TypedFrame<R> as(Class<R> type) {
        return PlannedTyped.of(this, type);
    }

    @Override
    public DataFrame persist() {
        return with(runner.persist(plan));
    }

    @Override
    public DataFrame publish(String name) {
        return with(runner.publish(plan, name));
    }

    @Override
    public void release() {
        if (!(plan instanceof LogicalPlan.Held held)) {
            throw new QuiverException(
                    ErrorCode.PLAN_INVALID,
                    "release() of a frame that persist() didn't give",
                    List.of("frame: " + plan.label()),
                    "keep the frame that persist() gives and release that one");
        }
        runner.release(held);
    }

    @Override
    public Plots plot() {
        return new Plots(this);
    }

    @Override
    public MemoryReport memory() {
        return runner.memory(plan);
    }

    @Override
    public FrameWriter write() {
        return PlannedWriter.of(this);
    }

    @Override
    public String explain() {
        return runner.explain(plan);
    }

    @Override
    public PlanGraph visualize() {
        return runner.visualize(plan);
    }

    @Override
    public Analysis analyze() {
        return runner.analyze(plan);
    }

    @Override
    public Table collect() {
        return runner.collect(plan);
    }

    @Override
    public Table head(int rows) {
        return limit(rows).collect();
    }

    @Override
    public void show() {
        show(ROWS_SHOWN);
    }

    @Override
    @SuppressWarnings("SystemOut") // showing is what it is for
    public void show(int rows) {
        try (Table table = limit(checkedRows("show", rows) + 1).collect()) {
            System.out.println(TableText.of(table, rows, TableText.terminalColumns()));
        }
    }

    @Override
    public long count() {
        return runner.count(plan);
    }

    @Override
    public Rows rows() {
        return runner.rows(plan);
    }

    @Override
    public Chunks chunks(ChunkSize size) {
        return runner.chunks(plan, size);
    }

    @Override
    public <R extends Record> List<R> toList(Class<R> type) {
        var _ = RecordShape.of(type).reading(schema(), plan.place());
        try (Table table = collect()) {
            return table.as(type);
        }
    }

    @Override
    public <T> Optional<T> scalar(Class<T> type) {
        if (schema().size() != 1) {
            throw new QuiverException(
                    ErrorCode.PLAN_INVALID,
                    "scalar(…) of a frame of %d columns".formatted(schema().size()),
                    List.of("has: " + String.join(", ", schema().names())),
                    "select one column before");
        }
        try (Table table = limit(2).collect()) {
            if (table.rowCount() != 1) {
                throw new QuiverException(
                        ErrorCode.PLAN_INVALID,
                        "scalar(…) of a frame of %s"
                                .formatted(table.rowCount() == 0 ? "no rows" : "several rows"),
                        List.of("frame: " + plan.label()),
                        "aggregate it to one row, as in df.agg(sum(\"x\")).scalar(Long.class)");
            }
            return table.row(0).find(schema().field(0).name(), type);
        }
    }

    @Override
    public String toString() {
        return "DataFrame["
                + String.join(", ", schema().fields().stream().map(Field::toString).toList())
                + "]";
    }
}
