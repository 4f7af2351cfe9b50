package dev.quiver.pipeline;

import dev.quiver.dataframe.Table;
import java.time.Duration;
import java.util.List;

/// What a run did.
///
/// ```java
/// PipelineRun run = pipeline.run(q);
/// System.out.println(run.rowsLoaded() + " rows, " + run.quarantined() + " in quarantine");
/// ```
///
/// @param id the pipeline's name and the run's number, such as `flights-1`
/// @param rowsLoaded of all loads together, those of earlier processes included
/// @param quarantined rows that a gate turned away, each counted once
/// @param units the parts that the loads were cut in
/// @param resumedUnits how many of them an earlier process had done
/// @param duration in this process
/// @param steps in the order in which they ran
/// @param reports the answers to the reports; closed with the session
/// @param drift how what was loaded differs from what the last run loaded, where [Pipeline#drift]
///   asks for it
public record PipelineRun(
        String id,
        long rowsLoaded,
        long quarantined,
        int units,
        int resumedUnits,
        Duration duration,
        List<StepRun> steps,
        List<ReportRun> reports,
        List<String> drift) {
    public PipelineRun {
        steps = List.copyOf(steps);
        reports = List.copyOf(reports);
        drift = List.copyOf(drift);
    }

    /// What a step did.
    ///
    /// @param name such as `extract`, `load parquet out/flights/` or `publish`
    /// @param units 0 when it has none
    /// @param rowsRead in this process
    /// @param rows loaded
    /// @param bytes of the files that were loaded
    /// @param quarantined rows that were turned away
    /// @param retries how often something was tried again
    /// @param peakBytes the most memory that the session counted while the step ran
    public record StepRun(
            String name,
            int units,
            long rowsRead,
            long rows,
            long bytes,
            long quarantined,
            int retries,
            long peakBytes,
            Duration duration) {}

    /// The answer to a report.
    public record ReportRun(String name, Table table) {}

    /// The answer to the report of that name.
    ///
    /// @throws IllegalArgumentException when there is none
    public Table report(String name) {
        return reports.stream()
                .filter(report -> report.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "no report '%s'; has: %s"
                                        .formatted(
                                                name,
                                                String.join(
                                                        ", ",
                                                        reports.stream()
                                                                .map(ReportRun::name)
                                                                .toList()))))
                .table();
    }
}
