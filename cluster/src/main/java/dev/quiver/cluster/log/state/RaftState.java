package dev.quiver.cluster.log.state;

import dev.quiver.cluster.log.state.RaftMessage.Append;
import dev.quiver.cluster.log.state.RaftMessage.Appended;
import dev.quiver.cluster.log.state.RaftMessage.Ballot;
import dev.quiver.cluster.log.state.RaftMessage.Part;
import dev.quiver.cluster.log.state.RaftMessage.PartStored;
import dev.quiver.cluster.log.state.RaftMessage.Rejected;
import dev.quiver.cluster.log.state.RaftMessage.VoteAnswered;
import dev.quiver.cluster.log.state.RaftMessage.VoteAsked;
import dev.quiver.operator.Bytes;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/// One member of a list that agrees on a log. What the entries hold doesn't concern it.
public final class RaftState {
    private static final int NOBODY = -1;
    private static final long MIXER = 0x9E37_79B9_7F4A_7C15L;
    private static final int MIXED_BITS = 20;

    private enum Role {
        FOLLOWER,
        TRYING,
        CANDIDATE,
        LEADER
    }

    private final int self;
    private final int members;
    private final RaftSettings settings;
    private final TermRuns log;
    private final Set<Integer> votes = new TreeSet<>();
    private Consumer<RaftCommand> commands = _ -> {};
    private Role role = Role.FOLLOWER;
    private int term;
    private int votedFor;
    private int leader = NOBODY;
    private long committed;
    private long now = Long.MIN_VALUE;

    /// When a leader was last heard of, or a vote given, or this member tried.
    private long contactNanos = Long.MIN_VALUE;

    private boolean leaderHeard;
    private int trials;
    private Followers followers;
    private Leading leading;

    /// Which snapshot's parts are being received; 0 for none.
    private long receiving;

    private int received = -1;

    /// @param self this member's place in the list
    /// @param members how long the list is
    public RaftState(int self, int members, RaftSettings settings, RaftMemory memory) {
        this.self = self;
        this.members = members;
        this.settings = settings;
        this.term = memory.term();
        this.votedFor = memory.votedFor();
        this.log = new TermRuns(memory.base(), memory.baseTerm());
        memory.terms().forEach(log::append);
        this.committed = memory.base();
        this.followers = new Followers(members, self, log.last(), now);
        this.leading = new Leading(log, settings, followers, term);
    }

    /// Takes in what happens.
    ///
    /// @param out is told what is to be done, in order
    public void on(RaftEvent event, Consumer<RaftCommand> out) {
        commands = out;
        switch (event) {
            case RaftEvent.Ticked(long nanos) -> tick(nanos);
            case RaftEvent.Received(int from, var message) -> receive(from, message);
            case RaftEvent.Proposed(var contents) -> propose(contents);
            case RaftEvent.Compacted(long index) -> compacted(index);
        }
    }

    public boolean isLeader() {
        return role == Role.LEADER;
    }

    /// Who leads, as far as is known; -1 when that isn't known.
    public int leader() {
        return leader;
    }

    public int term() {
        return term;
    }

    /// The last entry of the log.
    public long last() {
        return log.last();
    }

    /// A majority has all entries up to this one.
    public long committed() {
        return committed;
    }

    private void tick(long nanos) {
        boolean first = now == Long.MIN_VALUE;
        now = nanos;
        if (first) contactNanos = nanos;
        if (role == Role.LEADER) {
            if (followers.heardSince(now - settings.electionNanos())) replicate();
            else step(NOBODY);
        } else if (now - contactNanos >= patienceNanos()) {
            attempt();
        }
    }

    /// Each member waits differently long, and each time, so that two don't try at once for ever.
    private long patienceNanos() {
        if (members == 1) return 0;
        long mixed = (self * 31L + trials + 1) * MIXER;
        mixed = (mixed ^ mixed >>> 31) * MIXER >>> Long.SIZE - MIXED_BITS;
        return settings.electionNanos() + (settings.electionNanos() * mixed >> MIXED_BITS);
    }

    // ---- becoming the leader

    private void attempt() {
        follow(NOBODY);
        role = Role.TRYING;
        trials++;
        contactNanos = now;
        ask(Ballot.TRIAL, term + 1);
    }

    private void stand() {
        role = Role.CANDIDATE;
        term++;
        votedFor = self;
        commands.accept(new RaftCommand.Vote(term, votedFor));
        contactNanos = now;
        ask(Ballot.VOTE, term);
    }

    private void ask(Ballot ballot, int wanted) {
        votes.clear();
        for (int to = 0; to < members; to++)
            if (to != self) send(to, new VoteAsked(wanted, ballot, log.last(), log.lastTerm()));
        voted(self);
    }

    private void voted(int from) {
        votes.add(from);
        if (votes.size() <= members / 2) return;
        if (role == Role.TRYING) stand();
        else if (role == Role.CANDIDATE) lead();
    }

    private void lead() {
        role = Role.LEADER;
        leader = self;
        followers = new Followers(members, self, log.last(), now);
        leading = new Leading(log, settings, followers, term);
        commands.accept(new RaftCommand.Lead(term));
        replicate();
    }

    /// Whether a candidate's log has all that may be committed.
    private boolean isComplete(VoteAsked asked) {
        return asked.lastTerm() > log.lastTerm()
                || asked.lastTerm() == log.lastTerm() && asked.lastIndex() >= log.last();
    }

    /// While a leader is heard of nobody is voted for: who can't hear it would only disturb.
    private boolean isLed() {
        if (role == Role.LEADER) return true;
        return leaderHeard && now - contactNanos < settings.electionNanos();
    }

    private void answer(int from, VoteAsked asked) {
        boolean free =
                switch (asked.ballot()) {
                    case TRIAL -> asked.term() > term && !isLed();
                    case VOTE -> asked.term() == term && (votedFor == NOBODY || votedFor == from);
                };
        boolean given = free && isComplete(asked);
        if (given && asked.ballot() == Ballot.VOTE) {
            votedFor = from;
            contactNanos = now;
            commands.accept(new RaftCommand.Vote(term, votedFor));
        }
        send(from, new VoteAnswered(given ? asked.term() : term, asked.ballot(), given));
    }

    private void count(int from, VoteAnswered answer) {
        switch (answer.ballot()) {
            case TRIAL -> {
                if (role == Role.TRYING && answer.given() && answer.term() == term + 1) voted(from);
            }
            case VOTE -> {
                if (role == Role.CANDIDATE && answer.given() && answer.term() == term) voted(from);
            }
        }
    }

    // ---- terms

    private void adopt(int newTerm) {
        follow(NOBODY);
        term = newTerm;
        votedFor = NOBODY;
        commands.accept(new RaftCommand.Vote(term, votedFor));
    }

    /// Is a follower from now on.
    private void step(int newLeader) {
        boolean wasLeader = role == Role.LEADER;
        role = Role.FOLLOWER;
        if (wasLeader) contactNanos = now;
        if (wasLeader || newLeader != leader) {
            leader = newLeader;
            commands.accept(new RaftCommand.Follow(term, leader));
        }
    }

    private void follow(int newLeader) {
        leaderHeard = newLeader != NOBODY;
        step(newLeader);
    }

    private void receive(int from, RaftMessage message) {
        boolean binds = binds(message);
        if (message.term() > term && binds) {
            if (message instanceof VoteAsked && isLed()) return;
            adopt(message.term());
        }
        if (message.term() < term && binds) {
            outdated(from, message);
            return;
        }
        switch (message) {
            case VoteAsked asked -> answer(from, asked);
            case VoteAnswered answer -> count(from, answer);
            case Append append -> take(from, append);
            case Appended appended -> {
                if (role != Role.LEADER) return;
                leading.appended(from, appended, now);
                advance();
                replicate(from);
            }
            case Rejected(_, long hint) -> {
                if (role != Role.LEADER) return;
                leading.rejected(from, hint, now);
                replicate(from);
            }
            case Part part -> take(from, part);
            case PartStored stored -> {
                if (role != Role.LEADER) return;
                leading.stored(from, stored, now);
                advance();
                replicate(from);
            }
        }
    }

    /// Whether a message says that its sender is in its term.
    private static boolean binds(RaftMessage message) {
        return switch (message) {
            case VoteAsked asked -> asked.ballot() == Ballot.VOTE;
            case VoteAnswered answer -> !(answer.ballot() == Ballot.TRIAL && answer.given());
            default -> true;
        };
    }

    /// Who is behind learns that.
    private void outdated(int from, RaftMessage message) {
        switch (message) {
            case VoteAsked(_, Ballot ballot, _, _) ->
                    send(from, new VoteAnswered(term, ballot, false));
            case Append _, Part _ -> send(from, new Rejected(term, 0));
            default -> {}
        }
    }

    // ---- following

    private void hear(int from) {
        follow(from);
        contactNanos = now;
        trials = 0;
    }

    private void take(int from, Append append) {
        hear(from);
        long previous = append.previous();
        if (previous >= log.base() && !log.has(previous, append.previousTerm())) {
            long hint = previous > log.last() ? log.last() : log.before(previous);
            send(from, new Rejected(term, hint));
            return;
        }
        List<RaftEntry> entries = append.entries();
        int known = 0;
        while (known < entries.size() && isThere(previous + 1 + known, entries.get(known).term()))
            known++;
        if (known < entries.size()) {
            List<RaftEntry> more = entries.subList(known, entries.size());
            write(previous + 1 + known, more);
        }
        long match = previous + entries.size();
        commit(Math.min(append.committed(), match));
        send(from, new Appended(term, match, log.base()));
    }

    /// What a snapshot stands for was committed, so it is the leader's too.
    private boolean isThere(long index, int itsTerm) {
        return index <= log.base() || log.has(index, itsTerm);
    }

    private void write(long first, List<RaftEntry> entries) {
        if (first <= committed)
            throw new IllegalStateException(
                    "entry %d of %d committed ones is to be replaced".formatted(first, committed));
        log.truncate(first);
        entries.forEach(entry -> log.append(entry.term()));
        commands.accept(new RaftCommand.Write(first, entries));
    }

    private void commit(long index) {
        if (index <= committed) return;
        committed = index;
        commands.accept(new RaftCommand.Committed(index));
    }

    private void take(int from, Part part) {
        hear(from);
        long index = part.lastIndex();
        if (index <= log.base()) {
            send(from, new PartStored(term, index, part.part(), true));
            return;
        }
        if (part.part() == 0) {
            receiving = index;
            received = -1;
        }
        if (receiving != index || part.part() != received + 1) {
            send(from, new PartStored(term, index, receiving == index ? received : -1, false));
            return;
        }
        received++;
        commands.accept(new RaftCommand.StorePart(received, part.content()));
        if (part.last()) install(index, part.lastTerm());
        send(from, new PartStored(term, index, part.part(), part.last()));
    }

    private void install(long index, int itsTerm) {
        boolean rest = log.has(index, itsTerm);
        if (rest) log.compact(index);
        else log.reset(index, itsTerm);
        receiving = 0;
        received = -1;
        commands.accept(new RaftCommand.Install(index, itsTerm, rest));
        commit(index);
    }

    // ---- leading

    private void propose(List<Bytes> contents) {
        if (role != Role.LEADER) throw new IllegalStateException("only a leader takes in entries");
        long first = log.last() + 1;
        write(first, contents.stream().map(content -> new RaftEntry(term, content)).toList());
        advance();
        replicate();
    }

    private void compacted(long index) {
        if (index > committed)
            throw new IllegalStateException(
                    "a snapshot up to %d of %d committed ones".formatted(index, committed));
        log.compact(index);
        replicate();
    }

    /// Only an entry of its own term shows a leader that those before it are safe (5.4.2).
    private void advance() {
        long matched = followers.matched(log.last());
        if (matched > committed && log.of(matched) == term) commit(matched);
    }

    private void replicate() {
        for (int to = 0; to < members; to++) if (to != self) replicate(to);
    }

    private void replicate(int to) {
        leading.next(to, now, committed).ifPresent(commands);
    }

    private void send(int to, RaftMessage message) {
        commands.accept(new RaftCommand.Send(to, message));
    }

    /// @throws IllegalStateException when what always holds doesn't
    public void checkInvariants() {
        if (committed > log.last() || committed < log.base())
            throw new IllegalStateException(
                    "committed %d of %d to %d".formatted(committed, log.base(), log.last()));
        if (role == Role.LEADER && (leader != self || votedFor != self))
            throw new IllegalStateException("a leader by nobody's vote");
        if (log.lastTerm() > term) throw new IllegalStateException("an entry of a later term");
    }
}
