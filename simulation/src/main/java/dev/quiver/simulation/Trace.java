package dev.quiver.simulation;

import java.util.ArrayDeque;

/// Counts events and boils them down to a number; keeps the last ones as text when asked to.
final class Trace {
    private static final int LINES_MAX = 400;

    private final boolean kept;
    private final ArrayDeque<String> lines = new ArrayDeque<>();
    private long hash = 1;
    private int count;

    Trace(boolean kept) {
        this.kept = kept;
    }

    void add(long nanos, String who, int id, Object event) {
        count++;
        hash = hash * 31 + event.hashCode();
        hash = hash * 31 + nanos + id;
        if (!kept) {
            return;
        }
        if (lines.size() == LINES_MAX) {
            lines.remove();
        }
        lines.add("%9.3f ms %s%s %s".formatted(nanos / 1e6, who, id < 0 ? "" : " " + id, event));
    }

    long hash() {
        return hash;
    }

    int count() {
        return count;
    }

    String tail() {
        return String.join("\n", lines);
    }
}
