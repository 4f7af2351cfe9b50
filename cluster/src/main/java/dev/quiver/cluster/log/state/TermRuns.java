package dev.quiver.cluster.log.state;

import java.util.ArrayList;
import java.util.List;

/// Of which terms the entries of a log are, by runs: a handful, whatever its length.
final class TermRuns {
    private record Run(long first, int term) {}

    private final List<Run> runs = new ArrayList<>();
    private long base;
    private int baseTerm;
    private long last;

    /// @param base the last entry that isn't there by itself any more; 0 for none
    TermRuns(long base, int baseTerm) {
        reset(base, baseTerm);
    }

    /// Only a snapshot is left.
    void reset(long index, int term) {
        base = index;
        baseTerm = term;
        last = index;
        runs.clear();
    }

    long base() {
        return base;
    }

    int baseTerm() {
        return baseTerm;
    }

    long last() {
        return last;
    }

    int lastTerm() {
        return runs.isEmpty() ? baseTerm : runs.getLast().term;
    }

    /// Of an entry from [#base] to [#last].
    int of(long index) {
        if (index < base || index > last)
            throw new IllegalArgumentException("entry %d of %d to %d".formatted(index, base, last));
        for (int i = runs.size() - 1; i >= 0; i--)
            if (runs.get(i).first <= index) return runs.get(i).term;
        return baseTerm;
    }

    /// Whether the log has that entry, of that term.
    boolean has(long index, int term) {
        return index >= base && index <= last && of(index) == term;
    }

    /// The last entry before all of the term of an entry.
    long before(long index) {
        int term = of(index);
        for (int i = runs.size() - 1; i >= 0; i--)
            if (runs.get(i).term == term) return Math.max(base, runs.get(i).first - 1);
        return base;
    }

    void append(int term) {
        last++;
        if (runs.isEmpty() || runs.getLast().term != term) runs.add(new Run(last, term));
    }

    /// Cuts off all entries from that one on.
    void truncate(long first) {
        while (!runs.isEmpty() && runs.getLast().first >= first) runs.removeLast();
        last = Math.min(last, first - 1);
    }

    /// A snapshot stands for all entries up to that one, which is there.
    void compact(long index) {
        int term = of(index);
        while (!runs.isEmpty() && (runs.size() == 1 ? last : runs.get(1).first - 1) <= index)
            runs.removeFirst();
        if (!runs.isEmpty() && runs.getFirst().first <= index)
            runs.set(0, new Run(index + 1, runs.getFirst().term));
        base = index;
        baseTerm = term;
    }
}
