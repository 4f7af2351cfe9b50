package dev.quiver.dashboard;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;

/// Stages and what they read, in groups that have nothing to do with each other: those at work
/// first, then those that came last.
///
/// @param others how many stages more there are, of groups that there was no room for
record StageGraph(List<Group> groups, int others) {
    /// So many stages are shown at most.
    private static final int STAGES_MAX = 80;

    StageGraph {
        groups = List.copyOf(groups);
    }

    /// @param reads the stages that it reads, of those that are in the group
    record Node(StageLine line, List<Integer> reads) {
        Node {
            reads = List.copyOf(reads);
        }
    }

    /// @param job the last one of its stages that was described
    /// @param nodes in the order in which they came
    record Group(Optional<JobLine> job, List<Node> nodes) {
        Group {
            nodes = List.copyOf(nodes);
        }

        boolean hasEnded() {
            return nodes.stream().allMatch(node -> node.line().hasEnded());
        }

        int newest() {
            return nodes.getLast().line().index();
        }
    }

    /// How far a stage is.
    enum State {
        /// What it reads isn't there yet.
        WAITING,
        /// Its tasks wait for slots.
        READY,
        RUNNING,
        DONE,
        /// Nobody needed all of its tasks.
        LEFT,
        FAILED;

        static State of(StageLine line) {
            var status = line.status();
            if (!line.hasEnded() && status.assigned() > 0) return RUNNING;
            if (status.failed() > 0) return FAILED;
            if (line.hasEnded())
                return status.finished() + status.dropped() < status.total() ? LEFT : DONE;
            if (status.finished() > 0) return RUNNING;
            return status.ready() > 0 ? READY : WAITING;
        }
    }

    /// @param stages in the order in which they came
    /// @param reads by stage, the stages that it reads
    /// @param jobs the described job of a stage
    static StageGraph of(
            List<StageLine> stages,
            Map<Integer, Set<Integer>> reads,
            IntFunction<Optional<JobLine>> jobs) {
        Map<Integer, StageLine> lines = new LinkedHashMap<>();
        for (StageLine line : stages) lines.put(line.status().stage(), line);
        Map<Integer, Set<Integer>> neighbours = neighbours(lines, reads);
        var groups = new ArrayList<Group>();
        var seen = new HashSet<Integer>();
        for (int stage : lines.keySet())
            if (!seen.contains(stage))
                groups.add(group(reached(stage, neighbours, seen), lines, reads, jobs));
        groups.sort(
                Comparator.comparing(Group::hasEnded)
                        .thenComparing(Comparator.comparingInt(Group::newest).reversed()));
        return shown(groups, stages.size());
    }

    private static StageGraph shown(List<Group> groups, int all) {
        var shown = new ArrayList<Group>();
        int count = 0;
        for (Group group : groups) {
            int size = group.nodes().size();
            if (count > 0 && count + size > STAGES_MAX) break;
            List<Node> last =
                    group.nodes().subList(Math.max(0, size - STAGES_MAX), group.nodes().size());
            shown.add(new Group(group.job(), last));
            count += last.size();
        }
        return new StageGraph(shown, all - count);
    }

    private static Map<Integer, Set<Integer>> neighbours(
            Map<Integer, StageLine> lines, Map<Integer, Set<Integer>> reads) {
        Map<Integer, Set<Integer>> neighbours = new HashMap<>();
        for (int stage : lines.keySet()) {
            for (int read : reads.getOrDefault(stage, Set.of())) {
                if (!lines.containsKey(read)) continue;
                neighbours.computeIfAbsent(stage, _ -> new HashSet<>()).add(read);
                neighbours.computeIfAbsent(read, _ -> new HashSet<>()).add(stage);
            }
        }
        return neighbours;
    }

    private static Set<Integer> reached(
            int from, Map<Integer, Set<Integer>> neighbours, Set<Integer> seen) {
        var found = new HashSet<Integer>();
        var next = new ArrayDeque<>(List.of(from));
        while (!next.isEmpty()) {
            int stage = next.remove();
            if (!found.add(stage)) continue;
            next.addAll(neighbours.getOrDefault(stage, Set.of()));
        }
        seen.addAll(found);
        return found;
    }

    private static Group group(
            Set<Integer> members,
            Map<Integer, StageLine> lines,
            Map<Integer, Set<Integer>> reads,
            IntFunction<Optional<JobLine>> jobs) {
        var nodes = new ArrayList<Node>();
        for (Map.Entry<Integer, StageLine> each : lines.entrySet()) {
            int stage = each.getKey();
            if (!members.contains(stage)) continue;
            List<Integer> known =
                    reads.getOrDefault(stage, Set.of()).stream()
                            .filter(read -> read != stage && members.contains(read))
                            .sorted()
                            .toList();
            nodes.add(new Node(each.getValue(), known));
        }
        Optional<JobLine> job =
                nodes.reversed().stream()
                        .flatMap(node -> jobs.apply(node.line().status().stage()).stream())
                        .findFirst();
        return new Group(job, nodes);
    }
}
