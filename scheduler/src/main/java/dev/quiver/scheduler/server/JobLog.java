package dev.quiver.scheduler.server;

import dev.quiver.protocol.LogRecord;

/// Where a scheduler writes down what another one needs to go on in its place. Its methods must not
/// block; once records are safe it nudges the shell.
public interface JobLog {
    /// Of a scheduler that nobody goes on for.
    JobLog NONE =
            new JobLog() {
                @Override
                public long write(LogRecord entry) {
                    return 0;
                }

                @Override
                public long safe() {
                    return 0;
                }
            };

    /// Leaves a record to be written behind those before.
    ///
    /// @return its number, greater than that of each record before
    long write(LogRecord entry);

    /// The number of the last record that is safe, and all before it.
    ///
    /// @throws RuntimeException when no record will ever be safe any more: the scheduler must end,
    ///   since it doesn't know whether another goes on in its place
    long safe();
}
