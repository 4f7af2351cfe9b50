package dev.quiver.scheduler.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What went other than straight through in a stage, and when its tasks were submitted. What goes
/// straight through is kept in the tasks' arrays.
final class Story {
    /// Beyond so many lines only their number is kept.
    static final int LINES_MAX = 100_000;

    private record Line(long nanos, int from, int to, String text) {}

    private final List<Line> lines = new ArrayList<>(0);
    private int[] batchStarts = new int[0];
    private long[] batchNanos = new long[0];
    private int batchCount;
    private int dropped;

    void tell(long nanos, int from, int to, String text) {
        if (lines.size() == LINES_MAX) {
            dropped++;
            return;
        }
        lines.add(new Line(nanos, from, to, text));
    }

    /// Tasks from `first` on were submitted at `nanos`.
    void submitted(int first, long nanos) {
        if (batchCount > 0 && batchNanos[batchCount - 1] == nanos) {
            return;
        }
        if (batchCount == batchStarts.length) {
            batchStarts = Arrays.copyOf(batchStarts, batchCount * 2 + 1);
            batchNanos = Arrays.copyOf(batchNanos, batchCount * 2 + 1);
        }
        batchStarts[batchCount] = first;
        batchNanos[batchCount++] = nanos;
    }

    long submittedNanos(int p) {
        int low = 0;
        int high = batchCount - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (batchStarts[middle] <= p) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return batchCount == 0 ? 0 : batchNanos[low];
    }

    /// Adds the lines about `p` to `out`, each with its time before it.
    void collect(int p, long originNanos, List<String> out) {
        for (Line line : lines) {
            if (line.from <= p && p < line.to) {
                out.add(at(line.nanos, originNanos, line.text));
            }
        }
        if (dropped > 0) {
            out.add("(%d lines about the stage were not kept)".formatted(dropped));
        }
    }

    /// `12.345 ms text`.
    static String at(long nanos, long originNanos, String text) {
        long micros = (nanos - originNanos) / 1_000;
        return "%d.%03d ms  %s".formatted(micros / 1_000, micros % 1_000, text);
    }
}
