package dev.quiver.planner;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Traversal;
import dev.quiver.graph.Dependency;
import dev.quiver.operator.GateRule;
import dev.quiver.operator.Operator;
import dev.quiver.operator.Quarantine;
import dev.quiver.operator.Sink;
import dev.quiver.planner.Flow.StageOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Gates as operators: what they look values up in becomes tables that every partition reads; a
/// rule about the whole load reads partitions in turn.
final class GateLowering {
    private final Drafts drafts;
    private final Optional<Quarantines> quarantines;
    private final List<LogicalPlan.Gate> gates;
    private int keySets;

    /// @param plan whose gates are lowered
    /// @param quarantines empty when the rows aren't written
    GateLowering(Drafts drafts, LogicalPlan plan, Optional<Quarantines> quarantines) {
        this.drafts = drafts;
        this.quarantines = quarantines;
        this.gates = gates(plan);
    }

    /// The gates of a plan that keep bad rows, each once.
    static List<LogicalPlan.Gate> gates(LogicalPlan plan) {
        var found = new ArrayList<LogicalPlan.Gate>();
        if (plan instanceof LogicalPlan.Gate gate && gate.quarantine().isPresent()) found.add(gate);
        for (LogicalPlan input : plan.inputs())
            for (LogicalPlan.Gate gate : gates(input)) if (!found.contains(gate)) found.add(gate);
        return found;
    }

    Flow lower(LogicalPlan.Gate gate, Flow input, List<Flow> references, Estimate makes) {
        Flow flow = looksBack(gate) && keysOfLoad(gate).isEmpty() ? single(input) : input;
        var rules = new ArrayList<GateRule>();
        for (GateRule rule : gate.rules())
            rules.add(new GateRule(rule.name(), rule.column(), test(gate, rule, flow, references)));
        flow.impure |= gate.rules().stream().anyMatch(rule -> isImpure(rule.test()));
        flow.quarantines |= gate.quarantine().isPresent();
        var operator =
                new Operator.Gate(
                        rules, quarantine(gate), gate.rejects(), gate.hidden(), gate.schema());
        String word = gate.rejects() ? "rejects of " : "gate ";
        String names = String.join(", ", gate.rules().stream().map(GateRule::name).toList());
        return flow.then(operator, gate.schema(), makes, word + names);
    }

    private static boolean looksBack(LogicalPlan.Gate gate) {
        return gate.rules().stream().anyMatch(rule -> rule.test() instanceof GateRule.First);
    }

    private String keysOfLoad(LogicalPlan.Gate gate) {
        if (gate.rejects()) return "";
        return quarantines.flatMap(Quarantines::seen).orElse("");
    }

    private Flow single(Flow flow) {
        Flow one = flow.inTurn();
        return one.partitions == 1 ? one : drafts.gather(one);
    }

    private GateRule.Test test(
            LogicalPlan.Gate gate, GateRule rule, Flow flow, List<Flow> references) {
        return switch (rule.test()) {
            case GateRule.Known(var number, var keys, var otherKeys) ->
                    new GateRule.Known(
                            table(flow, references.get(number), otherKeys), keys, otherKeys);
            case GateRule.First(var keys, _) -> {
                String load = keysOfLoad(gate);
                yield new GateRule.First(keys, load.isEmpty() ? "" : load + "/" + keySets++);
            }
            case GateRule.Unseen unseen -> unseen;
            case GateRule.Holds holds -> holds;
            case GateRule.Agrees agrees -> agrees;
        };
    }

    private int table(Flow flow, Flow reference, List<Expression> keys) {
        Flow build = drafts.gather(reference);
        StageOutput table =
                drafts.end(
                        build,
                        new Sink.BuildTable(keys, build.schema()),
                        build.schema(),
                        build.estimate(),
                        "build table for the gate");
        return flow.input(new Dependency.Broadcast(table.stage()));
    }

    private static boolean isImpure(GateRule.Test test) {
        return switch (test) {
            case GateRule.Holds(var condition) -> Traversal.hasUserCall(condition);
            case GateRule.Agrees _ -> true;
            case GateRule.Known _, GateRule.First _, GateRule.Unseen _ -> false;
        };
    }

    private Optional<Quarantine> quarantine(LogicalPlan.Gate gate) {
        if (gate.quarantine().isEmpty()) return Optional.empty();
        LogicalPlan.Gate.Kept kept = gate.quarantine().get();
        Quarantines where = quarantines.orElseThrow(() -> notWritten(kept.path()));
        List<LogicalPlan.Gate> same =
                gates.stream()
                        .filter(g -> g.quarantine().orElseThrow().path().equals(kept.path()))
                        .toList();
        return Optional.of(
                new Quarantine(
                        where.targets().apply(kept.path()),
                        where.run(),
                        Math.max(0, same.indexOf(gate)),
                        kept.limits().rowsMax()));
    }

    private static QuiverException notWritten(String path) {
        return new QuiverException(
                ErrorCode.PLAN_INVALID,
                "a gate that keeps bad rows, but the frame isn't written",
                List.of("quarantine: " + path),
                "write the frame: df.gate(gate).write().parquet(…); to look at bad rows use"
                        + " df.rejects(gate)");
    }
}
