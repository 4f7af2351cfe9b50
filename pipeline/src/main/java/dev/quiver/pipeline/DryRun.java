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

        /// For people: what would be loaded, the rules that turn rows away, the sample.
        @Override
        public String toString() {
            var text = new StringBuilder();
            text.append("%s: %,d rows would be loaded\n".formatted(name, rows));
            for (RuleCount rule : turnedAway)
                text.append("  %,d rows break '%s'\n".formatted(rule.rows(), rule.rule()));
            return text.append(sample).toString();
        }
    }

    /// For people: each load, as it would be.
    @Override
    public String toString() {
        var text = new StringBuilder();
        text.append("with the first %,d rows of each extract:\n".formatted(rowsMax));
        for (Trial load : loads) text.append(load).append('\n');
        return text.toString().stripTrailing();
    }

    /// How many rows a rule turned away.
    public record RuleCount(String rule, long rows) {}
}
