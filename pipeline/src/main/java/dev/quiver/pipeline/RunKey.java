package dev.quiver.pipeline;

import dev.quiver.operator.GateRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// What a run is of: as long as it is the same, a run that didn't end can go on.
///
/// @param began when the run began, which rules about freshness look back from; not compared
/// @param plan what is computed, a line for each step of each load
/// @param reads which files each path of an `extract` meant
/// @param inputs all files that are read
/// @param units what people call the units of each load, one after the other
record RunKey(
        SortedMap<String, String> parameters,
        String began,
        List<String> plan,
        List<Read> reads,
        List<FileVersion> inputs,
        List<String> units) {
    private static final int LINE_SHOWN_MAX = 160;
    private static final int SAME_SHOWN = 40;

    /// As the text of a step has the rules of a gate.
    private static final Pattern RULE =
            Pattern.compile(GateRule.class.getSimpleName() + "\\[name=(.*?), column=");

    RunKey {
        parameters = new TreeMap<>(parameters);
        plan = List.copyOf(plan);
        reads = List.copyOf(reads);
        inputs = List.copyOf(inputs);
        units = List.copyOf(units);
    }

    /// What was found: files, or the conditions that cut a table.
    ///
    /// @param paths as the user wrote them; a table's database, name and partitions
    record Read(List<String> paths, List<String> files) {
        Read {
            paths = List.copyOf(paths);
            files = List.copyOf(files);
        }
    }

    /// Two keys aren't the same.
    ///
    /// @param what a sentence
    /// @param isInput whether files changed, not the pipeline
    record Difference(String what, String was, String is, boolean isInput) {}

    /// What differs in a later key, the first thing that does.
    Optional<Difference> to(RunKey later) {
        Optional<Difference> found = parametersTo(later);
        if (found.isEmpty()) found = planTo(later);
        if (found.isEmpty()) found = inputsTo(later);
        if (found.isEmpty() && !units.equals(later.units))
            found =
                    Optional.of(
                            new Difference(
                                    "its inputs are cut in other units",
                                    units.size() + " units",
                                    later.units.size() + " units",
                                    false));
        return found;
    }

    private Optional<Difference> parametersTo(RunKey later) {
        var names = new ArrayList<>(parameters.keySet());
        later.parameters.keySet().stream().filter(n -> !names.contains(n)).forEach(names::add);
        for (String name : names) {
            String was = parameters.getOrDefault(name, "unset");
            String is = later.parameters.getOrDefault(name, "unset");
            if (!was.equals(is))
                return Optional.of(
                        new Difference("the parameter '%s'".formatted(name), was, is, false));
        }
        return Optional.empty();
    }

    private Optional<Difference> planTo(RunKey later) {
        for (int i = 0; i < Math.max(plan.size(), later.plan.size()); i++) {
            String was = i < plan.size() ? plan.get(i) : "nothing";
            String is = i < later.plan.size() ? later.plan.get(i) : "nothing";
            if (!was.equals(is)) return Optional.of(steps(was.strip(), is.strip()));
        }
        return Optional.empty();
    }

    /// Of two steps that aren't the same: gates with other rules by their rules, all others by
    /// where their texts differ.
    private static Difference steps(String was, String is) {
        String rulesWere = rules(was);
        String rulesAre = rules(is);
        boolean byRules =
                !rulesWere.equals(rulesAre) && !rulesWere.isEmpty() && !rulesAre.isEmpty();
        return byRules
                ? new Difference("the gate", rulesWere, rulesAre, false)
                : new Difference("the plan", around(was, is), around(is, was), false);
    }

    /// The rules of a gate; empty where a step has none.
    private static String rules(String step) {
        List<String> names = RULE.matcher(step).results().map(found -> found.group(1)).toList();
        return names.isEmpty() ? "" : "rules " + String.join(", ", names);
    }

    /// A line as far as it helps to see where it differs from another.
    private static String around(String line, String other) {
        if (line.length() <= LINE_SHOWN_MAX) return line;
        int same = 0;
        while (same < Math.min(line.length(), other.length())
                && line.charAt(same) == other.charAt(same)) same++;
        int from = Math.max(0, Math.min(same - SAME_SHOWN, line.length() - LINE_SHOWN_MAX));
        int to = Math.min(line.length(), from + LINE_SHOWN_MAX);
        return (from > 0 ? "…" : "") + line.substring(from, to) + (to < line.length() ? "…" : "");
    }

    private Optional<Difference> inputsTo(RunKey later) {
        Map<String, FileVersion> now = new HashMap<>();
        for (FileVersion file : later.inputs) now.put(file.path(), file);
        for (FileVersion was : inputs) {
            FileVersion is = now.remove(was.path());
            if (was.equals(is)) continue;
            String text = is == null ? "not read any more" : is.text();
            return Optional.of(
                    new Difference("the input '%s'".formatted(was.path()), was.text(), text, true));
        }
        return now.values().stream()
                .sorted((a, b) -> a.path().compareTo(b.path()))
                .findFirst()
                .map(is ->
                        new Difference(
                                "the input '%s'".formatted(is.path()),
                                "not read",
                                is.text(),
                                true));
    }
}
