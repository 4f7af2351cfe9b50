package dev.quiver.protocol;

import java.util.Optional;

/// Where a run of outputs is that a task reads: partitions from `from` up to, not including, `to`
/// of `stage`, all computed by the same attempt on the same worker.
///
/// @param dependency which of the reading stage's inputs it is
/// @param attempt the attempt whose output it is
/// @param worker the worker that holds it
public record InputRun(int dependency, int stage, int from, int to, int attempt, int worker) {
    /// What of it lies within the partitions from `low` up to, not including, `high`.
    public Optional<InputRun> within(long low, long high) {
        if (to <= low || from >= high) {
            return Optional.empty();
        }
        int begin = (int) Math.max(low, from);
        int end = (int) Math.min(high, to);
        boolean whole = begin == from && end == to;
        return Optional.of(
                whole ? this : new InputRun(dependency, stage, begin, end, attempt, worker));
    }
}
