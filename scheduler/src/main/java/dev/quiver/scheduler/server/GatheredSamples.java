package dev.quiver.scheduler.server;

import dev.quiver.protocol.TaskSamples;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Samples that have been read, until they are told of: so many different stacks at most.
/// Thread-safe.
final class GatheredSamples {
    /// So many stacks wait at most; what is found then is counted together.
    static final int STACKS_MAX = 2000;

    /// Of longer names the end is told.
    static final int LETTERS_MAX = 200;

    private static final List<String> OTHERS = List.of(ProfileBook.OTHERS);

    private final Map<Key, Integer> counts = new LinkedHashMap<>();
    private TaskSamples.Means means = TaskSamples.Means.NONE;
    private long readingMicros;
    private volatile boolean isReady;

    private record Key(long second, List<String> stack) {}

    synchronized void add(long second, List<String> stack) {
        var key = new Key(second, stack);
        if (counts.size() >= STACKS_MAX && !counts.containsKey(key)) key = new Key(second, OTHERS);
        counts.merge(key, 1, Integer::sum);
    }

    /// What was added until now may be taken.
    synchronized void told(TaskSamples.Means by, long micros) {
        means = by;
        readingMicros = micros;
        isReady = true;
    }

    Optional<TaskSamples> take() {
        return isReady ? Optional.of(taken()) : Optional.empty();
    }

    private synchronized TaskSamples taken() {
        var names = new LinkedHashMap<String, Integer>();
        var found = new ArrayList<TaskSamples.Found>();
        counts.forEach((key, samples) -> {
            var stack = new ArrayList<Integer>();
            for (String name : key.stack())
                stack.add(names.computeIfAbsent(clipped(name), _ -> names.size()));
            found.add(new TaskSamples.Found(key.second(), samples, stack));
        });
        counts.clear();
        isReady = false;
        return new TaskSamples(
                System.currentTimeMillis(),
                means,
                readingMicros,
                List.copyOf(names.keySet()),
                found);
    }

    private static String clipped(String name) {
        int letters = name.length();
        return letters <= LETTERS_MAX ? name : "…" + name.substring(letters - LETTERS_MAX + 1);
    }

    synchronized void clear() {
        counts.clear();
        isReady = false;
    }
}
