package dev.quiver.cluster.log.state;

import dev.quiver.operator.Bytes;
import java.util.List;

/// What members say to each other. Entries are numbered from 1, parts of a snapshot from 0.
public sealed interface RaftMessage {
    /// The sender's, or the one that it would begin.
    int term();

    enum Ballot {
        /// Would you vote for me? Binds nobody.
        TRIAL,
        VOTE
    }

    /// Asks for a vote.
    ///
    /// @param lastIndex of its log
    /// @param lastTerm of its log
    record VoteAsked(int term, Ballot ballot, long lastIndex, int lastTerm) implements RaftMessage {
        public VoteAsked {
            requireCount(lastIndex);
            requireCount(lastTerm);
        }
    }

    /// @param term that was asked for when it is given, else the sender's
    record VoteAnswered(int term, Ballot ballot, boolean given) implements RaftMessage {}

    /// A leader is there, and has entries.
    ///
    /// @param previous index of the entry before the first one
    /// @param previousTerm its term; 0 for the one before all
    /// @param committed a majority has all entries up to this one
    record Append(
            int term, long previous, int previousTerm, List<RaftEntry> entries, long committed)
            implements RaftMessage {
        public Append {
            requireCount(previous);
            requireCount(committed);
            entries = List.copyOf(entries);
        }
    }

    /// @param match the log is the leader's up to this entry at least, and written
    /// @param snapshot the last entry that isn't there by itself any more
    record Appended(int term, long match, long snapshot) implements RaftMessage {
        public Appended {
            requireCount(match);
            requireCount(snapshot);
        }
    }

    /// The entry before isn't there, or is another one; or the term is over.
    ///
    /// @param hint it may be there up to this one
    record Rejected(int term, long hint) implements RaftMessage {
        public Rejected {
            requireCount(hint);
        }
    }

    /// A part of a leader's snapshot.
    ///
    /// @param lastIndex the last entry that it stands for
    /// @param last whether it is the last part
    record Part(int term, long lastIndex, int lastTerm, int part, boolean last, Bytes content)
            implements RaftMessage {
        public Part {
            requireCount(lastIndex);
            requireCount(part);
        }
    }

    /// How much of a snapshot is there.
    ///
    /// @param part the last one that is there; -1 for none
    /// @param done whether that is all, or isn't needed
    record PartStored(int term, long lastIndex, int part, boolean done) implements RaftMessage {
        public PartStored {
            requireCount(lastIndex);
            requireCount(part + 1L);
        }
    }

    /// @throws IllegalArgumentException for what can't be meant
    private static void requireCount(long count) {
        if (count < 0) throw new IllegalArgumentException("a count of " + count);
    }
}
