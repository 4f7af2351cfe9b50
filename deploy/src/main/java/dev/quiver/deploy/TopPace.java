package dev.quiver.deploy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// How fast a board goes, from what it told one time after the other.
final class TopPace {
    private static final double MICROS_PER_SECOND = 1e6;

    /// How many of the last paces of tasks are remembered.
    static final int REMEMBERED = 30;

    private final Deque<Double> tasks = new ArrayDeque<>();
    private double bytesPerSecond;
    private double rowsPerSecond;
    private int board = -1;
    private long micros;
    private long ended;
    private long bytes;
    private long rows;

    /// Takes what is told now. Another board than before begins anew.
    void hear(TopBoard now) {
        long allBytes = now.stages().stream().mapToLong(TopBoard.Stage::bytes).sum();
        long allRows = now.stages().stream().mapToLong(TopBoard.Stage::rows).sum();
        if (now.id() != board) {
            board = now.id();
            tasks.clear();
            bytesPerSecond = 0;
            rowsPerSecond = 0;
        } else if (now.micros() > micros) {
            double seconds = (now.micros() - micros) / MICROS_PER_SECOND;
            tasks.addLast(perSecond(now.tasksEnded() - ended, seconds));
            if (tasks.size() > REMEMBERED) tasks.removeFirst();
            bytesPerSecond = perSecond(allBytes - bytes, seconds);
            rowsPerSecond = perSecond(allRows - rows, seconds);
        }
        micros = now.micros();
        ended = now.tasksEnded();
        bytes = allBytes;
        rows = allRows;
    }

    /// A board forgets stages that ended long ago: less than before is no pace.
    private static double perSecond(long more, double seconds) {
        return Math.max(0, more) / seconds;
    }

    double tasksPerSecond() {
        return tasks.isEmpty() ? 0 : tasks.getLast();
    }

    /// The last ones, the newest last.
    List<Double> tasksLately() {
        return List.copyOf(tasks);
    }

    double bytesPerSecond() {
        return bytesPerSecond;
    }

    double rowsPerSecond() {
        return rowsPerSecond;
    }
}
