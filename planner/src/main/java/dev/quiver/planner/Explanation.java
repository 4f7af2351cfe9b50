package dev.quiver.planner;

import dev.quiver.columnar.memory.ByteSize;
import dev.quiver.dataframe.PlanGraph;
import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.RowOrder;
import dev.quiver.expression.ExpressionPrinter;
import dev.quiver.graph.Dependency;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A plan as text for a terminal of 80 columns.
final class Explanation {
    private static final int WIDTH = 80;
    private static final int LABEL_WIDTH = 45;

    private final StagePlan plan;
    private final Estimates estimates;
    private final StringBuilder text = new StringBuilder();

    Explanation(StagePlan plan, Estimates estimates) {
        this.plan = plan;
        this.estimates = estimates;
    }

    String text() {
        line(row("plan", "rows", "bytes", "order"));
        tree(plan.optimized(), 0);
        wrapped("order: ", List.of(plan.order().toString()));
        wrapped("rules: ", rules());
        text.append('\n');
        line(stageRow("stages", "partitions", "reads"));
        for (StageNote stage : plan.notes()) {
            String name =
                    cut("%3s  %s".formatted(number(stage.stage()), stage.name()), LABEL_WIDTH);
            line(stageRow(name, Integer.toString(stage.partitions()), reads(stage)));
        }
        plan.replanning().ifPresent(this::decidedLater);
        text.append("peak memory: about ").append(ByteSize.text(plan.peakBytes()));
        return text.toString();
    }

    /// The same as a graph.
    PlanGraph graph() {
        return new PlanGraph(step(plan.optimized()), text());
    }

    private PlanGraph.Step step(LogicalPlan step) {
        Estimate estimate = estimates.of(step);
        return new PlanGraph.Step(
                label(step),
                estimate.rows(),
                estimate.exact(),
                estimate.bytes(),
                step.inputs().stream().map(this::step).toList());
    }

    private void tree(LogicalPlan step, int depth) {
        Estimate estimate = estimates.of(step);
        String rows = String.format(Locale.ROOT, "%,d", estimate.rows());
        line(
                row(
                        cut("  ".repeat(depth) + label(step), LABEL_WIDTH),
                        estimate.exact() ? rows : "~" + rows,
                        ByteSize.text(estimate.bytes()),
                        step.order() instanceof RowOrder.Ordered ? "Ordered" : "Unordered"));
        detail(step, depth);
        for (LogicalPlan input : step.inputs()) tree(input, depth + 1);
    }

    private static String label(LogicalPlan step) {
        return switch (step) {
            case LogicalPlan.ScanCsv scan ->
                    "%s %d of %d columns"
                            .formatted(
                                    scan.label(),
                                    scan.schema().size(),
                                    scan.input().schema().size());
            case LogicalPlan.ScanFiles scan ->
                    "%s %d of %d columns"
                            .formatted(
                                    scan.label(),
                                    scan.schema().size(),
                                    scan.input().schema().size());
            case LogicalPlan.ScanTable scan ->
                    "%s %d of %d columns"
                            .formatted(
                                    scan.label(),
                                    scan.schema().size(),
                                    scan.input().schema().size());
            case LogicalPlan.ScanParquet scan ->
                    "%s %d of %d columns"
                            .formatted(
                                    scan.label(),
                                    scan.schema().size(),
                                    scan.input().schema().size());
            case LogicalPlan.Join join ->
                    "%s, table of the %s side".formatted(join.label(), side(join));
            default -> step.label();
        };
    }

    private static String side(LogicalPlan.Join join) {
        return join.build().name().toLowerCase(Locale.ROOT);
    }

    /// What a label can't show: the condition that a scan knows, columns that are read.
    private void detail(LogicalPlan step, int depth) {
        if (step instanceof LogicalPlan.ScanParquet scan && scan.filter().isPresent()) {
            String condition = ExpressionPrinter.brief(scan.filter().get());
            text.append(cut("  ".repeat(depth + 1) + "skips unless " + condition, WIDTH))
                    .append('\n');
        }
    }

    private List<String> rules() {
        return plan.fired().isEmpty() ? List.of("none applied") : plan.rules();
    }

    private String reads(StageNote stage) {
        var inputs = new ArrayList<String>();
        for (Dependency input : stage.inputs()) {
            inputs.add(
                    switch (input) {
                        case Dependency.Narrow(var other) -> number(other) + " one by one";
                        case Dependency.Broadcast(var other) -> "all of " + number(other);
                        case Dependency.Shuffle(var other, _) -> "slices of " + number(other);
                        case Dependency.Regions(var other, _) -> "slices of " + number(other);
                        case Dependency.FanIn(var other, var width) ->
                                stage.partitions() == 1
                                        ? "all of " + number(other)
                                        : number(other) + " by " + width;
                        case Dependency.FanOut(var other, var width, _) ->
                                "%s, each in %d parts".formatted(number(other), width);
                        case Dependency.Listed _ -> "one after the other";
                    });
        }
        return cut(String.join(", ", inputs), WIDTH - LABEL_WIDTH - 14);
    }

    private void decidedLater(Replanning later) {
        List<String> exchanges = later.awaited().stream().map(this::number).toList();
        wrapped("who reads which slices is decided by what is found in: ", exchanges);
    }

    /// Stages are numbered from 0 in each plan; what ran before is kept.
    private String number(int stage) {
        for (int i = 0; i < plan.notes().size(); i++) {
            if (plan.notes().get(i).stage() == stage) return Integer.toString(i);
        }
        return "kept";
    }

    private void wrapped(String head, List<String> words) {
        var line = new StringBuilder(head);
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i) + (i + 1 < words.size() ? "," : "");
            if (line.length() + word.length() + 1 > WIDTH && line.length() > head.length()) {
                text.append(line.toString().stripTrailing()).append('\n');
                line = new StringBuilder(" ".repeat(head.length()));
            }
            line.append(word).append(' ');
        }
        text.append(cut(line.toString().stripTrailing(), WIDTH)).append('\n');
    }

    private static String row(String label, String rows, String bytes, String order) {
        return "%-45s%13s%10s  %s".formatted(label, rows, bytes, order);
    }

    private static String stageRow(String label, String partitions, String reads) {
        return "%-45s%11s   %s".formatted(label, partitions, reads);
    }

    private void line(String line) {
        text.append(line.stripTrailing()).append('\n');
    }

    private static String cut(String label, int width) {
        return label.length() <= width ? label : label.substring(0, width - 1) + "…";
    }
}
