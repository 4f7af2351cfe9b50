package dev.quiver.scheduler.server;

import dev.quiver.protocol.LogLine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/// The latest lines of workers' logs, of each worker so many that another one's don't push them
/// out. Thread-safe.
public final class WorkerLogs {
    /// So many lines of a worker are remembered at most, and so many letters.
    static final int LINES_MAX = 500;

    static final int LETTERS_MAX = 256 << 10;

    /// Of so many workers; of the one that was heard of longest ago they go.
    static final int WORKERS_MAX = 200;

    private final Map<Integer, Tail> tails = new LinkedHashMap<>();
    private long last;

    /// @param number counts all lines of all workers, from 1
    public record Entry(long number, int worker, LogLine line) {}

    private static final class Tail {
        private final ArrayDeque<Entry> lines = new ArrayDeque<>();
        private int letters;

        void add(Entry entry) {
            lines.addLast(entry);
            letters += entry.line().text().length();
            while (lines.size() > LINES_MAX || (letters > LETTERS_MAX && lines.size() > 1))
                letters -= lines.removeFirst().line().text().length();
        }
    }

    public synchronized void add(int worker, LogLine line) {
        Tail tail = tails.remove(worker);
        if (tail == null) tail = new Tail();
        tails.put(worker, tail);
        if (tails.size() > WORKERS_MAX) tails.remove(tails.keySet().iterator().next());
        tail.add(new Entry(++last, worker, line));
    }

    /// The number of the last line; 0 before.
    public synchronized long last() {
        return last;
    }

    /// Those behind that number of some workers, in order.
    public synchronized List<Entry> after(long number, IntPredicate workers) {
        var found = new ArrayList<Entry>();
        tails.forEach((worker, tail) -> {
            if (!workers.test(worker)) return;
            for (Entry entry : tail.lines) if (entry.number() > number) found.add(entry);
        });
        found.sort(Comparator.comparingLong(Entry::number));
        return found;
    }
}
