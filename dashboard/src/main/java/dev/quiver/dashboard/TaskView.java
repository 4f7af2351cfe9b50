package dev.quiver.dashboard;

import dev.quiver.graph.TaskKey;
import dev.quiver.protocol.JobDescription;
import dev.quiver.scheduler.state.OutputStatus;
import dev.quiver.scheduler.state.SchedulerState;
import dev.quiver.scheduler.state.StageStatus;
import dev.quiver.scheduler.state.TaskInput;
import java.util.List;
import java.util.Optional;

/// A task, as it is shown.
///
/// @param name of its stage; empty when it isn't known any more
/// @param job of which it is a part, when that was described
/// @param attempts that have ended and are remembered, the oldest first
/// @param failures why attempts failed, of those that are remembered
/// @param inputs what it reads, or read
record TaskView(
        TaskKey task,
        long micros,
        String name,
        Optional<JobLine> job,
        List<TaskRing.Ended> attempts,
        List<TaskFeed.News.Failed> failures,
        List<TaskInput> inputs,
        Told told) {
    private static final int INPUTS_MAX = 100;

    /// What the scheduler tells of it.
    ///
    /// @param isKnown to the scheduler, and not forgotten
    record Told(
            boolean isKnown,
            List<String> story,
            String why,
            List<TaskInput> inputs,
            Optional<OutputStatus> output) {
        /// The scheduler has ended.
        static final Told NOTHING = new Told(false, List.of(), "", List.of(), Optional.empty());

        static Told of(SchedulerState state, TaskKey task) {
            return new Told(
                    state.status(task.stage()).isPresent(),
                    state.story(task),
                    state.why(task),
                    state.inputs(task, INPUTS_MAX),
                    state.output(task));
        }
    }

    /// A stage that is read, of whichever tasks.
    static TaskInput whole(StageStatus stage) {
        return new TaskInput(
                stage.stage(),
                stage.name(),
                -1,
                stage.total(),
                stage.finished() + stage.dropped(),
                -1,
                stage.rows(),
                stage.bytes());
    }

    /// What it does, one after the other; empty when its query isn't known.
    List<JobDescription.Step> steps() {
        return job.stream()
                .flatMap(line -> line.what().stages().stream())
                .filter(stage -> stage.stage() == task.stage())
                .flatMap(stage -> stage.steps().stream())
                .toList();
    }

    /// Which of the steps threw when the last attempt ended; -1 when none did.
    int failedStep() {
        if (attempts.isEmpty() || !attempts.getLast().failed()) return -1;
        int last = attempts.getLast().attempt();
        return failures.stream()
                .filter(failed -> failed.attempt() == last)
                .mapToInt(TaskFeed.News.Failed::part)
                .findFirst()
                .orElse(-1);
    }

    /// Why it is as it is, in a sentence.
    String why() {
        return told.isKnown() || attempts.isEmpty()
                ? told.why()
                : "ended, and forgotten by the scheduler: nobody needs its output any more";
    }

    /// Why an attempt failed; empty when that isn't known any more.
    String why(TaskRing.Ended attempt) {
        return failures.stream()
                .filter(failed -> failed.attempt() == attempt.attempt())
                .map(TaskFeed.News.Failed::why)
                .findFirst()
                .orElse("");
    }
}
