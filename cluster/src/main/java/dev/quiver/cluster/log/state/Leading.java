package dev.quiver.cluster.log.state;

import dev.quiver.cluster.log.state.Followers.Follower;
import java.util.Optional;

/// What a leader sends to each of the others: one thing at a time that must be answered, and a sign
/// of life where nothing is.
final class Leading {
    /// So many entries go at a time.
    private static final int ENTRIES_MAX = 64;

    private final TermRuns log;
    private final RaftSettings settings;
    private final Followers followers;
    private final int term;

    Leading(TermRuns log, RaftSettings settings, Followers followers, int term) {
        this.log = log;
        this.settings = settings;
        this.followers = followers;
        this.term = term;
    }

    /// What is to be sent now.
    Optional<RaftCommand> next(int to, long now, long committed) {
        Follower follower = followers.get(to);
        boolean waits = follower.waits && now - follower.sentNanos < settings.answerNanos();
        boolean quiet = !follower.told || now - follower.toldNanos >= settings.heartbeatNanos();
        if (!waits && needsSnapshot(follower)) return Optional.of(part(to, follower, now));
        if (!waits && follower.isProbed() && follower.next <= log.last())
            return Optional.of(entries(to, follower, now, committed));
        if (!quiet) return Optional.empty();
        return Optional.of(sign(to, follower, now, committed));
    }

    private boolean needsSnapshot(Follower follower) {
        return follower.next <= log.base() || follower.isProbed() && follower.snapshot < log.base();
    }

    /// Says that the leader is there; finds out up to where the other's log is the leader's.
    private RaftCommand sign(int to, Follower follower, long now, long committed) {
        told(follower, now);
        long known = follower.isProbed() ? follower.match : follower.next - 1;
        long previous = Math.max(log.base(), known);
        return new RaftCommand.SendEntries(to, term, previous, log.of(previous), 0, committed);
    }

    private static void told(Follower follower, long now) {
        follower.told = true;
        follower.toldNanos = now;
    }

    private static void sent(Follower follower, long now) {
        follower.waits = true;
        follower.sentNanos = now;
        told(follower, now);
    }

    private RaftCommand entries(int to, Follower follower, long now, long committed) {
        long previous = follower.next - 1;
        int count = (int) Math.min(ENTRIES_MAX, log.last() - previous);
        follower.sentUpTo = previous + count;
        sent(follower, now);
        return new RaftCommand.SendEntries(to, term, previous, log.of(previous), count, committed);
    }

    private RaftCommand part(int to, Follower follower, long now) {
        if (follower.partsOf != log.base()) {
            follower.partsOf = log.base();
            follower.part = 0;
        }
        sent(follower, now);
        return new RaftCommand.SendPart(to, term, log.base(), log.baseTerm(), follower.part);
    }

    void appended(int from, RaftMessage.Appended appended, long now) {
        Follower follower = followers.get(from);
        follower.heardNanos = now;
        follower.snapshot = Math.max(follower.snapshot, appended.snapshot());
        if (follower.snapshot >= follower.partsOf) follower.partsOf = 0;
        boolean more = appended.match() > follower.match;
        follower.match = Math.max(follower.match, appended.match());
        follower.next = Math.max(follower.next, follower.match + 1);
        boolean answered = more || follower.match >= follower.sentUpTo;
        if (answered && follower.partsOf == 0) follower.waits = false;
    }

    void rejected(int from, long hint, long now) {
        Follower follower = followers.get(from);
        follower.heardNanos = now;
        if (follower.next <= follower.match + 1) return; // of what was sent before
        follower.next = Math.max(follower.match + 1, Math.min(follower.next - 1, hint + 1));
        follower.waits = false;
        follower.told = false;
    }

    void stored(int from, RaftMessage.PartStored stored, long now) {
        Follower follower = followers.get(from);
        follower.heardNanos = now;
        if (stored.done()) {
            follower.snapshot = Math.max(follower.snapshot, stored.lastIndex());
            follower.match = Math.max(follower.match, stored.lastIndex());
            follower.next = Math.max(follower.next, follower.match + 1);
            if (follower.partsOf > stored.lastIndex()) return;
            follower.partsOf = 0;
            follower.waits = false;
        } else if (stored.lastIndex() == follower.partsOf) {
            follower.part = stored.part() + 1;
            follower.waits = false;
        }
    }
}
