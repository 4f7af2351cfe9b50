package dev.quiver.pipeline;

import dev.quiver.dataframe.Table;
import java.util.List;

/// What a pipeline would do with the first rows of its inputs.
///
/// @param rowsMax how many rows of each extract were read at the most
public record DryRun(long rowsMax, List<Trial> loads) {
    public DryRun {
        loads = List.copyOf(loads);
    }

    /// A load that wasn't done.
    ///
    /// @param name such as `load parquet out/flights/`
    /// @param rows that it would have had
    /// @param turnedAway the rules of gates that rows broke, by name
    /// @param sample its first rows; closed with the session
    public record Trial(String name, long rows, List<RuleCount> turnedAway, Table sample) {
        public Trial {
            turnedAway = List.copyOf(turnedAway);
        }
    }

    /// How many rows a rule turned away.
    public record RuleCount(String rule, long rows) {}
}
