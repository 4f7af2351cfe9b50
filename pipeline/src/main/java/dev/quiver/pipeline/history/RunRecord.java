package dev.quiver.pipeline.history;

import dev.quiver.pipeline.PipelineRun.StepRun;
import dev.quiver.pipeline.RowCounts;
import dev.quiver.pipeline.RunEnd;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A run as the history tells it.
///
/// @param run its id, such as `flights-1`
/// @param ledger of the pipeline
/// @param attempts one for each process that worked on it, at least one, in their order
/// @param givenUp when somebody gave it up
/// @param alerts that were sent because of it, or weren't
public record RunRecord(
        String run,
        String pipeline,
        Path ledger,
        List<Attempt> attempts,
        Optional<Instant> givenUp,
        List<Notice> alerts) {
    public RunRecord {
        attempts = List.copyOf(attempts);
        alerts = List.copyOf(alerts);
        if (attempts.isEmpty()) throw new IllegalArgumentException(run + " without an attempt");
    }

    /// What became of a run.
    public enum State {
        /// A process works on it.
        RUNNING,
        DONE,
        FAILED,
        /// Somebody stopped it; it goes on when the pipeline runs again.
        STOPPED,
        /// Its process ended without a word; it goes on when the pipeline runs again.
        KILLED,
        /// It didn't end, and somebody gave it up; nothing of it is loaded.
        GIVEN_UP
    }

    /// What one process did for a run.
    ///
    /// @param trigger what started it, for people
    /// @param host the machine, by name
    /// @param process its number there
    /// @param rows of the whole run, as far as it was then
    /// @param drift how what the run loaded differs from what the one before it loaded
    public record Attempt(
            Instant began,
            Optional<Instant> ended,
            State state,
            String trigger,
            SortedMap<String, String> parameters,
            String host,
            long process,
            RowCounts rows,
            List<String> drift,
            int units,
            int unitsDone,
            List<StepRun> steps,
            Optional<RunEnd.Failure> failure) {
        public Attempt {
            parameters = new TreeMap<>(parameters);
            drift = List.copyOf(drift);
            steps = List.copyOf(steps);
        }

        /// Rows that all loads together had loaded.
        public long rowsLoaded() {
            return rows.loaded();
        }

        /// Rows that a gate had turned away.
        public long quarantined() {
            return rows.quarantined();
        }

        /// How long it took; until now when it runs.
        public Duration duration(Instant now) {
            Instant to = ended.orElse(state == State.RUNNING ? now : began);
            return to.isBefore(began) ? Duration.ZERO : Duration.between(began, to);
        }
    }

    /// An alert.
    ///
    /// @param rule what it tells, such as `failed`
    /// @param channel where it went
    /// @param failure why it didn't get there; empty when it did
    public record Notice(Instant at, String rule, String channel, Optional<String> failure) {}

    public Attempt last() {
        return attempts.getLast();
    }

    public State state() {
        return givenUp.isPresent() ? State.GIVEN_UP : last().state();
    }

    /// When its first process began.
    public Instant began() {
        return attempts.getFirst().began();
    }

    /// How long all processes took together.
    public Duration duration(Instant now) {
        Duration all = Duration.ZERO;
        for (Attempt attempt : attempts) all = all.plus(attempt.duration(now));
        return all;
    }
}
