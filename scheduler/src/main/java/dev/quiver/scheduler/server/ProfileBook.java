package dev.quiver.scheduler.server;

import dev.quiver.protocol.TaskSamples;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.IntPredicate;

/// What tasks of workers were found doing, counted by the second, of the last minutes. Thread-safe.
public final class ProfileBook {
    /// So many seconds are remembered.
    static final int SECONDS_MAX = 600;

    /// So many different stacks; what comes then is counted together.
    static final int STACKS_MAX = 10_000;

    /// So many counts of a stack in a second of a worker's; the oldest seconds go.
    static final int COUNTS_MAX = 300_000;

    /// What is counted together is called so.
    static final String OTHERS = "others, of too many stacks";

    private static final long MILLIS_PER_SECOND = 1000;
    private static final int WORKER_SHIFT = 32;

    private final Map<String, String> names = new HashMap<>();
    private final Map<List<String>, Integer> ids = new HashMap<>();
    private final List<List<String>> stacks = new ArrayList<>();

    /// By second, how many samples of a worker found which stack.
    private final TreeMap<Long, Map<Long, Integer>> seconds = new TreeMap<>();

    private int counts;

    /// A second in which something was found, and how often.
    public record Count(long second, int samples) {}

    /// What a worker's process has told.
    ///
    /// @param nowMillis since 1970, by the clock that counts here
    public void add(int worker, TaskSamples samples, long nowMillis) {
        long ahead = Math.round((nowMillis - samples.millis()) / (double) MILLIS_PER_SECOND);
        long now = nowMillis / MILLIS_PER_SECOND;
        for (TaskSamples.Found found : samples.found()) {
            long second = Math.min(now, found.second() + ahead);
            add(worker, second, samples.stack(found), found.samples());
        }
    }

    /// @param stack the operator, then what it called, down to the line that ran
    synchronized void add(int worker, long second, List<String> stack, int samples) {
        Map<Long, Integer> found = seconds.computeIfAbsent(second, _ -> new HashMap<>());
        int before = found.size();
        found.merge((long) worker << WORKER_SHIFT | id(stack), samples, Integer::sum);
        counts += found.size() - before;
        while (seconds.firstKey() <= seconds.lastKey() - SECONDS_MAX
                || (counts > COUNTS_MAX && seconds.size() > 1))
            counts -= seconds.pollFirstEntry().getValue().size();
    }

    private int id(List<String> stack) {
        Integer known = ids.get(stack);
        if (known != null) return known;
        List<String> added =
                stacks.size() < STACKS_MAX
                        ? stack.stream().map(name -> names.computeIfAbsent(name, n -> n)).toList()
                        : List.of(OTHERS);
        known = ids.get(added);
        if (known != null) return known;
        ids.put(added, stacks.size());
        stacks.add(added);
        return stacks.size() - 1;
    }

    /// @param workers whose samples are counted
    public synchronized List<Count> counts(IntPredicate workers) {
        var all = new ArrayList<Count>();
        seconds.forEach((second, found) -> {
            int[] sum = {0};
            found.forEach((key, samples) -> {
                if (workers.test((int) (key >> WORKER_SHIFT))) sum[0] += samples;
            });
            if (sum[0] > 0) all.add(new Count(second, sum[0]));
        });
        return all;
    }

    /// Calls `each` with the stacks that were found in some seconds, and how often each was.
    ///
    /// @param to excluded
    /// @param workers whose samples are counted
    public synchronized void between(
            long from, long to, IntPredicate workers, BiConsumer<List<String>, Integer> each) {
        Map<Integer, Integer> sums = new TreeMap<>();
        for (Map<Long, Integer> second : seconds.subMap(from, Math.max(from, to)).values()) {
            second.forEach((key, samples) -> {
                if (workers.test((int) (key >> WORKER_SHIFT)))
                    sums.merge(key.intValue(), samples, Integer::sum);
            });
        }
        sums.forEach((stack, samples) -> each.accept(stacks.get(stack), samples));
    }
}
