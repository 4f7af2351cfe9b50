package dev.quiver.dashboard;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What happened, as much of it as is remembered: what went wrong isn't pushed out by what went
/// well. For one thread at a time.
final class EventLog {
    /// So many are remembered of those that went well, and as many of the others.
    static final int EACH_MAX = 1000;

    private final ArrayDeque<Numbered> well = new ArrayDeque<>();
    private final ArrayDeque<Numbered> wrong = new ArrayDeque<>();
    private long last;

    /// @param number counts all that happened, from 1
    record Numbered(long number, Happening what) {}

    void add(Happening what) {
        ArrayDeque<Numbered> kept = what.level() == Happening.Level.INFO ? well : wrong;
        kept.addLast(new Numbered(++last, what));
        if (kept.size() > EACH_MAX) kept.removeFirst();
    }

    /// The number of the last one; 0 before.
    long last() {
        return last;
    }

    /// Those behind that number, in order.
    List<Numbered> after(long number) {
        var found = new ArrayList<Numbered>();
        for (Numbered each : well) if (each.number() > number) found.add(each);
        for (Numbered each : wrong) if (each.number() > number) found.add(each);
        found.sort(Comparator.comparingLong(Numbered::number));
        return found;
    }
}
