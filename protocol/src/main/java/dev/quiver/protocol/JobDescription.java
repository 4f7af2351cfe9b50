package dev.quiver.protocol;

import java.util.List;

/// What a job computes, in words for people. The scheduler hands it on to those who look, and reads
/// nothing in it.
///
/// @param title the last step of the query
/// @param place the line of the user's program that runs it, such as `Report.java:42`; empty when
///   it isn't known
/// @param rules that changed the plan, in how many passes each
/// @param stages each after those that it reads
public record JobDescription(
        String title, String place, List<String> rules, List<StageSteps> stages) {
    public JobDescription {
        rules = List.copyOf(rules);
        stages = List.copyOf(stages);
    }

    /// What the tasks of a stage do.
    ///
    /// @param steps the source, the operators, the sink
    public record StageSteps(int stage, List<Read> reads, List<Step> steps) {
        public StageSteps {
            reads = List.copyOf(reads);
            steps = List.copyOf(steps);
        }
    }

    /// How a stage reads another one.
    public record Read(int stage, Way way) {}

    /// Which partitions of the other stage a task reads.
    public enum Way {
        /// The one of its own number.
        ONE,
        /// All of them.
        ALL,
        /// A slice of each.
        SLICES,
        /// Some that follow each other.
        RANGE
    }

    /// A part of what a task does.
    ///
    /// @param rows how many are expected to come out, over all partitions
    /// @param exact whether they are known, not guessed
    /// @param place the line of the user's program that asked for it, such as `Report.java:42`;
    ///   empty when it isn't known
    public record Step(String label, long rows, boolean exact, String place) {}
}
