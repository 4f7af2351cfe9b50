package dev.quiver.cluster.log.state;

import dev.quiver.operator.Bytes;
import java.util.List;

/// What a member has its process do. What is to be [kept][Kept] must be safe before anything is
/// sent or told that was commanded after it.
public sealed interface RaftCommand {
    /// Something to be written.
    sealed interface Kept extends RaftCommand {}

    /// @param votedFor -1 for nobody yet
    record Vote(int term, int votedFor) implements Kept {}

    /// Entries, in the place of all from the first of them on.
    record Write(long first, List<RaftEntry> entries) implements Kept {
        public Write {
            entries = List.copyOf(entries);
        }
    }

    /// A part of a snapshot that isn't whole yet; the first one takes the place of what was there
    /// of another.
    record StorePart(int part, Bytes content) implements Kept {}

    /// The stored parts are whole: they take the place of all entries up to one.
    ///
    /// @param rest whether the entries behind it stay
    record Install(long lastIndex, int lastTerm, boolean rest) implements Kept {}

    record Send(int to, RaftMessage message) implements RaftCommand {}

    /// Send entries of the log by [RaftMessage.Append].
    ///
    /// @param count how many; may be 0. Fewer may be sent, but one
    record SendEntries(int to, int term, long previous, int previousTerm, int count, long committed)
            implements RaftCommand {}

    /// Send a part of the snapshot by [RaftMessage.Part].
    record SendPart(int to, int term, long lastIndex, int lastTerm, int part)
            implements RaftCommand {}

    /// A majority has all entries up to this one.
    record Committed(long index) implements RaftCommand {}

    /// This member is the leader now. All that others committed is in its log.
    record Lead(int term) implements RaftCommand {}

    /// This member isn't the leader, or isn't any more.
    ///
    /// @param leader who is; -1 when that isn't known
    record Follow(int term, int leader) implements RaftCommand {}
}
