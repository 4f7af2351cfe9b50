package dev.quiver.protocol;

import java.util.List;

/// What the tasks of a process were found doing, since that was told last.
///
/// @param millis when it was told, since 1970, by the process's clock
/// @param readingMicros of a processor's time that went into reading samples since the sampling
///   began
/// @param names of operators and methods
/// @param found what was found how often; nothing when no task ran
public record TaskSamples(
        long millis, Means means, long readingMicros, List<String> names, List<Found> found) {
    /// What a sample stands for.
    public enum Means {
        /// An equal part of the time on a processor.
        PROCESSOR_TIME,
        /// An equal part of the time that passed.
        TIME,
        /// Nothing: this Java can't sample.
        NONE
    }

    /// A stack that was found in a second.
    ///
    /// @param second since 1970, by the process's clock
    /// @param samples how many found it
    /// @param names by their indices: the operator, then what it called, down to what ran
    public record Found(long second, int samples, List<Integer> names) {
        public Found {
            names = List.copyOf(names);
            if (samples <= 0)
                throw new IllegalArgumentException("samples=%d, must be > 0".formatted(samples));
        }
    }

    public TaskSamples {
        names = List.copyOf(names);
        found = List.copyOf(found);
        for (Found each : found)
            for (int name : each.names())
                if (name < 0 || name >= names.size())
                    throw new IllegalArgumentException(
                            "name %d of %d names".formatted(name, names.size()));
    }

    /// The names of a stack.
    public List<String> stack(Found each) {
        return each.names().stream().map(names::get).toList();
    }
}
