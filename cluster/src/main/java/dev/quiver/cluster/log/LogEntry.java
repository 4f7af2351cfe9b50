package dev.quiver.cluster.log;

import dev.quiver.operator.Bytes;
import dev.quiver.protocol.CodeBatch;
import dev.quiver.protocol.LogRecord;

/// One entry of a cluster's log. Numbers of clients, workers and stages are never given twice in
/// the life of a cluster, whatever dies.
public sealed interface LogEntry {
    /// The first scheduler of a cluster begins.
    ///
    /// @param cluster a number that no other cluster has
    record Founded(long cluster) implements LogEntry {}

    /// A scheduler begins: all that follows up to the next of these is its own.
    ///
    /// @param epoch greater than those before
    record Opened(int epoch) implements LogEntry {}

    /// Something of the scheduler's state.
    ///
    /// @param codes of the tasks that the record appends; else none
    record Job(LogRecord entry, CodeBatch codes) implements LogEntry {}

    /// A client was given its number.
    ///
    /// @param token what it proves by that it is that client
    /// @param leaseMillis for so long it may be away
    /// @param worker whose tasks it speaks for; -1 when it speaks for none
    record ClientCame(int client, String name, Bytes token, long leaseMillis, int worker)
            implements LogEntry {}

    /// The client has gone for good.
    record ClientGone(int client) implements LogEntry {}

    /// A client was given the numbers of a block for its stages.
    record StagesGiven(int client, int block) implements LogEntry {}

    /// A worker was given its number.
    record WorkerCame(int worker) implements LogEntry {}

    /// The worker counts as lost. It may come again with what it holds.
    record WorkerGone(int worker) implements LogEntry {}

    /// A program was submitted and has that number.
    record ProgramSubmitted(int number) implements LogEntry {}

    /// How many numbers were given, in a log that was written anew.
    record Given(int clients, int blocks, int workers) implements LogEntry {}
}
