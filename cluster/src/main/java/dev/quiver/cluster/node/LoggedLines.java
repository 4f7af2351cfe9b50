package dev.quiver.cluster.node;

import dev.quiver.cluster.control.WorkerWord;
import dev.quiver.protocol.LogLine;
import dev.quiver.scheduler.server.ProcessLog;
import java.util.ArrayList;
import java.util.List;

/// What this worker logs, until the scheduler is told of it. Thread-safe.
final class LoggedLines implements AutoCloseable {
    /// So many lines wait at most, and so many letters; what comes then is only counted.
    private static final int LINES_MAX = 200;

    private static final int LETTERS_MAX = 64 << 10;

    private final List<LogLine> lines = new ArrayList<>();
    private final ProcessLog log = ProcessLog.heardBy(this::add);
    private int letters;
    private long missing;
    private volatile boolean isEmpty = true;

    private synchronized void add(LogLine line) {
        isEmpty = false;
        int more = line.source().length() + line.text().length();
        if (lines.size() == LINES_MAX || letters + more > LETTERS_MAX) {
            missing++;
            return;
        }
        lines.add(line);
        letters += more;
    }

    /// What was logged since this was asked last.
    List<WorkerWord> take() {
        if (isEmpty) return List.of();
        synchronized (this) {
            var word = new WorkerWord.Logged(lines, missing);
            lines.clear();
            letters = 0;
            missing = 0;
            isEmpty = true;
            return List.of(word);
        }
    }

    @Override
    public void close() {
        log.close();
    }
}
