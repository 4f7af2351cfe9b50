package dev.quiver.simulation;

import java.util.TreeMap;

/// The output of a task, boiled down to a number that depends on everything that was read for it.
///
/// @param value of the task and its inputs
/// @param rows how many rows it stands for
/// @param impure the attempts of impure tasks that it comes from, by task
record Chunk(long value, int rows, TreeMap<Long, Integer> impure) {
    /// What a partition of a shuffle sees of it.
    long slice(int index) {
        return mix(value, index + 1L);
    }

    static long mix(long a, long b) {
        long h = (a ^ (b * 0x9E3779B97F4A7C15L)) * 0xBF58476D1CE4E5B9L;
        return h ^ (h >>> 29);
    }
}
