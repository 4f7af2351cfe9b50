package dev.quiver.protocol;

import dev.quiver.graph.TaskKey;

/// What the scheduler tells the client.
///
/// After a fail-over, or when a client comes back, everything is told again that holds: a client
/// must take the same notice twice, and ignores whatever comes about a task that has failed, a
/// stage that was reported as finished and a job that has failed.
public sealed interface ClientNotice {
    /// A wanted output is there. It may come again with a greater attempt when the output was lost
    /// and computed again.
    record TaskFinished(int stage, int partition, int attempt, int worker, long rows, long bytes)
            implements ClientNotice {}

    /// Something has failed for good.
    sealed interface Failing extends ClientNotice {
        Failure failure();

        /// The task whose failure this is: the task itself or one that it reads, directly or not.
        TaskKey origin();

        /// The same with more known about the failure.
        Failing because(Failure known);
    }

    /// A wanted task has failed for good.
    record TaskFailed(int stage, int partition, Failure failure, TaskKey origin)
            implements Failing {
        @Override
        public TaskFailed because(Failure known) {
            return new TaskFailed(stage, partition, known, origin);
        }
    }

    /// Every partition of the stage has finished or was dropped, for the first time. Comes for each
    /// stage that doesn't grow, after the stage's last [TaskFinished]; a planner may append stages
    /// now.
    ///
    /// @param nanos time spent in its tasks, all workers together
    record StageFinished(int stage, long rows, long bytes, long nanos) implements ClientNotice {}

    /// The job has failed for good: a task of a job that fails fast has failed, or the job was
    /// cancelled.
    record JobFailed(long job, Failure failure, TaskKey origin) implements Failing {
        @Override
        public JobFailed because(Failure known) {
            return new JobFailed(job, known, origin);
        }
    }

    /// The scheduler has forgotten the stage; its program isn't needed any more.
    record StageForgotten(int stage) implements ClientNotice {}

    /// All messages of the client up to this one, by the numbers that it gave them, survive the
    /// scheduler. What isn't accepted when a client comes to another scheduler must be said again,
    /// with the same numbers and in the same order. Only the last of several counts.
    record Accepted(long sequence) implements ClientNotice {}

    /// A message made no sense and was ignored.
    record Refused(ClientMessage message, String why) implements ClientNotice {}

    /// What is answered to [ClientMessage.Asked]. It comes again until the client has said that it
    /// has it.
    record Answered(long request, CoordinationAnswer answer) implements ClientNotice {}
}
