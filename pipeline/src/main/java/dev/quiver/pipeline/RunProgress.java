package dev.quiver.pipeline;

import java.util.List;
import java.util.Optional;

/// How far a run is.
///
/// @param steps those of this process that have ended
/// @param step the one that runs, without the rows that it loads; empty between steps
/// @param rows of all loads together, those of earlier processes included
/// @param unitsDone of all loads of the run; they are written and stay
/// @param units of all loads of the run; 0 as long as it isn't known
/// @param turnedAway the rules of gates that rows broke in this process, by name
/// @param badRows the first rows that gates turned away in this process, of each rule at most three
///   and ten in all. Columns that a gate hides are hidden in them
public record RunProgress(
        RunStart start,
        List<PipelineRun.StepRun> steps,
        Optional<PipelineRun.StepRun> step,
        RowCounts rows,
        int unitsDone,
        int units,
        List<DryRun.RuleCount> turnedAway,
        List<BadRow> badRows) {
    public RunProgress {
        steps = List.copyOf(steps);
        turnedAway = List.copyOf(turnedAway);
        badRows = List.copyOf(badRows);
    }

    /// A row that a gate turned away, as its quarantine has it; long texts are clipped.
    ///
    /// @param source the file that it came from; empty when the gate doesn't stand on one
    /// @param row its line or number there, from 1; 0 when the gate doesn't stand on a file
    /// @param column that the rule is about; empty when it is about no single one
    /// @param raw the row as the file has it, or as JSON
    public record BadRow(String source, long row, String column, String rule, String raw) {}
}
