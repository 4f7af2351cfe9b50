package dev.quiver.scheduler.state;

import dev.quiver.graph.Edges;
import java.util.Arrays;

/// The listed inputs of a stage's tasks, in compressed sparse rows that grow with the stage.
final class EdgeTable {
    private int[] ends = new int[0];
    private long[] targets = new long[0];
    private int rowCount;
    private int inputCount;

    /// Adds what `count` tasks from partition `first` on read.
    void append(int first, int count, Edges edges) {
        if (edges.inputCount() == 0) {
            return;
        }
        int rows = first + count;
        if (rows > ends.length) {
            ends = Arrays.copyOf(ends, Math.max(rows, ends.length * 2));
        }
        int inputs = Math.addExact(inputCount, edges.inputCount());
        if (inputs > targets.length) {
            targets = Arrays.copyOf(targets, Math.max(inputs, targets.length * 2));
        }
        Arrays.fill(ends, rowCount, first, inputCount);
        for (int row = 0; row < count; row++) {
            for (int i = 0; i < edges.inputCount(row); i++) {
                targets[inputCount++] = edges.input(row, i);
            }
            ends[first + row] = inputCount;
        }
        rowCount = rows;
    }

    /// True when a task from `from` up to, not including, `to` reads anything.
    boolean any(int from, int to) {
        return from < rowCount && end(Math.min(to, rowCount) - 1) > begin(from);
    }

    int begin(int row) {
        return row == 0 || row >= rowCount ? 0 : ends[row - 1];
    }

    /// From [#begin] up to, not including, this index the task's inputs are found by [#target].
    int end(int row) {
        return row >= rowCount ? 0 : ends[row];
    }

    long target(int index) {
        return targets[index];
    }
}
