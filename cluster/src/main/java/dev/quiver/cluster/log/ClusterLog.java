package dev.quiver.cluster.log;

import dev.quiver.scheduler.state.Retained;
import java.util.List;

/// What the schedulers of a cluster have written down. Entries are numbered from 1 in the order in
/// which they were left. Thread-safe.
public interface ClusterLog extends AutoCloseable {
    /// A number that no other cluster has: numbers of clients and workers hold within it.
    long cluster();

    /// This scheduler's; greater than those before.
    int epoch();

    /// What is known by what was left until now.
    Roster roster();

    /// What schedulers before this one wrote, in order; taken out.
    List<LogEntry> takeEntries();

    /// Leaves an entry to be written soon.
    ///
    /// @return its number
    long append(LogEntry entry);

    /// The last entry that is safe, with all before it.
    ///
    /// @throws dev.quiver.error.QuiverException when entries can't be written any more
    long safe();

    /// Leaves an entry and waits until it is safe.
    ///
    /// @throws dev.quiver.error.QuiverException when it can't be written
    void settle(LogEntry entry);

    /// Begins to write for a scheduler.
    ///
    /// @param progress is called when more is safe, or nothing will be any more
    /// @param grown is called when the log should be written anew by [#compact]
    void start(Runnable progress, Runnable grown);

    /// Leaves out what isn't needed of all that was left until now. Nothing that belongs to the
    /// scheduler's state may be left meanwhile.
    void compact(Retained retained);

    @Override
    void close();
}
