package dev.quiver.simulation;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// What goes wrong in a run, how often, and how often it did.
final class Accidents {
    final int userErrorPerMille;
    final int outOfMemoryPerMille;
    int crashesLeft;
    int pausesLeft;
    int crashes;
    int pauses;
    int expiries;
    int fetchesGivenUp;
    int restarts;

    /// How often each task has thrown or run too long, in any attempt.
    final TreeMap<Long, Integer> userErrors = new TreeMap<>();

    final TreeMap<Long, Integer> outOfMemory = new TreeMap<>();

    /// How often each task ran on a worker that went.
    final TreeMap<Long, Integer> losses = new TreeMap<>();

    Accidents(SplittableRandom random) {
        userErrorPerMille = random.nextInt(2) == 0 ? 0 : random.nextInt(80);
        outOfMemoryPerMille = random.nextInt(3) == 0 ? random.nextInt(60) : 0;
        crashesLeft = random.nextInt(3) == 0 ? 0 : random.nextInt(6);
        pausesLeft = random.nextInt(3) == 0 ? 1 + random.nextInt(2) : 0;
    }

    /// Nothing goes wrong.
    private Accidents() {
        userErrorPerMille = 0;
        outOfMemoryPerMille = 0;
    }

    static Accidents none() {
        return new Accidents();
    }

    /// True when nothing has happened to a worker or a task.
    boolean nothingHappened() {
        return crashes + pauses + expiries + fetchesGivenUp + restarts == 0
                && userErrors.isEmpty()
                && outOfMemory.isEmpty();
    }

    static void count(Map<Long, Integer> counts, long task) {
        counts.merge(task, 1, Integer::sum);
    }

    static int total(Map<Long, Integer> counts) {
        int total = 0;
        for (int count : counts.values()) {
            total += count;
        }
        return total;
    }

    boolean over() {
        return crashesLeft == 0 && pausesLeft == 0;
    }
}
