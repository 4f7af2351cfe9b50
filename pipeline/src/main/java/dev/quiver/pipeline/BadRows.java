package dev.quiver.pipeline;

import dev.quiver.worker.store.TurnedAway;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// The rows that gates turned away in the units of a run: how many broke each rule, and some of
/// them.
final class BadRows {
    private static final int FIRST_MAX = 10;
    private static final int OF_RULE_MAX = 3;
    private static final int RULES_MAX = 1000;

    private final SortedMap<String, Long> rules = new TreeMap<>();
    private final List<RunProgress.BadRow> first = new ArrayList<>();

    void add(TurnedAway rows) {
        rows.rules()
                .forEach((rule, count) -> {
                    if (rules.size() < RULES_MAX || rules.containsKey(rule))
                        rules.merge(rule, count, Long::sum);
                });
        for (TurnedAway.BadRow bad : rows.first())
            if (first.size() < FIRST_MAX && shown(bad.rule()) < OF_RULE_MAX)
                first.add(
                        new RunProgress.BadRow(
                                bad.source(), bad.row(), bad.column(), bad.rule(), bad.raw()));
    }

    private long shown(String rule) {
        return first.stream().filter(bad -> bad.rule().equals(rule)).count();
    }

    /// By name.
    List<DryRun.RuleCount> rules() {
        return rules.entrySet().stream()
                .map(rule -> new DryRun.RuleCount(rule.getKey(), rule.getValue()))
                .toList();
    }

    List<RunProgress.BadRow> first() {
        return first;
    }
}
