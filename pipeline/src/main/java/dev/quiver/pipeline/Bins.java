package dev.quiver.pipeline;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.operator.GateLimits;
import dev.quiver.operator.GateRule;
import dev.quiver.planner.Quarantines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The quarantines of a run. Rows that go to several loads pass the same gates several times: the
/// first of these loads keeps the bad ones.
final class Bins {
    private final Parameters parameters;
    private final Map<Path, List<List<GateRule>>> keepers = new LinkedHashMap<>();

    Bins(Parameters parameters) {
        this.parameters = parameters;
    }

    /// A quarantine of a load.
    ///
    /// @param target a directory, absolute
    /// @param keeps whether it is this load's to keep the rows, not an earlier one's
    record Bin(Path target, GateLimits limits, boolean keeps) {}

    /// Where a gate's path leads.
    Path target(String path) {
        return FileLoad.path(Quarantines.target(parameters.in(path), "").path());
    }

    /// The quarantines of a load's gates.
    ///
    /// @param plan of one of its sources
    List<Bin> of(LogicalPlan plan) {
        var gates = new LinkedHashMap<Path, List<LogicalPlan.Gate>>();
        collect(plan, gates);
        var bins = new ArrayList<Bin>();
        gates.forEach((target, keeping) -> {
            var rules = keeping.stream().map(LogicalPlan.Gate::rules).toList();
            List<List<GateRule>> before = keepers.putIfAbsent(target, rules);
            if (before != null && !before.equals(rules)) throw mixed(target);
            bins.add(new Bin(target, limits(keeping), before == null));
        });
        return bins;
    }

    private void collect(LogicalPlan plan, Map<Path, List<LogicalPlan.Gate>> gates) {
        plan.inputs().forEach(input -> collect(input, gates));
        if (!(plan instanceof LogicalPlan.Gate gate) || gate.quarantine().isEmpty()) return;
        Path target = target(gate.quarantine().get().path());
        gates.computeIfAbsent(target, _ -> new ArrayList<>()).add(gate);
    }

    private static GateLimits limits(List<LogicalPlan.Gate> gates) {
        long rows = Long.MAX_VALUE;
        double share = 1;
        for (LogicalPlan.Gate gate : gates) {
            GateLimits limits = gate.quarantine().orElseThrow().limits();
            rows = Math.min(rows, limits.rowsMax());
            share = Math.min(share, limits.shareMax());
        }
        return new GateLimits(rows, share);
    }

    private static QuiverException mixed(Path target) {
        return new QuiverException(
                ErrorCode.PLAN_INVALID,
                "different gates of different loads keep bad rows in '%s'".formatted(target),
                List.of(),
                "give each its own quarantine(…), or the loads the same gates");
    }
}
