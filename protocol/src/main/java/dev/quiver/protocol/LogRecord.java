package dev.quiver.protocol;

import dev.quiver.graph.TaskKey;

/// What a scheduler writes down so that another can go on in its place: what clients asked for and
/// the few decisions that can't be found out again. There is never a record for a task that
/// finished: workers tell what they hold.
public sealed interface LogRecord {
    /// A client's message that was accepted.
    ///
    /// @param client who said it
    /// @param sequence its number among the client's messages; 0 = not numbered
    record Said(long client, long sequence, ClientMessage message) implements LogRecord {}

    /// All messages of the client up to this one were taken in, whether they left something behind
    /// or not.
    record Heard(long client, long sequence) implements LogRecord {}

    /// Tasks have failed for good, from `from` up to, not including, `to`.
    ///
    /// @param origin where that began; see [ClientNotice.TaskFailed]
    /// @param own true when it began with each of the tasks itself
    record TasksFailed(int stage, int from, int to, Failure failure, TaskKey origin, boolean own)
            implements LogRecord {
        /// Where it began that the task failed.
        public TaskKey origin(int partition) {
            return own ? new TaskKey(stage, partition) : origin;
        }
    }

    /// An impure task runs again after others had started on its output: attempts at those, direct
    /// or not, that are smaller than `attempt` are void.
    record Restarted(int stage, int partition, int attempt) implements LogRecord {}

    /// A job has failed or was cancelled.
    record JobFailed(long job, Failure failure, TaskKey origin) implements LogRecord {}

    /// The stage was reported as finished.
    record StageFinished(int stage, long rows, long bytes, long nanos) implements LogRecord {}

    /// A client has gone for good: what it held of what all share is given back.
    record Left(long client) implements LogRecord {}

    /// Something that holds about what all clients share, in a log that was written anew.
    record Shared(CoordinationFact fact) implements LogRecord {}
}
