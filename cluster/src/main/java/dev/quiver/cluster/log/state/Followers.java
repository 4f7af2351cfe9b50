package dev.quiver.cluster.log.state;

import java.util.Arrays;

/// What a leader knows of the others.
final class Followers {
    private static final long UNKNOWN = -1;

    /// What it knows of one.
    static final class Follower {
        /// Its log is the leader's up to this entry.
        long match;

        /// The next entry that it is sent.
        long next;

        /// Whether something was sent that must be answered.
        boolean waits;

        long sentNanos;

        /// The last entry that was sent.
        long sentUpTo;

        /// Whether it was sent anything since its answer.
        boolean told;

        long toldNanos;

        long heardNanos;

        /// The last entry that it has only in a snapshot; [#UNKNOWN] until it says so.
        long snapshot = UNKNOWN;

        /// Of which snapshot of the leader's it is sent parts; 0 for none.
        long partsOf;

        int part;

        boolean isProbed() {
            return snapshot != UNKNOWN;
        }
    }

    private final Follower[] all;
    private final int self;

    /// @param last of the leader's log
    Followers(int members, int self, long last, long nanos) {
        this.self = self;
        this.all = new Follower[members];
        for (int i = 0; i < members; i++) {
            all[i] = new Follower();
            all[i].next = last + 1;
            all[i].heardNanos = nanos;
        }
    }

    Follower get(int member) {
        return all[member];
    }

    /// Whether a majority, with the leader itself, was heard of since then.
    boolean heardSince(long nanos) {
        int count = 0;
        for (int i = 0; i < all.length; i++) if (i == self || all[i].heardNanos >= nanos) count++;
        return count > all.length / 2;
    }

    /// The last entry that a majority has.
    ///
    /// @param own the leader's last one
    long matched(long own) {
        long[] matches = new long[all.length];
        for (int i = 0; i < all.length; i++) matches[i] = i == self ? own : all[i].match;
        Arrays.sort(matches);
        return matches[(all.length - 1) / 2];
    }
}
