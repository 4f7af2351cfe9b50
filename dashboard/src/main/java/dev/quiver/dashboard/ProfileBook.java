package dev.quiver.dashboard;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// What tasks were found doing, counted by the second, of the last minutes. Thread-safe.
final class ProfileBook {
    /// So many seconds are remembered.
    static final int SECONDS_MAX = 600;

    /// So many different stacks; what comes then is counted together.
    static final int STACKS_MAX = 10_000;

    private static final List<String> OTHERS = List.of("others, of too many stacks");

    private final Map<String, String> names = new HashMap<>();
    private final Map<List<String>, Integer> ids = new HashMap<>();
    private final List<List<String>> stacks = new ArrayList<>();
    private final ArrayDeque<Second> seconds = new ArrayDeque<>();

    /// @param samples how many found which stack
    private record Second(long second, Map<Integer, Integer> samples) {
        int count() {
            return samples.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    /// Seconds in which something was found, and how often.
    record Count(long second, int samples) {}

    /// @param stack the operator, then what it called, down to the line that ran
    synchronized void add(long second, List<String> stack) {
        Second last = seconds.peekLast();
        if (last == null || last.second() < second) {
            last = new Second(second, new TreeMap<>());
            seconds.addLast(last);
        }
        last.samples().merge(id(stack), 1, Integer::sum);
        while (seconds.getFirst().second() <= second - SECONDS_MAX) seconds.removeFirst();
    }

    private int id(List<String> stack) {
        Integer known = ids.get(stack);
        if (known != null) return known;
        List<String> added =
                stacks.size() < STACKS_MAX
                        ? stack.stream().map(name -> names.computeIfAbsent(name, n -> n)).toList()
                        : OTHERS;
        known = ids.get(added);
        if (known != null) return known;
        ids.put(added, stacks.size());
        stacks.add(added);
        return stacks.size() - 1;
    }

    synchronized List<Count> counts() {
        return seconds.stream().map(s -> new Count(s.second(), s.count())).toList();
    }

    /// What was found in some seconds, as a tree.
    ///
    /// @param to excluded
    /// @param naming what is called the same is one
    synchronized ProfileNode between(long from, long to, UnaryOperator<String> naming) {
        Map<Integer, Integer> found = new TreeMap<>();
        for (Second second : seconds) {
            if (second.second() < from || second.second() >= to) continue;
            second.samples().forEach((stack, count) -> found.merge(stack, count, Integer::sum));
        }
        var root = new ProfileNode();
        found.forEach((stack, count) -> root.add(stacks.get(stack), naming, count));
        return root;
    }
}
