package dev.quiver.pipeline;

import dev.quiver.dataframe.Table;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

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
/// @param dropped rows that were left out because their keys had been loaded; of all loads together
/// @param merged what merges did
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
        long dropped,
        Merged merged,
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

    /// What became of the rows that came to be merged, of all merges together.
    ///
    /// @param inserted whose keys were new
    /// @param updated that took the place of others
    /// @param unchanged that changed nothing: a later row has their key, or the same is there
    public record Merged(long inserted, long updated, long unchanged) {
        /// Whether no merge did anything.
        public boolean isNone() {
            return inserted + updated + unchanged == 0;
        }

        /// Such as `12 inserted, 3 updated, 40 unchanged`.
        @Override
        public String toString() {
            return "%d inserted, %d updated, %d unchanged".formatted(inserted, updated, unchanged);
        }
    }

    /// What a step did.
    ///
    /// @param name such as `extract`, `load parquet out/flights/` or `publish`
    /// @param units 0 when it has none
    /// @param rowsRead in this process
    /// @param rows loaded
    /// @param bytes of the files that were loaded
    /// @param quarantined rows that were turned away
    /// @param dropped rows that were left out because their keys had been loaded
    /// @param merged what a merge did
    /// @param retries how often something was tried again
    /// @param peakBytes the most memory that the session counted while the step ran
    public record StepRun(
            String name,
            int units,
            long rowsRead,
            long rows,
            long bytes,
            long quarantined,
            long dropped,
            Merged merged,
            int retries,
            long peakBytes,
            Duration duration) {
        /// What became of its rows.
        public RowCounts counts() {
            return new RowCounts(rows, quarantined, dropped, merged);
        }
    }

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

    /// Such as `flights-1: 327346 rows loaded, 9430 in quarantine, 7.2 s`.
    @Override
    public String toString() {
        return id + ": " + outcome();
    }

    RowCounts rows() {
        return new RowCounts(rowsLoaded, quarantined, dropped, merged);
    }

    String outcome() {
        var text = new StringBuilder(rows().toString());
        if (resumedUnits > 0)
            text.append(", %d of %d units by an earlier process".formatted(resumedUnits, units));
        return text.append(String.format(Locale.ROOT, ", %.1f s", duration.toNanos() / 1e9))
                .toString();
    }
}
