package dev.quiver.pipeline;

import dev.quiver.client.UnitLoads;
import dev.quiver.error.Cancelled;
import dev.quiver.worker.store.TurnedAway;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// Tells the observers of a run about it, counts what each step did, and lets log lines say where
/// they come from.
final class RunTelling {
    private static final Logger LOG = LoggerFactory.getLogger(RunTelling.class);

    private final RunStart start;
    private final List<RunObserver> observers;
    private final Surroundings surroundings;
    private final UnitLoads units;
    private final Retries retries;
    private final List<PipelineRun.StepRun> steps = new ArrayList<>();
    private Progress progress = Progress.NONE;
    private final BadRows badRows = new BadRows();
    private List<String> drift = List.of();
    private @Nullable Step step;

    RunTelling(
            RunStart start,
            List<RunObserver> observers,
            Surroundings surroundings,
            UnitLoads units,
            Retries retries) {
        this.start = start;
        this.observers = List.copyOf(observers);
        this.surroundings = surroundings;
        this.units = units;
        this.retries = retries;
    }

    /// How far the run is.
    record Progress(RowCounts rows, int done, int units) {
        static final Progress NONE = new Progress(RowCounts.NONE, 0, 0);

        static Progress of(Ledger.Run run) {
            return new Progress(run.counts(), run.doneCount(), run.key().units().size());
        }
    }

    /// A step that hasn't ended.
    private static final class Step {
        private final String name;
        private final long from;
        private final int retried;
        private long rowsRead;
        private long peakBytes;

        private Step(String name, long from, int retried) {
            this.name = name;
            this.from = from;
            this.retried = retried;
        }
    }

    void began() {
        MDC.put("pipeline", start.pipeline());
        MDC.put("run", start.run());
        tell(observer -> observer.began(start));
    }

    private void tell(Consumer<RunObserver> call) {
        for (RunObserver observer : observers) {
            try {
                call.accept(observer);
            } catch (RuntimeException e) {
                LOG.warn("an observer of run '{}' threw, and the run goes on", start.run(), e);
            }
        }
    }

    /// A step begins; what is counted from now on is its own.
    void step(String name) {
        MDC.put("step", name);
        units.resetPeak();
        step = new Step(name, surroundings.nanos().getAsLong(), retries.count());
        stepped(name);
    }

    private void stepped(String name) {
        tell(observer -> observer.stepped(start, name, progress.done(), progress.units()));
        progressed();
    }

    private void progressed() {
        Optional<PipelineRun.StepRun> now =
                Optional.ofNullable(step).map(open -> counted(open, 0, RowCounts.NONE, 0));
        var told =
                new RunProgress(
                        start,
                        steps,
                        now,
                        progress.rows(),
                        progress.done(),
                        progress.units(),
                        badRows.rules(),
                        badRows.first());
        tell(observer -> observer.progressed(told));
    }

    /// The step has ended.
    void stepDone(int unitCount, RowCounts rows, long bytes) {
        Step ended = step;
        if (ended == null) throw new IllegalStateException("no step of " + start.run());
        steps.add(counted(ended, unitCount, rows, bytes));
        step = null;
        progressed();
        MDC.remove("step");
        MDC.remove("unit");
    }

    private PipelineRun.StepRun counted(Step ended, int unitCount, RowCounts rows, long bytes) {
        return new PipelineRun.StepRun(
                ended.name,
                unitCount,
                ended.rowsRead,
                rows.loaded(),
                bytes,
                rows.quarantined(),
                rows.dropped(),
                rows.merged(),
                retries.count() - ended.retried,
                Math.max(ended.peakBytes, units.peakBytes()),
                Duration.ofNanos(surroundings.nanos().getAsLong() - ended.from));
    }

    /// The steps that ended.
    List<PipelineRun.StepRun> steps() {
        return steps;
    }

    /// The run is as far as this.
    void at(Ledger.Run run) {
        progress = Progress.of(run);
    }

    /// What was loaded differs from what the last run loaded.
    void drifted(List<String> found) {
        drift = found;
    }

    /// The step read rows, in tasks that ended or were given up.
    void read(long rows) {
        if (step != null) step.rowsRead += rows;
    }

    /// Gates turned rows away, in a unit that is in the ledger.
    void turnedAway(TurnedAway rows) {
        badRows.add(rows);
    }

    /// A unit is in the ledger.
    ///
    /// @throws Cancelled when an observer wants the run to stop
    void unitDone(Ledger.Run run) {
        at(run);
        if (step == null) return;
        step.peakBytes = Math.max(step.peakBytes, units.peakBytes());
        stepped(step.name);
        boolean isLast = progress.done() == progress.units();
        if (isLast || observers.stream().noneMatch(RunObserver::stops)) return;
        throw new Cancelled(
                "run '%s' was stopped behind a unit".formatted(start.run()),
                List.of("done: %d of %d units".formatted(progress.done(), progress.units())),
                "run the pipeline again: it goes on where it was",
                null);
    }

    void done() {
        ended(RunEnd.State.DONE, Optional.empty());
    }

    void failed(RuntimeException thrown) {
        Step broken = step;
        if (broken != null) steps.add(counted(broken, 0, RowCounts.NONE, 0));
        step = null;
        boolean isStopped = thrown instanceof Cancelled;
        ended(
                isStopped ? RunEnd.State.STOPPED : RunEnd.State.FAILED,
                Optional.of(RunEnd.Failure.of(thrown)));
    }

    private void ended(RunEnd.State state, Optional<RunEnd.Failure> failure) {
        progressed();
        Instant now = surroundings.clock().instant();
        var end =
                new RunEnd(
                        start,
                        now.isBefore(start.began()) ? start.began() : now,
                        state,
                        progress.rows(),
                        drift,
                        progress.units(),
                        progress.done(),
                        steps,
                        failure);
        tell(observer -> observer.ended(end));
    }

    /// The next log lines have the figures of a run.
    static void count(PipelineRun run) {
        run.rows().figures().forEach((name, rows) -> MDC.put(name, Long.toString(rows)));
    }

    /// Log lines don't speak of the run any more.
    static void forget() {
        for (String name : List.of("pipeline", "run", "step", "unit")) MDC.remove(name);
        RowCounts.NONE.figures().keySet().forEach(MDC::remove);
    }
}
