package dev.quiver.pipeline;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How a run ended in a process.
///
/// @param rows of all loads together, those of earlier processes included
/// @param drift how what was loaded differs from what the last run loaded, where [Pipeline#drift]
///   asks for it
/// @param units the parts that the loads were cut in; 0 when it didn't come so far
/// @param unitsDone those that are written and stay
/// @param steps those of this process; the last is the one that failed, where one did
/// @param failure empty when it is done
public record RunEnd(
        RunStart start,
        Instant ended,
        State state,
        RowCounts rows,
        List<String> drift,
        int units,
        int unitsDone,
        List<PipelineRun.StepRun> steps,
        Optional<Failure> failure) {
    public RunEnd {
        drift = List.copyOf(drift);
        steps = List.copyOf(steps);
    }

    /// What became of it.
    public enum State {
        /// All is loaded and visible.
        DONE,
        /// A step failed for good. What is done stays done, unless a gate stopped it or a merge
        /// refused it.
        FAILED,
        /// Somebody stopped it; it goes on when the pipeline runs again.
        STOPPED
    }

    /// What stopped it, in the three parts of an error.
    public record Failure(ErrorCode code, String what, List<String> where, String fix) {
        public Failure {
            where = List.copyOf(where);
        }

        /// The failure that an exception tells of.
        public static Failure of(RuntimeException thrown) {
            if (thrown instanceof QuiverException known)
                return new Failure(known.code(), known.what(), known.where(), known.fix());
            return new Failure(
                    ErrorCode.INTERNAL,
                    "it threw " + thrown,
                    List.of(),
                    "please report it with the log's lines");
        }
    }

    /// How long it took in this process.
    public Duration duration() {
        return Duration.between(start.began(), ended);
    }

    /// Rows that all loads together have loaded.
    public long rowsLoaded() {
        return rows.loaded();
    }

    /// Rows that a gate turned away.
    public long quarantined() {
        return rows.quarantined();
    }

    /// Rows that were left out because their keys had been loaded.
    public long dropped() {
        return rows.dropped();
    }

    /// What merges did.
    public PipelineRun.Merged merged() {
        return rows.merged();
    }

    /// Rows that this process read.
    public long rowsRead() {
        return steps.stream().mapToLong(PipelineRun.StepRun::rowsRead).sum();
    }

    /// The share of rows that are in quarantine, from 0 to 1, of all that came.
    public double quarantinedShare() {
        return rows.quarantinedShare();
    }

    /// The share of rows that were left out because their keys had been loaded, from 0 to 1, of all
    /// that came.
    public double droppedShare() {
        return rows.droppedShare();
    }
}
