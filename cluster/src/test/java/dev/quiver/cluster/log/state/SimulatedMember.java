package dev.quiver.cluster.log.state;

import dev.quiver.operator.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A member with its disk, which survives its crashes.
final class SimulatedMember {
    private static final int PART_VALUES = 4;

    final int number;
    private final SimulatedMembers others;
    private final TreeMap<Long, RaftEntry> entries = new TreeMap<>();
    private List<Bytes> snapshot = List.of();
    private final List<Bytes> parts = new ArrayList<>();
    private int term;
    private int votedFor = -1;
    private int baseTerm;
    private long applied;
    private @Nullable Runnable unwritten;
    @Nullable RaftState state;

    /// Nothing happens to it before.
    long pausedUntil;

    /// How fast its clock goes.
    final double rate;

    SimulatedMember(int number, SimulatedMembers others, double rate) {
        this.number = number;
        this.others = others;
        this.rate = rate;
    }

    private long base() {
        return snapshot.size();
    }

    void start() {
        unwritten = null;
        parts.clear();
        if (others.bug == PlantedBug.FORGETS_AN_ENTRY && !entries.isEmpty())
            entries.pollLastEntry();
        applied = base();
        var terms = entries.values().stream().map(RaftEntry::term).toList();
        state =
                new RaftState(
                        number,
                        others.count(),
                        RaftSettings.DEFAULTS,
                        new RaftMemory(term, votedFor, base(), baseTerm, terms));
    }

    void crash() {
        state = null;
    }

    boolean isLeader() {
        return state != null && state.isLeader();
    }

    long committed() {
        return state == null ? -1 : state.committed();
    }

    int term() {
        return term;
    }

    /// What an entry holds.
    Bytes value(long index) {
        if (index <= base()) return snapshot.get((int) index - 1);
        RaftEntry entry = entries.get(index);
        if (entry == null) throw new AssertionError("%d has no entry %d".formatted(number, index));
        return entry.content();
    }

    long last() {
        return entries.isEmpty() ? base() : entries.lastKey();
    }

    void on(RaftEvent event) {
        RaftState there = state;
        if (there == null) return;
        var commands = new ArrayList<RaftCommand>();
        there.on(event, commands::add);
        there.checkInvariants();
        if (unwritten != null) unwritten.run();
        unwritten = null;
        for (RaftCommand command : commands) {
            if (command instanceof RaftCommand.Kept kept) keep(kept);
            else obey(command);
        }
    }

    private void keep(RaftCommand.Kept kept) {
        if (others.bug == PlantedBug.ANSWERS_BEFORE_IT_WRITES
                && kept instanceof RaftCommand.Write
                && unwritten == null) unwritten = () -> write(kept);
        else write(kept);
    }

    private void write(RaftCommand.Kept kept) {
        switch (kept) {
            case RaftCommand.Vote(int its, int whom) -> {
                term = its;
                votedFor = whom;
            }
            case RaftCommand.Write(long first, var more) -> {
                entries.tailMap(first, true).clear();
                long index = first;
                for (RaftEntry entry : more) entries.put(index++, entry);
            }
            case RaftCommand.StorePart(int part, var content) -> {
                while (parts.size() > part) parts.removeLast();
                parts.add(content);
            }
            case RaftCommand.Install(long index, int its, boolean rest) -> {
                snapshot = SimulatedMembers.values(parts);
                parts.clear();
                baseTerm = its;
                if (!rest) entries.clear();
                else entries.headMap(index, true).clear();
                if (others.bug == PlantedBug.CUTS_TOO_MUCH) entries.pollFirstEntry();
            }
        }
    }

    private void obey(RaftCommand command) {
        switch (command) {
            case RaftCommand.Kept _ -> throw new AssertionError();
            case RaftCommand.Send(int to, var message) -> others.send(number, to, lied(message));
            case RaftCommand.SendEntries(
                            int to,
                            int its,
                            long previous,
                            int previousTerm,
                            int count,
                            long committed) -> {
                var sent = new ArrayList<RaftEntry>();
                int fewer = count > 1 ? others.fewer(count) : count;
                for (long i = previous + 1; i <= previous + fewer; i++)
                    sent.add(Objects.requireNonNull(entries.get(i)));
                others.send(
                        number,
                        to,
                        new RaftMessage.Append(its, previous, previousTerm, sent, committed));
                if (others.bug == PlantedBug.TAKES_SENT_FOR_STORED && count > 0)
                    others.receive(
                            number, to, new RaftMessage.Appended(its, previous + fewer, base()));
            }
            case RaftCommand.SendPart(int to, int its, long lastIndex, int lastTerm, int part) -> {
                int from = Math.min(part * PART_VALUES, snapshot.size());
                int end = Math.min(from + PART_VALUES, snapshot.size());
                var content = SimulatedMembers.bytes(snapshot.subList(from, end));
                boolean last = end == snapshot.size();
                others.send(
                        number,
                        to,
                        new RaftMessage.Part(its, lastIndex, lastTerm, part, last, content));
            }
            case RaftCommand.Committed(long index) -> {
                for (long i = applied + 1; i <= index; i++) others.committed(this, i, value(i));
                applied = Math.max(applied, index);
            }
            case RaftCommand.Lead(int its) -> others.leads(this, its);
            case RaftCommand.Follow _ -> {}
        }
    }

    private RaftMessage lied(RaftMessage message) {
        if (others.bug == PlantedBug.BOASTS_OF_ITS_LOG
                && message instanceof RaftMessage.VoteAsked asked)
            return new RaftMessage.VoteAsked(
                    asked.term(),
                    asked.ballot(),
                    asked.lastIndex() + 1000,
                    asked.lastTerm() + 1000);
        if (others.bug == PlantedBug.VOTES_FOR_EVERYBODY
                && message instanceof RaftMessage.VoteAnswered(int its, var ballot, _)
                && ballot == RaftMessage.Ballot.VOTE)
            return new RaftMessage.VoteAnswered(its, ballot, true);
        return message;
    }

    /// Puts a snapshot in the place of what is committed.
    void compact() {
        RaftState there = Objects.requireNonNull(state);
        long index = there.committed();
        if (index <= base()) return;
        if (unwritten != null) unwritten.run();
        unwritten = null;
        var values = new ArrayList<Bytes>();
        for (long i = 1; i <= index; i++) values.add(value(i));
        baseTerm = Objects.requireNonNull(entries.get(index)).term();
        entries.headMap(index, true).clear();
        snapshot = values;
        on(new RaftEvent.Compacted(index));
    }
}
