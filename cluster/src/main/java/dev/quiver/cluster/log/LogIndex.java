package dev.quiver.cluster.log;

import dev.quiver.cluster.log.state.RaftCommand;
import dev.quiver.cluster.log.state.RaftEntry;
import dev.quiver.cluster.log.state.RaftMemory;
import java.util.ArrayList;
import java.util.List;

/// Where in a log's file its entries and the parts of its snapshot are.
final class LogIndex {
    /// @param block where the block begins
    /// @param nth of its entries, or of its parts
    record Place(long block, int nth) {}

    private record Slot(int term, Place place) {}

    private final List<Slot> entries = new ArrayList<>();
    private List<Place> parts = new ArrayList<>();
    private List<Place> arriving = new ArrayList<>();
    private int term;
    private int votedFor = -1;
    private long base;
    private int baseTerm;

    /// Takes in a block.
    void add(long position, LogBlock block) {
        int entry = 0;
        int part = 0;
        for (RaftCommand.Kept kept : block.kept()) {
            switch (kept) {
                case RaftCommand.Vote(int its, int whom) -> {
                    term = its;
                    votedFor = whom;
                }
                case RaftCommand.Write(long first, var more) -> {
                    entries.subList((int) (first - base - 1), entries.size()).clear();
                    for (RaftEntry each : more)
                        entries.add(new Slot(each.term(), new Place(position, entry++)));
                }
                case RaftCommand.StorePart(int number, _) -> {
                    arriving.subList(number, arriving.size()).clear();
                    arriving.add(new Place(position, part++));
                }
                case RaftCommand.Install(long index, int its, boolean rest) -> {
                    if (rest) entries.subList(0, (int) (index - base)).clear();
                    else entries.clear();
                    parts = arriving;
                    arriving = new ArrayList<>();
                    base = index;
                    baseTerm = its;
                }
            }
        }
    }

    /// What a member knows by it.
    RaftMemory memory() {
        return new RaftMemory(
                term, votedFor, base, baseTerm, entries.stream().map(Slot::term).toList());
    }

    int term() {
        return term;
    }

    int votedFor() {
        return votedFor;
    }

    long base() {
        return base;
    }

    int baseTerm() {
        return baseTerm;
    }

    long last() {
        return base + entries.size();
    }

    int partCount() {
        return parts.size();
    }

    Place part(int part) {
        return parts.get(part);
    }

    List<Place> parts() {
        return List.copyOf(parts);
    }

    List<Place> entriesUpTo(long last) {
        return entries.subList(0, (int) (last - base)).stream().map(Slot::place).toList();
    }

    Place entry(long index) {
        return entries.get((int) (index - base - 1)).place;
    }

    int termOf(long index) {
        return index == base ? baseTerm : entries.get((int) (index - base - 1)).term;
    }
}
